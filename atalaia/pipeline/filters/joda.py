"""Compile Joda-Time patterns into parsers.

Source: the pattern table of ``org.joda.time.format.DateTimeFormat`` and the parsing rules of its builder: numbers are
read greedily up to their field's width (to the letters' width before another number), leading zeros are optional,
names are English and as given, all lower or all upper case, short or long whatever the letters' number, literal text
is compared without regard to case.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias

from atalaia.pipeline.filters.date_local import (
    abbreviations,
    instant,
    local_datetime,
    zone_by_abbreviation,
    zone_by_id,
    zone_by_offset,
)
from atalaia.pipeline.timestamp import Timestamp
from logging_lib.clock import Clock

_Read: TypeAlias = Callable[[str], int]
_ZoneRead: TypeAlias = Callable[[str], tzinfo]

_OFFSET: Final = r"([Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]?\d{1,3})?)?)?+)"
_ZONE_ID: Final = r"([A-Za-z][A-Za-z0-9_+/-]*+|[+-]\d{2}:?\d{2})"
_TWO_DIGITS: Final = 2
_NAME_FROM: Final = 3
"""From this many letters on, a month is a name."""

_YEARS_BACK: Final = 80
"""Two digits mean a year from this many years ago to 19 years ahead (Joda-Time's pivot is 30 years ago, ± 50)."""

_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class _Number:
    """A numeric field: its name, and the most digits it has."""

    field: str
    digits: int = 2


_NUMBERS: Final[Mapping[str, _Number]] = MappingProxyType(
    {
        "x": _Number("weekyear", 9),
        "w": _Number("week"),
        "e": _Number("weekday", 1),
        "y": _Number("year", 9),
        "Y": _Number("year", 9),
        "D": _Number("day_of_year", 3),
        "M": _Number("month"),
        "d": _Number("day"),
        "K": _Number("half_hour"),
        "h": _Number("half_clock_hour"),
        "H": _Number("hour"),
        "k": _Number("clock_hour"),
        "m": _Number("minute"),
        "s": _Number("second"),
    },
)
_YEARS: Final = "xyY"


def _variants(names: Mapping[str, int]) -> dict[str, int]:
    """Return names as given, in lower and in upper case."""
    return {text: value for name, value in names.items() for text in (name, name.lower(), name.upper())}


def _named(short: list[str], full: list[str]) -> dict[str, int]:
    """Return short and long names, numbered from 1."""
    return _variants({name: number for names in (short, full) for number, name in enumerate(names, start=1)})


_MONTHS: Final = _named(
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
)
_DAYS: Final = _named(
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
_TEXTS: Final[Mapping[str, tuple[str, Mapping[str, int]]]] = MappingProxyType(
    {"M": ("month", _MONTHS), "E": ("weekday", _DAYS), "a": ("half_day", _variants({"AM": 0, "PM": 1}))},
)
"""Letter -> the field, and the names it is read from."""


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
    readers: tuple[tuple[str, _Read], ...]
    zone_reader: tuple[int, _ZoneRead] | None
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
    readers: list[tuple[str, _Read]] = []
    zone: tuple[int, _ZoneRead] | None = None
    for place, token in enumerate(tokens):
        if token.literal:
            parts.append(f"(?i:{re.escape(token.text)})")
            continue
        if token.text[0] in "zZ":
            part, read_zone = _zone(token.text)
            zone = (len(readers) + 1, read_zone)
            readers.append(("", int))
        else:
            part, field, read = _field(token.text, clock, before_number=_is_number(tokens, place + 1))
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
    """Tell whether a number stands there, which limits the digits of the year before it."""
    if place >= len(tokens) or tokens[place].literal:
        return False
    letters = tokens[place].text
    return letters[0] == "S" or (letters[0] in _NUMBERS and not (letters[0] == "M" and len(letters) >= _NAME_FROM))


def _field(letters: str, clock: Clock, *, before_number: bool) -> tuple[str, str, _Read]:
    """Return the expression of a field, its name, and how its text is read."""
    letter, width = letters[0], len(letters)
    if letter in _TEXTS and (letter != "M" or width >= _NAME_FROM):
        field, names = _TEXTS[letter]
        return _choice(names), field, names.__getitem__
    if letter == "S":
        return rf"(\d{{0,{width}}}+)", "nanos", _nanos
    if letter not in _NUMBERS:
        raise ValueError(f"{letters!r} cannot be parsed")
    number = _NUMBERS[letter]
    if letter not in _YEARS:
        return rf"(\d{{1,{max(number.digits, width)}}}+)", number.field, int
    if width == _TWO_DIGITS:
        return (r"(\d\d)" if before_number else r"([+-]?\d++)"), number.field, _two_digit_year(clock)
    return rf"([+-]?\d{{1,{width if before_number else number.digits}}}+)", number.field, int


def _choice(names: Mapping[str, int]) -> str:
    return f"((?>{'|'.join(sorted(names, key=len, reverse=True))}))"


def _nanos(digits: str) -> int:
    return int(digits[:9].ljust(9, "0")) if digits else 0


def _two_digit_year(clock: Clock) -> _Read:
    def read(text: str) -> int:
        if len(text) != _TWO_DIGITS or not text.isdigit():
            return int(text)
        first = clock().year - _YEARS_BACK
        return first + (int(text) - first) % 100

    return read


def _zone(letters: str) -> tuple[str, _ZoneRead]:
    if letters[0] == "Z":
        return (_ZONE_ID, zone_by_id) if len(letters) >= _NAME_FROM else (_OFFSET, zone_by_offset)
    if len(letters) > _NAME_FROM:
        raise ValueError(f"{letters!r} cannot be parsed: full zone names are for printing only")
    return f"({'|'.join(abbreviations())})", zone_by_abbreviation
