"""The formats of the date filter that are not patterns: ISO8601, UNIX, UNIX_MS, TAI64N."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias

from atalaia.pipeline.filters.date_local import from_millis, instant, local_datetime, zone_by_offset
from atalaia.pipeline.filters.joda import JodaPattern, compile_joda
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value
from logging_lib.clock import Clock

_LATEST_UNIX: Final = 2**31 - 1
_TAI_SECONDS: Final = 2**62 - 1
_TAI_LEAP_SECONDS: Final = 10
"""What the plugin takes off, whatever the date."""

_NANOS: Final = 1_000_000_000
_LONG = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_TAI = re.compile(r"@?([0-9a-fA-F]{16})([0-9a-fA-F]{8})", re.ASCII)
_ISO = re.compile(
    r"(?:(?P<year>[+-]?\d{1,9})"
    r"(?:-W(?P<week>\d{1,2})(?:-(?P<weekday>\d))?|-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?|-(?P<day_of_year>\d{3}))?"
    r"(?=T|\Z))?"
    r"(?:T(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}))?)?(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]?\d{1,3})?)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_NUMBERS: Final = ("year", "week", "weekday", "month", "day", "day_of_year", "hour", "minute", "second")
_ISO_PATTERNS: Final = tuple(f"yyyy-MM-dd HH:mm:ss{point}SSS{zone}" for point in ".," for zone in ("Z", ""))


DateFormat: TypeAlias = Callable[[Value, tzinfo], Timestamp]
"""Returns the instant a value stands for, in a zone unless it names its own; raises ValueError when it is none."""


def date_format(name: str, clock: Clock) -> DateFormat:
    """Return a format by its name, or of a Joda-Time pattern.

    Raises:
        ValueError: When the pattern is malformed.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name == "ISO8601":
        return _iso_format(tuple(compile_joda(pattern, clock) for pattern in _ISO_PATTERNS))
    pattern = compile_joda(name, clock)
    return lambda value, zone: pattern.parse(_text(value), zone)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text")  # noqa: TRY004 - the next format is tried, as for unreadable text
    return value


def _iso_format(others: tuple[JodaPattern, ...]) -> DateFormat:
    def read(value: Value, zone: tzinfo) -> Timestamp:
        text = _text(value)
        match = _ISO.fullmatch(text)
        if match is not None and text:
            return _iso_instant(match, zone)
        for pattern in others:
            if pattern.expression.fullmatch(text):
                return pattern.parse(text, zone)
        raise ValueError(f"{text!r} is not ISO 8601")

    return read


def _iso_instant(match: re.Match[str], zone: tzinfo) -> Timestamp:
    fields = {name: int(match[name]) for name in _NUMBERS if match[name] is not None}
    if "week" in fields:
        fields["weekyear"] = fields.pop("year")
    if match["zone"] is not None:
        zone = zone_by_offset(match["zone"])
    nanos = _spread_fraction(fields, match["fraction"])
    return instant(local_datetime(fields), zone, nanos)


def _spread_fraction(fields: dict[str, int], digits: str | None) -> int:
    """Take a fraction of an hour or minute apart into smaller fields; return the nanoseconds after the second."""
    if digits is None:
        return 0
    unit = 1 if "second" in fields else 60 if "minute" in fields else 3600
    seconds, nanos = divmod(int(digits.ljust(9, "0")) * unit, _NANOS)
    if unit > 1:
        fields["minute"] = fields.get("minute", 0) + seconds // 60
        fields["second"] = seconds % 60
    return nanos


def _long(text: str) -> int:
    """Read what Java's ``Long.parseLong`` reads."""
    if _LONG.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _unix_millis(seconds: int) -> int:
    if seconds > _LATEST_UNIX:
        raise ValueError(f"{seconds} is beyond the largest UNIX time")
    return seconds * 1000


def _unix(value: Value, _zone: tzinfo) -> Timestamp:
    """Read seconds since 1970; of a fraction, three digits count."""
    if isinstance(value, str):
        whole, point, fraction = value.partition(".")
        millis = _unix_millis(_long(whole))
        return from_millis(millis + _long(fraction[:3]) * 10 ** (3 - len(fraction[:3])) if point else millis)
    number = _number(value)
    if isinstance(number, float):
        _unix_millis(int(number))
        return from_millis(int(number * 1000))
    return from_millis(_unix_millis(number))


def _unix_ms(value: Value, _zone: tzinfo) -> Timestamp:
    """Read milliseconds since 1970; a fraction of a number is cut off, of a text refused."""
    return from_millis(_long(value) if isinstance(value, str) else int(_number(value)))


def _number(value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")  # noqa: TRY004 - the next format is tried
    return value


def _tai64n(value: Value, _zone: tzinfo) -> Timestamp:
    """Read a TAI64N label, with or without its ``@``. Source: https://cr.yp.to/libtai/tai64.html."""
    match = _TAI.fullmatch(_text(value))
    if match is None:
        raise ValueError(f"{value!r} is not a TAI64N label")
    seconds = (int(match[1], 16) & _TAI_SECONDS) - _TAI_LEAP_SECONDS
    return from_millis(seconds * 1000 + int(match[2], 16) // 1_000_000)


_BY_NAME: Final[Mapping[str, DateFormat]] = MappingProxyType({"UNIX": _unix, "UNIX_MS": _unix_ms, "TAI64N": _tai64n})
