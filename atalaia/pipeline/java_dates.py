"""Print instants by Joda-Time and ``java.time`` patterns, in UTC and English, as ``%{+…}`` and ``%{{…}}`` do.

Sources: the pattern tables of ``org.joda.time.format.DateTimeFormat`` and ``java.time.format.DateTimeFormatter``.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.timestamp import Timestamp

DatePattern: TypeAlias = Callable[[Timestamp], str]
"""Prints an instant."""

_Field: TypeAlias = Callable[["_Moment", int], str]
_TEXT_FROM: Final = 3
"""From this many letters on, months are printed by name; from one more, in full."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant taken apart."""

    at: datetime
    nanos: int
    epoch_seconds: int


def joda_pattern(pattern: str) -> DatePattern:
    """Compile a Joda-Time pattern; one that is malformed raises :class:`EventError` when used, as in Logstash."""
    return _compile(pattern, _JODA)


def java_time_pattern(pattern: str) -> DatePattern:
    """Compile a ``java.time`` pattern; one that is malformed raises :class:`EventError` when used."""
    return _compile(pattern, _JAVA_TIME)


def _compile(pattern: str, fields: Mapping[str, _Field]) -> DatePattern:
    try:
        parts = _parts(pattern, fields)
    except EventError as error:
        return _raising(error)

    def print_instant(instant: Timestamp) -> str:
        moment = _Moment(instant.to_datetime(), instant.subsecond_nanos, instant.epoch_seconds)
        return "".join(part if isinstance(part, str) else part[0](moment, part[1]) for part in parts)

    return print_instant


def _raising(error: EventError) -> DatePattern:
    def fail(_instant: Timestamp) -> str:
        raise EventError(error.message, error.remedy)

    return fail


def _parts(pattern: str, fields: Mapping[str, _Field]) -> list[str | tuple[_Field, int]]:
    """Split a pattern into literal texts and fields with their number of letters."""
    parts: list[str | tuple[_Field, int]] = []
    index = 0
    while index < len(pattern):
        letter = pattern[index]
        if letter == "'":
            text, index = _quoted(pattern, index)
            parts.append(text)
        elif letter.isascii() and letter.isalpha():
            count = len(pattern) - index - len(pattern[index:].lstrip(letter))
            parts.append((_field(fields, letter, pattern), count))
            index += count
        else:
            parts.append(letter)
            index += 1
    return parts


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """Return the text quoted from ``start`` on (two quotes are one) and where the pattern goes on."""
    end = start + 1
    text = ""
    while end < len(pattern):
        if pattern[end] != "'":
            text += pattern[end]
            end += 1
        elif pattern[end + 1 : end + 2] == "'":
            text += "'"
            end += 2
        else:
            return text or "'", end + 1
    raise EventError(f"the date pattern {pattern!r} has an open quote")


def _field(fields: Mapping[str, _Field], letter: str, pattern: str) -> _Field:
    if letter not in fields:
        raise EventError(f"the letter {letter!r} of the date pattern {pattern!r} is not supported")
    return fields[letter]


def _number(value: int, count: int) -> str:
    return f"{value:0{count}d}"


def _year(value: int, count: int) -> str:
    return f"{value % 100:02d}" if count == 2 else _number(value, count)  # noqa: PLR2004 - yy is the year of the century


def _month(moment: _Moment, count: int) -> str:
    if count < _TEXT_FROM:
        return _number(moment.at.month, count)
    return (calendar.month_abbr if count == _TEXT_FROM else calendar.month_name)[moment.at.month]


def _day_name(moment: _Moment, count: int) -> str:
    return (calendar.day_abbr if count <= _TEXT_FROM else calendar.day_name)[moment.at.weekday()]


def _half_day(moment: _Moment, _count: int) -> str:
    return "AM" if moment.at.hour < 12 else "PM"  # noqa: PLR2004 - noon


def _fraction(moment: _Moment, count: int) -> str:
    return f"{moment.nanos:09d}".ljust(count, "0")[:count]


def _joda_fraction(moment: _Moment, count: int) -> str:
    """Print the fraction; Joda knows milliseconds only and pads with zeros."""
    return f"{moment.nanos // 1_000_000:03d}".ljust(count, "0")[:count]


def _joda_offset(_moment: _Moment, count: int) -> str:
    return {1: "+0000", 2: "+00:00"}.get(count, "UTC")


def _java_offset(_moment: _Moment, count: int) -> str:
    return {4: "GMT", 5: "Z"}.get(count, "+0000")


def _zulu(_moment: _Moment, _count: int) -> str:
    return "Z"


def _numeric_offset(_moment: _Moment, count: int) -> str:
    return {1: "+00", 2: "+0000", 3: "+00:00", 4: "+0000"}.get(count, "+00:00")


_COMMON: Final[Mapping[str, _Field]] = {
    "y": lambda moment, count: _year(moment.at.year, count),
    "D": lambda moment, count: _number(moment.at.timetuple().tm_yday, count),
    "M": _month,
    "d": lambda moment, count: _number(moment.at.day, count),
    "E": _day_name,
    "e": lambda moment, count: _number(moment.at.isoweekday(), count),
    "a": _half_day,
    "H": lambda moment, count: _number(moment.at.hour, count),
    "k": lambda moment, count: _number(moment.at.hour or 24, count),
    "K": lambda moment, count: _number(moment.at.hour % 12, count),
    "h": lambda moment, count: _number(moment.at.hour % 12 or 12, count),
    "m": lambda moment, count: _number(moment.at.minute, count),
    "s": lambda moment, count: _number(moment.at.second, count),
    "G": lambda _moment, _count: "AD",
}
_JODA: Final[Mapping[str, _Field]] = {
    **_COMMON,
    "Y": lambda moment, count: _year(moment.at.year, count),
    "C": lambda moment, count: _number(moment.at.year // 100, count),
    "x": lambda moment, count: _year(moment.at.isocalendar().year, count),
    "w": lambda moment, count: _number(moment.at.isocalendar().week, count),
    "S": _joda_fraction,
    "Z": _joda_offset,
    "z": lambda _moment, _count: "UTC",
}
# Week-based letters (Y, w, e, c) depend on the machine's locale in java.time and are left out on purpose.
_JAVA_TIME: Final[Mapping[str, _Field]] = {
    **{letter: field for letter, field in _COMMON.items() if letter != "e"},
    "u": lambda moment, count: _year(moment.at.year, count),
    "L": _month,
    "S": _fraction,
    "n": lambda moment, count: _number(moment.nanos, count),
    "A": lambda moment, count: _number(moment.epoch_seconds % 86_400 * 1_000 + moment.nanos // 1_000_000, count),
    "Z": _java_offset,
    "X": _zulu,
    "x": _numeric_offset,
    "V": _zulu,
    "z": _zulu,
}
