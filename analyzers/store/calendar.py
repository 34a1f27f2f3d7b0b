"""Calendar buckets as instants: one rule for every store, from the zone data of :mod:`zoneinfo`.

A bucket is known by the UTC instant at which it starts, and it ends where the next one starts, so buckets neither
overlap nor leave a gap.

- A day starts at the first instant of its local date: 23 and 25 hours long where the clock changes, and where midnight
  is skipped the day starts at the jump. Weeks (from Monday) and months start with their first day.
- An hour starts at each full hour of the local clock *and at each change of the offset from UTC*: the repeated hour
  in autumn is two buckets, and on Lord Howe Island, where the clock moves by 30 minutes, one of them is half an hour.
- A minute is 60 s of UTC in every zone.

Elasticsearch's own ``calendar_interval`` is not used: on Lord Howe Island it puts hours into the wrong half-year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.store.query import Calendar, CalendarUnit, QueryError, Window

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
# Shorter than the time between any two changes of one zone's offset.
_STEP: Final = timedelta(hours=6)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive buckets of one length.

    Attributes:
        start: When the first begins, UTC.
        length: How long each of them is.
        count: How many they are.
    """

    start: datetime
    length: timedelta
    count: int

    @property
    def end(self) -> datetime:
        """When the last ends."""
        return self.start + self.count * self.length


def find_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises:
        QueryError: When there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise QueryError(f"there is no time zone {name!r}", "name one as America/Sao_Paulo or UTC") from error


def bucket_starts(calendar: Calendar, window: Window) -> tuple[datetime, ...]:
    """Return the edges of the buckets that touch the window, ascending, in UTC.

    The first edge is at or before the window's start, the last one (which starts no bucket of the window) at or after
    its end; each pair of neighbours is one bucket.

    Raises:
        QueryError: When the zone is unknown or the window reaches beyond the years 1 to 9999 in it.
    """
    zone = find_zone(calendar.zone)
    try:
        edges = sorted(set(_EDGES[calendar.unit](zone, window)))
    except OverflowError as error:
        raise QueryError(f"the calendar ends before {window.end:%Y-%m-%d}", "narrow the window") from error
    first = max(edge for edge in edges if edge <= window.start)
    last = min(edge for edge in edges if edge >= window.end)
    return tuple(edge for edge in edges if first <= edge <= last)


def bucket_runs(calendar: Calendar, window: Window) -> tuple[Run, ...]:
    """Return the buckets that touch the window as runs of equal length, ascending."""
    edges = bucket_starts(calendar, window)
    runs: list[Run] = []
    for start, end in pairwise(edges):
        if runs and runs[-1].length == end - start:
            runs[-1] = Run(runs[-1].start, runs[-1].length, runs[-1].count + 1)
        else:
            runs.append(Run(start, end - start, 1))
    return tuple(runs)


def _hours(zone: ZoneInfo, window: Window) -> Iterator[datetime]:
    low, high = window.start - 2 * HOUR, window.end + 2 * HOUR
    changes = list(_offset_changes(zone, low, high))
    for start, end in zip([low, *changes], [*changes, high], strict=True):
        offset = _offset(zone, start)
        past_full_hour = (start + offset - EPOCH) % HOUR
        edge = start + (-past_full_hour) % HOUR
        while edge < end:
            yield edge
            edge += HOUR
    yield from changes


def _minutes(_: ZoneInfo, window: Window) -> Iterator[datetime]:
    edge = window.start - (window.start - EPOCH) % MINUTE
    while edge < window.end:
        yield edge
        edge += MINUTE
    yield edge


def _days(zone: ZoneInfo, window: Window) -> Iterator[datetime]:
    day = _local_date(zone, window.start) - timedelta(days=1)
    while (start := _day_start(zone, day)) < window.end:
        yield start
        day += timedelta(days=1)
    yield start


def _weeks(zone: ZoneInfo, window: Window) -> Iterator[datetime]:
    day = _local_date(zone, window.start) - timedelta(days=7)
    day -= timedelta(days=day.weekday())
    while (start := _day_start(zone, day)) < window.end:
        yield start
        day += timedelta(days=7)
    yield start


def _months(zone: ZoneInfo, window: Window) -> Iterator[datetime]:
    day = (_local_date(zone, window.start) - timedelta(days=31)).replace(day=1)
    while (start := _day_start(zone, day)) < window.end:
        yield start
        day = (day + timedelta(days=31)).replace(day=1)
    yield start


_EDGES: Final[Mapping[CalendarUnit, Callable[[ZoneInfo, Window], Iterator[datetime]]]] = MappingProxyType(
    {
        CalendarUnit.MINUTE: _minutes,
        CalendarUnit.HOUR: _hours,
        CalendarUnit.DAY: _days,
        CalendarUnit.WEEK: _weeks,
        CalendarUnit.MONTH: _months,
    },
)


def _local_date(zone: ZoneInfo, instant: datetime) -> date:
    return instant.astimezone(zone).date()


def _day_start(zone: ZoneInfo, day: date) -> datetime:
    """Return the first instant of a local date; where the whole date is skipped, that of the jump over it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    early, late = sorted((midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)))
    if early.astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return early
    return _change_between(zone, early, late)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    return offset if offset is not None else timedelta(0)


def _offset_changes(zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[datetime]:
    """Yield the instants in ``(low, high)`` at which the offset from UTC changes."""
    while low < high:
        after = min(low + _STEP, high)
        if _offset(zone, low) != _offset(zone, after):
            change = _change_between(zone, low, after)
            if change < high:
                yield change
        low = after


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first instant, to the second, with the offset that holds at ``after``."""
    before = before.replace(microsecond=0)
    new = _offset(zone, after)
    while after - before > _SECOND:
        middle = before + ((after - before) // 2 // _SECOND or 1) * _SECOND
        before, after = (before, middle) if _offset(zone, middle) == new else (middle, after)
    return after
