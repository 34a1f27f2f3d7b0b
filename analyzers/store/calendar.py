"""The calendar buckets of a window, in order, as instants. Their rule stands in :mod:`analyzers.store.zones`.

Elasticsearch's own ``calendar_interval`` is not used: where the clock moves by half an hour (Lord Howe Island) 9.2 puts
events of October into a bucket of April. Buckets are cut here, from Python's zone data, and asked for as runs of
equal length, which need no time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.store.instants import from_millis, to_millis_up
from analyzers.store.query import Calendar, CalendarUnit, QueryError, Window
from analyzers.store.zones import HOUR, MINUTE, first_instant, hour_start, load_zone


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive buckets of one length; all in milliseconds since 1970.

    Attributes:
        start: When the first begins.
        length: How long each of them is.
        count: How many they are.
    """

    start: int
    length: int
    count: int

    @property
    def end(self) -> int:
        """When the last ends."""
        return self.start + self.count * self.length


def bucket_edges(calendar: Calendar, window: Window) -> tuple[int, ...]:
    """Return the edges of the buckets that touch the window, ascending, in milliseconds since 1970.

    The first edge is at or before the window's start, the last at or after its end; two neighbours are one bucket.

    Raises:
        QueryError: When the zone is unknown, or the window touches the first or the last days of the calendar.
    """
    zone = load_zone(calendar.zone)
    start, end = to_millis_up(window.start), to_millis_up(window.end)
    edges: list[int] = []
    try:
        for edge in _EDGES[calendar.unit](zone, start):
            if edge <= start:
                edges.clear()
            if not edges or edge > edges[-1]:  # a date the zone skipped starts where the next one does
                edges.append(edge)
            if edge >= end:
                break
    except (OverflowError, ValueError) as error:
        raise QueryError("the window touches the end of the calendar", "choose one in the years 2 to 9998") from error
    return tuple(edges)


def bucket_starts(calendar: Calendar, window: Window) -> tuple[datetime, ...]:
    """Return :func:`bucket_edges` as aware datetimes in UTC; the last one starts no bucket of the window.

    Raises:
        QueryError: As :func:`bucket_edges`.
    """
    return tuple(from_millis(edge) for edge in bucket_edges(calendar, window))


def bucket_runs(calendar: Calendar, window: Window) -> tuple[Run, ...]:
    """Return the buckets that touch the window as runs of equal length, ascending.

    Raises:
        QueryError: As :func:`bucket_edges`.
    """
    if calendar.unit is CalendarUnit.MINUTE:  # one run whatever the zone, and years of minutes are millions
        start, end = to_millis_up(window.start) // MINUTE, -(-to_millis_up(window.end) // MINUTE)
        return (Run(start * MINUTE, MINUTE, end - start),)
    runs: list[Run] = []
    for start, end in pairwise(bucket_edges(calendar, window)):
        if runs and runs[-1].length == end - start:
            runs[-1] = Run(runs[-1].start, runs[-1].length, runs[-1].count + 1)
        else:
            runs.append(Run(start, end - start, 1))
    return tuple(runs)


def _minutes(_: ZoneInfo, start: int) -> Iterator[int]:
    edge = start // MINUTE * MINUTE
    while True:
        yield edge
        edge += MINUTE


def _hours(zone: ZoneInfo, start: int) -> Iterator[int]:
    edge = hour_start(zone, start)
    while True:
        yield edge
        after = hour_start(zone, edge + HOUR)
        edge = after if after > edge else hour_start(zone, edge + 2 * HOUR)


def _days(zone: ZoneInfo, start: int) -> Iterator[int]:
    day = _date_before(zone, start)
    while True:
        yield first_instant(zone, day)
        day += timedelta(days=1)


def _weeks(zone: ZoneInfo, start: int) -> Iterator[int]:
    day = _date_before(zone, start)
    day -= timedelta(days=day.weekday())
    while True:
        yield first_instant(zone, day)
        day += timedelta(days=7)


def _months(zone: ZoneInfo, start: int) -> Iterator[int]:
    return _spans_of_months(zone, _date_before(zone, start).replace(day=1), 1)


def _quarters(zone: ZoneInfo, start: int) -> Iterator[int]:
    day = _date_before(zone, start)
    return _spans_of_months(zone, day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)


def _years(zone: ZoneInfo, start: int) -> Iterator[int]:
    return _spans_of_months(zone, _date_before(zone, start).replace(month=1, day=1), 12)


def _spans_of_months(zone: ZoneInfo, first: date, months: int) -> Iterator[int]:
    """Yield the edges of spans of so many months, from the first day of a month on."""
    day = first
    while True:
        yield first_instant(zone, day)
        after = day.month - 1 + months
        day = date(day.year + after // 12, after % 12 + 1, 1)


def _date_before(zone: ZoneInfo, instant: int) -> date:
    """Return a local date that starts before the instant, even where the clock passes midnight twice."""
    return from_millis(instant).astimezone(zone).date() - timedelta(days=1)


_EDGES: Final[Mapping[CalendarUnit, Callable[[ZoneInfo, int], Iterator[int]]]] = MappingProxyType(
    {
        CalendarUnit.MINUTE: _minutes,
        CalendarUnit.HOUR: _hours,
        CalendarUnit.DAY: _days,
        CalendarUnit.WEEK: _weeks,
        CalendarUnit.MONTH: _months,
        CalendarUnit.QUARTER: _quarters,
        CalendarUnit.YEAR: _years,
    },
)
