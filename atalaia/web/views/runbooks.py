"""A runbook as a page: its Markdown, which comes with the program, as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

import atalaia
from analyzers.alerts.runbooks import RUNBOOKS, Runbook, text_of
from analyzers.assets import asset_root
from analyzers.language import Language

PLACE: Final = "/runbooks"
_BODY: Final = "\n## "


@dataclass(frozen=True, slots=True)
class RunbookView:
    """What a page shows.

    Attributes:
        page: Its name, title and summary.
        body: What is below them.
    """

    page: Runbook
    body: Markup


def runbook_view(page: Runbook, language: Language, address: Callable[[str], str]) -> RunbookView:
    """Return a page as it is shown.

    Args:
        page: Which.
        language: In which language.
        address: What a link to a path of the site is, with all that a link takes along.

    Raises:
        AtalaiaError: When the installation lacks the pages.
    """
    text = text_of(page, asset_root("docs/runbooks", Path(atalaia.__file__).parent), language)
    body = _BODY.lstrip() + text.partition(_BODY)[2]
    reader = MarkdownIt("commonmark", {"html": False})  # HTML in the text would be shown, not meant
    tokens = reader.parse(body)
    for token in tokens:
        token.children = None if token.children is None else list(_led(token.children, address))
    return RunbookView(page, Markup(reader.renderer.render(tokens, reader.options, {})))  # noqa: S704 - our own page


def _led(tokens: list[Token], address: Callable[[str], str]) -> Iterator[Token]:
    """Yield the parts of a line with links to other runbooks; of what the site does not have the words are left."""
    kept: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            name = str(token.attrs.get("href", "")).removesuffix(".md")
            kept.append(name in RUNBOOKS)
            token.attrs["href"] = address(f"{PLACE}/{name}")
        is_link = token.type in {"link_open", "link_close"}
        if not is_link or (kept[-1] if token.type == "link_open" else kept.pop()):
            yield token
