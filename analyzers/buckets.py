"""Calendar buckets: where each starts and ends, in a zone that changes its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from analyzers.store.query import CalendarUnit, Window


def bucket_end(start: datetime, unit: CalendarUnit) -> datetime:
    """Return the UTC instant at which the bucket that starts at ``start`` ends.

    An hour is an elapsed hour, so that the hour that occurs twice makes two buckets; days, weeks and months end at the
    first instant of a local day.

    Args:
        start: The bucket's start, aware, in the zone whose calendar it follows (a ``ZoneInfo``).
        unit: The kind of bucket.
    """
    if unit is CalendarUnit.HOUR:
        return start.astimezone(UTC) + timedelta(hours=1)
    return day_start(_next_day(start.date(), unit), start)


def day_start(day: date, like: datetime) -> datetime:
    """Return the first instant of a day, in UTC, in the zone of ``like``."""
    return datetime.combine(day, time(), tzinfo=like.tzinfo).astimezone(UTC)


def days_of(window: Window, zone: ZoneInfo) -> Iterator[Window]:
    """Yield the local days of a window that starts and ends at local midnights."""
    start = window.start
    while start < window.end:
        end = bucket_end(start.astimezone(zone), CalendarUnit.DAY)
        yield Window(start, end)
        start = end


def hours_of(window: Window) -> Iterator[Window]:
    """Yield the elapsed hours of a window, the last one cut where the window ends."""
    start = window.start
    while start < window.end:
        end = min(start + timedelta(hours=1), window.end)
        yield Window(start, end)
        start = end


def _next_day(day: date, unit: CalendarUnit) -> date:
    if unit is CalendarUnit.DAY:
        return day + timedelta(days=1)
    if unit is CalendarUnit.WEEK:
        return day + timedelta(days=7)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
