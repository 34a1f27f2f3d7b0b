"""A runbook as a page: its Markdown, which comes with the program, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

import atalaia
from analyzers.alerts.runbooks import RUNBOOKS, Runbook, text_of
from analyzers.assets import asset_root

PLACE: Final = "/runbooks"
_BODY: Final = "\n## "


@dataclass(frozen=True, slots=True)
class RunbookView:
    """What a page shows.

    Attributes:
        page: Its name, title and summary; these are said in the reader's language.
        body: What is below them, in English.
    """

    page: Runbook
    body: Markup


def runbook_view(page: Runbook) -> RunbookView:
    """Return a page as it is shown.

    Raises:
        AtalaiaError: When the installation lacks the pages.
    """
    text = text_of(page, asset_root("docs/runbooks", Path(atalaia.__file__).parent))
    body = _BODY.lstrip() + text.partition(_BODY)[2]
    reader = MarkdownIt("commonmark", {"html": False})  # HTML in the text would be shown, not meant
    tokens = reader.parse(body)
    for token in tokens:
        token.children = None if token.children is None else list(_led(token.children))
    return RunbookView(page, Markup(reader.renderer.render(tokens, reader.options, {})))  # noqa: S704 - our own page


def _led(tokens: list[Token]) -> Iterator[Token]:
    """Yield the parts of a line with links to other runbooks; of what the site does not have the words are left."""
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            name = str(token.attrs.get("href", "")).removesuffix(".md")
            kept.append(name in RUNBOOKS)
            token.attrs["href"] = f"{PLACE}/{name}"
        is_link = token.type in {"link_open", "link_close"}
        if not is_link or (kept[-1] if token.type == "link_open" else kept.pop()):
            yield token
