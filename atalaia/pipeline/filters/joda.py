"""Compile Joda-Time patterns into parsers.

Source: the pattern table of ``org.joda.time.format.DateTimeFormat`` and the parsing rules of its builder: numbers are
read greedily up to their field's width (to the letters' width before another number), leading zeros are optional,
names are English and as given, all lower or all upper case, short or long whatever the letters' number, literal text
is compared without regard to case.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from atalaia.pipeline.filters.date_local import instant, local_datetime
from atalaia.pipeline.filters.joda_fields import Read, ZoneRead, field_of, is_number, zone_of
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import Clock

_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class JodaPattern:
    """A compiled pattern.

    Attributes:
        expression: Matches the whole of a text.
        readers: For each group the field and how its text is read.
        zone_reader: Reads the last group as the zone, when the pattern has one.
        has_year: Whether the year is given; otherwise it is guessed.
        clock: The present, for the guess and for two-digit years.
    """

    expression: re.Pattern[str]
    readers: tuple[tuple[str, Read], ...]
    zone_reader: tuple[int, ZoneRead] | None
    has_year: bool
    clock: Clock

    def parse(self, text: str, zone: tzinfo) -> Timestamp:
        """Return the instant a text stands for.

        Args:
            text: The text, the whole of which must match.
            zone: Holds where the pattern has no zone of its own.

        Raises:
            ValueError: When the text does not match, or names no real instant.
        """
        match = self.expression.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} does not match")
        fields = {field: read(match[group]) for group, (field, read) in enumerate(self.readers, start=1) if field}
        if self.zone_reader is not None:
            group, read_zone = self.zone_reader
            zone = read_zone(match[group])
        local = local_datetime(fields)
        if not self.has_year:
            instant(local, zone)  # Logstash fails on a time skipped in 2000, too
            local = with_guessed_year(local, self.clock())
        return instant(local, zone, fields.get("nanos", 0))


def with_guessed_year(local: datetime, now: datetime) -> datetime:
    """Return the time in this year; around New Year, December is last year's and January next year's."""
    year = now.year
    if local.month == _DECEMBER and now.month == 1:
        year -= 1
    elif local.month == 1 and now.month == _DECEMBER:
        year += 1
    leap_day = (local.month, local.day) == (2, 29) and not calendar.isleap(year)
    return (local - timedelta(days=1) if leap_day else local).replace(year=year)


def compile_joda(pattern: str, clock: Clock) -> JodaPattern:
    """Compile a pattern.

    Raises:
        ValueError: When it holds a letter without a meaning, or one that cannot be parsed.
    """
    tokens = list(_tokens(pattern))
    parts: list[str] = []
    readers: list[tuple[str, Read]] = []
    zone: tuple[int, ZoneRead] | None = None
    for place, token in enumerate(tokens):
        if token.literal:
            parts.append(f"(?i:{re.escape(token.text)})")
            continue
        if token.text[0] in "zZ":
            part, read_zone = zone_of(token.text)
            zone = (len(readers) + 1, read_zone)
            readers.append(("", int))
        else:
            part, field, read = field_of(token.text, clock, before_number=_is_number(tokens, place + 1))
            readers.append((field, read))
        parts.append(part)
    has_year = "y" in pattern or "Y" in pattern
    return JodaPattern(re.compile("".join(parts), re.ASCII), tuple(readers), zone, has_year, clock)


@dataclass(frozen=True, slots=True)
class _Token:
    """Some of one letter, or literal text."""

    text: str
    literal: bool


_TOKEN = re.compile(r"(?P<letters>([A-Za-z])\2*)|'(?P<quoted>(?:[^']|'')+)'|(?P<quote>'')|(?P<other>[^A-Za-z']+)")


def _tokens(pattern: str) -> Iterator[_Token]:
    position = 0
    while position < len(pattern):
        match = _TOKEN.match(pattern, position)
        if match is None:
            raise ValueError(f"the quote at character {position + 1} of {pattern!r} is not closed")
        position = match.end()
        if match["letters"]:
            yield _Token(match["letters"], literal=False)
        else:
            text = match["other"] or ("'" if match["quote"] else match["quoted"].replace("''", "'"))
            yield _Token(text, literal=True)


def _is_number(tokens: list[_Token], place: int) -> bool:
    """Tell whether a number stands there."""
    return place < len(tokens) and not tokens[place].literal and is_number(tokens[place].text)
