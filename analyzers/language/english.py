"""Sentences as the command line says them: in English, instants as ISO 8601 writes them, plain spaces before units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from analyzers.language.catalogs import catalog_of
from analyzers.language.language import Language
from analyzers.language.message import Message


@dataclass(frozen=True, slots=True)
class _CommandLine(Language):
    def instant(self, moment: datetime) -> str:
        """Return an instant as ``2024-10-05 22:00 UTC``; a time without a zone as ``2024-10-05 22:00``."""
        if moment.tzinfo is None:
            return f"{moment:%Y-%m-%d %H:%M}"
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def clock(self, moment: datetime) -> str:
        """Return an instant whole: a program that reads a span need not put it together."""
        return self.instant(moment)

    def day(self, day: date) -> str:
        """Return a day as ``2024-10-05``."""
        return day.isoformat()


def english(sentence: Message) -> str:
    """Return a sentence as the command line and JSON say it."""
    return _command_line().say(sentence).replace("\u00a0", " ")


@cache
def _command_line() -> _CommandLine:
    catalog = catalog_of("en")
    return _CommandLine(catalog.locale, ZoneInfo("UTC"), catalog)
