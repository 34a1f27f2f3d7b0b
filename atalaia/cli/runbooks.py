"""``atalaia runbook``: what to do about an alert."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import wrap
from typing import Final, TextIO
from zoneinfo import ZoneInfo

import click
from rich.markdown import Markdown

import atalaia
from analyzers.alerts.runbooks import RUNBOOKS, Runbook, runbook_named, text_of
from analyzers.assets import asset_root
from analyzers.language import Language, language_of
from atalaia.cli.options import language_option
from atalaia.cli.render.table import console_for
from atalaia.cli.runtime import ExitStatus
from atalaia.cli.teaching import Command

_FOLDER: Final = "docs/runbooks"
_WIDTH: Final = 80
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")


@click.command(
    "runbook",
    cls=Command,
    short_help="What to do about an alert",
    examples=("atalaia runbook", "atalaia runbook high-cpu --lang pt_BR", "atalaia runbook slow-queries | less"),
)
@click.argument("name", metavar="[NAME]", required=False)
@language_option("The language of the page, or of the list.")
def command(name: str | None, lang: str) -> int:
    """What to do about an alert: is it real, what now, what so that it does not come back, when to call others.

    An alert's message names its page, unless its rule has a 'runbook' of its own. Without NAME the pages are listed.
    On a terminal they are laid out, with the names of other pages behind the words; elsewhere they are Markdown as in
    docs/runbooks.

    Exit status: 0 shown, 2 there is no such page.
    """
    language = language_of(lang, ZoneInfo("UTC"))
    if name is None:
        _list(language, sys.stdout)
    else:
        _show(runbook_named(name), language, sys.stdout)
    return ExitStatus.OK


def runbook_folder() -> Path:
    """Return where the pages are: in the wheel, or in a checkout.

    Raises:
        AtalaiaError: When the installation lacks them.
    """
    return asset_root(_FOLDER, Path(atalaia.__file__).parent)


def _list(language: Language, stream: TextIO) -> None:
    longest = max(map(len, RUNBOOKS))
    for page in RUNBOOKS.values():
        lead = f"{page.name:<{longest}}  "
        lines = wrap(language.say(page.summary), _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
        stream.write("".join(f"{line}\n" for line in lines))


def _show(page: Runbook, language: Language, stream: TextIO) -> None:
    text = text_of(page, runbook_folder(), language)
    if stream.isatty():
        console_for(stream).print(Markdown(_LINK.sub(_named, text)))
    else:
        stream.write(text)


def _named(link: re.Match[str]) -> str:
    """Return the words of a link, and the name of the page it leads to: nobody can follow it on a terminal."""
    words, name = link[1], link[2].removesuffix(".md")
    return f"{words} (`{name}`)" if name in RUNBOOKS else words
