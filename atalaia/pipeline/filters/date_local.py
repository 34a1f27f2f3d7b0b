"""Local dates and times to instants, as Joda-Time makes them of parsed fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from types import MappingProxyType
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from atalaia.pipeline.timestamp import Timestamp

Fields: TypeAlias = Mapping[str, int]
"""Parsed numbers by field: year, month, day, …; ``nanos`` is the fraction of the second."""

NANOS_PER_MILLI: Final = 1_000_000
_OFFSET = re.compile(r"([+-])(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?(?:[.,]?\d{1,3})?", re.ASCII)
_LEAP_YEAR: Final = 2000
"""What Joda-Time takes for a missing year."""

_ABBREVIATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "UT": "UTC",
        "UTC": "UTC",
        "GMT": "UTC",
        "EST": "America/New_York",
        "EDT": "America/New_York",
        "CST": "America/Chicago",
        "CDT": "America/Chicago",
        "MST": "America/Denver",
        "MDT": "America/Denver",
        "PST": "America/Los_Angeles",
        "PDT": "America/Los_Angeles",
    },
)
"""Zone names Joda-Time reads (``DateTimeUtils.getDefaultTimeZoneNames``); summer time goes by the date."""


def zone_by_id(name: str) -> tzinfo:
    """Return a zone by its IANA id or as an offset.

    Raises:
        ValueError: When there is none of that name.
    """
    if name[:1] in {"+", "-"}:
        return zone_by_offset(name)
    try:
        return UTC if name in {"UTC", "Etc/UTC", "Z"} else ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # an unknown key, one that leaves the folder, or that is a folder
        raise ValueError(f"there is no time zone {name!r}") from error


def zone_by_abbreviation(name: str) -> tzinfo:
    """Return the zone an English abbreviation stands for; the text was matched against :func:`abbreviations`."""
    return zone_by_id(_ABBREVIATIONS[name])


def abbreviations() -> list[str]:
    """Return the abbreviations that can be read, the longest first."""
    return sorted(_ABBREVIATIONS, key=len, reverse=True)


def zone_by_offset(text: str) -> tzinfo:
    """Return the zone of ``Z``, ``+01:00``, ``+0100`` or ``+01``.

    Raises:
        ValueError: When the text is no offset.
    """
    if text in {"Z", "z"}:
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no offset")
    hours, minutes, seconds = int(match[2]), int(match[3] or 0), int(match[4] or 0)
    if hours > 23 or minutes > 59 or seconds > 59:  # noqa: PLR2004 - a clock's own numbers
        raise ValueError(f"{text!r} is no offset")
    ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-ahead if match[1] == "-" else ahead)


def local_datetime(fields: Fields) -> datetime:
    """Return the local date and time, to the second, that fields stand for.

    Larger fields are set before smaller ones on 1970-01-01T00:00; a date without a year is in 2000.

    Raises:
        ValueError: When a field is out of its range, or the date does not exist.
    """
    return datetime.combine(_date(fields), datetime.min.time()) + timedelta(seconds=_seconds(fields))


def _date(fields: Fields) -> date:
    if "weekyear" in fields or "week" in fields:
        return _week_date(fields)
    dated = not fields.keys().isdisjoint({"month", "day", "day_of_year"})
    year = fields.get("year", _LEAP_YEAR if dated else 1970)
    start = date(year, fields.get("month", 1), fields.get("day", 1))
    if "day_of_year" in fields and "day" not in fields:
        start = _day_of_year(year, fields["day_of_year"])
    if "weekday" in fields:
        start += timedelta(days=_in_range(fields["weekday"], 1, 7) - start.isoweekday())
    return start


def _week_date(fields: Fields) -> date:
    year = fields.get("weekyear", fields.get("year", 1970))
    return date.fromisocalendar(year, fields.get("week", 1), fields.get("weekday", 1))


def _day_of_year(year: int, day: int) -> date:
    found = date(year, 1, 1) + timedelta(days=_in_range(day, 1, 366) - 1)
    if found.year != year:
        raise ValueError(f"{year} has no day {day}")
    return found


def _seconds(fields: Fields) -> int:
    minute = _in_range(fields.get("minute", 0), 0, 59)
    return (_hour(fields) * 60 + minute) * 60 + _in_range(fields.get("second", 0), 0, 59)


def _hour(fields: Fields) -> int:
    """Return the hour of the day of whichever hour fields there are."""
    if "hour" in fields:
        return _in_range(fields["hour"], 0, 23)
    if "clock_hour" in fields:
        return _in_range(fields["clock_hour"], 1, 24) % 24
    noon = 12 * fields.get("half_day", 0)
    if "half_clock_hour" in fields:
        return noon + _in_range(fields["half_clock_hour"], 1, 12) % 12
    return noon + _in_range(fields.get("half_hour", 0), 0, 11)


def _in_range(value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise ValueError(f"{value} is not in {low} to {high}")
    return value


def instant(local: datetime, zone: tzinfo, nanos: int = 0) -> Timestamp:
    """Return the instant of a local time, cut to the millisecond as the filter does.

    A time that occurs twice is the earlier one.

    Raises:
        ValueError: When the clocks of the zone skip that time, or the instant is not in the years 1 to 9999.
    """
    try:
        moment = local.replace(tzinfo=zone).astimezone(UTC)
        if not isinstance(zone, timezone) and moment.astimezone(zone).replace(tzinfo=None) != local:
            raise ValueError(f"{local} does not exist in {zone}: the clocks skip it")
    except OverflowError as error:
        raise ValueError(f"{local} is out of range") from error
    return Timestamp(Timestamp.from_datetime(moment).nanos + nanos // NANOS_PER_MILLI * NANOS_PER_MILLI)


def from_millis(millis: int) -> Timestamp:
    """Return the instant that many milliseconds after 1970.

    Raises:
        ValueError: When it is not in the years 1 to 9999.
    """
    if not _EARLIEST_MILLIS <= millis <= _LATEST_MILLIS:
        raise ValueError(f"{millis} ms are out of range")
    return Timestamp(millis * NANOS_PER_MILLI)


_EARLIEST_MILLIS: Final = Timestamp.from_datetime(datetime.min.replace(tzinfo=UTC)).nanos // NANOS_PER_MILLI
_LATEST_MILLIS: Final = Timestamp.from_datetime(datetime.max.replace(tzinfo=UTC)).nanos // NANOS_PER_MILLI
