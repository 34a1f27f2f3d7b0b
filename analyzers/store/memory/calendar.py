"""Calendar buckets, found by walking from minute to minute and looking at the local clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.store.query import Calendar, CalendarUnit

_MINUTE: Final = timedelta(minutes=1)
_MOST_OFFSET: Final = timedelta(hours=16)
"""More than any zone has been ahead of UTC."""


def bucket(calendar: Calendar, instant: datetime) -> datetime:
    """Return the start of the bucket that holds an instant, both in UTC."""
    zone = ZoneInfo(calendar.zone)
    minute = instant.replace(second=0, microsecond=0)
    if calendar.unit is CalendarUnit.MINUTE:
        return minute
    if calendar.unit is CalendarUnit.HOUR:
        return _hour_start(minute, zone)
    return _day_start(_first_day(calendar.unit, instant.astimezone(zone).date()), zone)


def _first_day(unit: CalendarUnit, day: date) -> date:
    match unit:
        case CalendarUnit.WEEK:
            return day - timedelta(days=day.weekday())
        case CalendarUnit.MONTH:
            return day.replace(day=1)
        case CalendarUnit.QUARTER:
            return day.replace(month={1: 1, 2: 4, 3: 7, 4: 10}[(day.month + 2) // 3], day=1)
        case CalendarUnit.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


@cache
def _hour_start(minute: datetime, zone: ZoneInfo) -> datetime:
    while minute.astimezone(zone).minute:
        minute -= _MINUTE
    return minute


@cache
def _day_start(day: date, zone: ZoneInfo) -> datetime:
    minute = datetime(day.year, day.month, day.day, tzinfo=UTC) - _MOST_OFFSET
    while minute.astimezone(zone).date() < day:
        minute += _MINUTE
    return minute
