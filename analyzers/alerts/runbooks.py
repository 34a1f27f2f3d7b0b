"""The pages that come with the program: what to do about an alert, as it is called and in a sentence.

The pages themselves are ``docs/runbooks/NAME.md``, in English, and ``docs/runbooks/LANGUAGE/NAME.md`` in each other
language; ``atalaia runbook NAME`` shows them. A rule that names no runbook of its own has one of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from analyzers.language import LANGUAGES, Language, Message, message
from logging_lib.errors import AtalaiaError

_COMMAND: Final = "atalaia runbook "


@dataclass(frozen=True, slots=True)
class Runbook:
    """A page.

    Attributes:
        name: Its name in ``atalaia runbook NAME``.
        title: What it is about.
        summary: The same in a sentence or two.
    """

    name: str
    title: Message
    summary: Message

    @property
    def command(self) -> str:
        """What shows it, as an alert's message says."""
        return f"{_COMMAND}{self.name}"

    def command_in(self, language: Language) -> str:
        """What shows it in a language."""
        return self.command if _is_first(language) else f"{self.command} --lang {language.locale}"


_PAGES: Final = (
    Runbook(
        "high-cpu",
        message("High CPU"),
        message(
            "The processors of a machine have been busy for longer than a peak: requests wait for their turn.",
        ),
    ),
    Runbook(
        "high-memory",
        message("High memory"),
        message(
            "A machine has little memory left for programs: soon it swaps, or the kernel kills one of them.",
        ),
    ),
    Runbook(
        "disk-full",
        message("Disk full"),
        message("A file system fills up. When it is full, the database stops writing and logs are lost."),
    ),
    Runbook(
        "slow-responses",
        message("Slow responses"),
        message("The slowest twentieth of the requests takes longer than promised."),
    ),
    Runbook(
        "slow-queries",
        message("Slow queries"),
        message("Statements of the database take long; the requests that send them wait."),
    ),
    Runbook(
        "errors",
        message("Errors"),
        message("A share of the requests fails: the server answers with a status of 500 or above."),
    ),
    Runbook(
        "connections-exceeded",
        message("Connections exceeded"),
        message(
            "PostgreSQL's connections are used up, or nearly: the next client is refused with "
            '"too many clients already".'
        ),
    ),
    Runbook(
        "database-down",
        message("Database down"),
        message("PostgreSQL does not answer, or nobody has measured it for a while."),
    ),
    Runbook(
        "flood",
        message("Flood"),
        message("One client, or one network, sends far more requests than busy clients do."),
    ),
    Runbook(
        "scan",
        message("Scan"),
        message("One client tries many paths that do not exist, or is refused again and again."),
    ),
    Runbook(
        "silence",
        message("Sudden silence"),
        message(
            "No events, or hardly any, where the weeks before had enough: nobody can use the service, "
            "or nobody measures it."
        ),
    ),
    Runbook(
        "sla-budget",
        message("SLA budget"),
        message("An objective is missed, or its error budget is spent faster than it may be."),
    ),
    Runbook(
        "unusual",
        message("Unusual traffic"),
        message(
            "The number of requests, or the share of failed or slow ones, is not what it was at this hour of the "
            "weeks before."
        ),
    ),
    Runbook(
        "threshold",
        message("Threshold reached"),
        message("A measure that was chosen in alerts.toml has reached its threshold."),
    ),
)
RUNBOOKS: Final[Mapping[str, Runbook]] = MappingProxyType({each.name: each for each in _PAGES})
"""Name to page."""


def runbook_named(name: str) -> Runbook:
    """Return a page.

    Raises:
        AtalaiaError: When there is none of that name.
    """
    if name not in RUNBOOKS:
        raise AtalaiaError(f"there is no runbook {name!r}", f"give one of {', '.join(RUNBOOKS)}")
    return RUNBOOKS[name]


def packaged_runbook(runbook: str | None) -> Runbook | None:
    """Return the page that an alert's runbook is, ``None`` when it is an address of somebody else's, or none."""
    return None if runbook is None else RUNBOOKS.get(runbook.removeprefix(_COMMAND))


def text_of(runbook: Runbook, folder: Path, language: Language) -> str:
    """Return a page's Markdown.

    Args:
        runbook: The page.
        folder: Where the pages are: ``asset_root("docs/runbooks", …)``.
        language: In which language.
    """
    of_language = folder if _is_first(language) else folder / str(language.locale)
    return (of_language / f"{runbook.name}.md").read_text(encoding="utf-8")


def _is_first(language: Language) -> bool:
    """Whether it is the one whose pages lie at the top, and that is meant where none is named."""
    return str(language.locale) == LANGUAGES[0]
