"""When there is most to do: the busiest hours, and what an hour of each weekday is like."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import Unit
from analyzers.blocks import Heading, Picture, Table
from analyzers.buckets import buckets
from analyzers.charts.definition import HeatMap
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.language import message
from analyzers.numbers import ratio
from analyzers.store.interface import Store
from analyzers.store.query import BUCKET, EVERYTHING, Calendar, CalendarUnit, Predicate, Query, Window
from analyzers.store.result import Row

TOP: Final = 5
"""How many hours are listed."""
_DAYS, _HOURS = 7, 24


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour in which anything was recorded.

    Attributes:
        window: The hour, or what of it lies in the window that was asked for.
        local: Its start on the zone's clock.
        row: What was measured in it.
    """

    window: Window
    local: datetime
    row: Row

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return count(self.row, REQUESTS.name)

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return self.requests / self.window.length.total_seconds()


def peaks(
    store: Store, window: Window, zone: ZoneInfo, where: Predicate = EVERYTHING, stream: str = REQUEST_STREAM
) -> tuple[Table, Picture]:
    """Return the busiest hours as a table, and requests by weekday and hour of day as a heat map.

    Raises:
        StoreError: When the store cannot answer.
    """
    hours = recorded_hours(store, window, zone, where, stream)
    return busiest(hours), Picture("requests_by_hour", message("Requests by weekday and hour"), heat_map(hours))


def recorded_hours(
    store: Store, window: Window, zone: ZoneInfo, where: Predicate = EVERYTHING, stream: str = REQUEST_STREAM
) -> tuple[Hour, ...]:
    """Return the hours of a zone's clock in which anything was recorded, in order; a repeated hour is two.

    Raises:
        StoreError: When the store cannot answer.
    """
    calendar = Calendar(CalendarUnit.HOUR, zone.key)
    query = Query(stream, window, (REQUESTS, ERRORS, MEASURED, *PERCENTILES), (calendar,), where)
    return tuple(_hours(store.query(query).rows, window, calendar))


def busiest(hours: tuple[Hour, ...]) -> Table:
    """Return the hours with the most requests, the first of equals first."""
    ranked = sorted(hours, key=lambda hour: (-hour.requests, hour.window.start))[:TOP]
    headings = (
        Heading("hour", message("Hour"), Unit.KEY),
        Heading("requests", message("Requests"), Unit.COUNT),
        Heading("requests_per_second", message("Rate"), Unit.PER_SECOND),
        Heading("error_rate", message("Error rate"), Unit.RATIO),
        *(
            Heading(each.name, message("{percentile} of the response time", percentile=each.name), Unit.SECONDS)
            for each in PERCENTILES
        ),
    )
    return Table(
        "busiest_hours",
        message("Busiest hours"),
        headings,
        tuple(_cells(hour) for hour in ranked),
        message("No request was recorded."),
    )


def heat_map(hours: tuple[Hour, ...]) -> HeatMap:
    """Return the mean of requests an hour by weekday and hour of day; of hours in which none was recorded, nothing."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for hour in hours:
        found[hour.local.weekday(), hour.local.hour].append(hour.requests)
    means = {place: sum(requests) / len(requests) for place, requests in found.items()}
    values = tuple(tuple(means.get((day, hour)) for hour in range(_HOURS)) for day in range(_DAYS))
    return HeatMap(Unit.COUNT, message("Requests an hour"), values)


def _hours(rows: tuple[Row, ...], window: Window, calendar: Calendar) -> Iterator[Hour]:
    parts = buckets(calendar, window)
    for row in rows:
        bucket = row[BUCKET]
        if not isinstance(bucket, datetime):
            raise TypeError(f"the store gave {bucket!r} for a bucket")
        yield Hour(parts[bucket.astimezone(UTC)], bucket, row)


def _cells(hour: Hour) -> tuple[Window | int | float | None, ...]:
    errors = ratio(count(hour.row, ERRORS.name), hour.requests)
    times = (number(hour.row, each.name) for each in PERCENTILES)
    return (hour.window, hour.requests, hour.per_second, errors, *times)
