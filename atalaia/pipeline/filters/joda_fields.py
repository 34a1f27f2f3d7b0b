"""The fields of Joda-Time patterns: for some of one letter, the expression, the field's name and how a text is read.

Source: the pattern table of ``org.joda.time.format.DateTimeFormat`` and the parsing rules of its builder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias

from atalaia.pipeline.filters.date_local import abbreviations, zone_by_abbreviation, zone_by_id, zone_by_offset
from logging_lib.clock import Clock

Read: TypeAlias = Callable[[str], int]
ZoneRead: TypeAlias = Callable[[str], tzinfo]

_OFFSET: Final = r"([Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]?\d{1,3})?)?)?+)"
_ZONE_ID: Final = r"([A-Za-z][A-Za-z0-9_+/-]*+|[+-]\d{2}:?\d{2})"
_TWO_DIGITS: Final = 2
_NAME_FROM: Final = 3
"""From this many letters on, a month is a name."""

_YEARS_BACK: Final = 80
"""Two digits mean a year from this many years ago to 19 years ahead (Joda-Time's pivot is 30 years ago, ± 50)."""


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


def field_of(letters: str, clock: Clock, *, before_number: bool) -> tuple[str, str, Read]:
    """Return the expression of a field, its name, and how its text is read.

    Raises:
        ValueError: When the letters cannot be parsed.
    """
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


def _two_digit_year(clock: Clock) -> Read:
    def read(text: str) -> int:
        if len(text) != _TWO_DIGITS or not text.isdigit():
            return int(text)
        first = clock().year - _YEARS_BACK
        return first + (int(text) - first) % 100

    return read


def zone_of(letters: str) -> tuple[str, ZoneRead]:
    """Return the expression of a zone, and how its text is read; raises as :func:`field_of`."""
    if letters[0] == "Z":
        return (_ZONE_ID, zone_by_id) if len(letters) >= _NAME_FROM else (_OFFSET, zone_by_offset)
    if len(letters) > _NAME_FROM:
        raise ValueError(f"{letters!r} cannot be parsed: full zone names are for printing only")
    return f"({'|'.join(abbreviations())})", zone_by_abbreviation


def is_number(letters: str) -> bool:
    """Tell whether some of one letter stand for digits, which limits the digits of the year before them."""
    return letters[0] == "S" or (letters[0] in _NUMBERS and not (letters[0] == "M" and len(letters) >= _NAME_FROM))
