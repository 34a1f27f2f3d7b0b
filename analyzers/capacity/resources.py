"""Read from a store what can run out, a value a day: maxima, since what is full for a minute fails for a minute."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from analyzers.capacity.model import Kind, Resource
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import REQUESTS, number
from analyzers.store.calendar import bucket_edges
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    EVERYTHING,
    Calendar,
    CalendarUnit,
    Dimension,
    Equals,
    Field,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Predicate,
    Query,
    Window,
)
from analyzers.store.result import Row

HOST_STREAM: Final = "metrics-host.system-*"
POSTGRESQL_STREAM: Final = "metrics-postgresql.server-*"

_Limit: TypeAlias = Callable[[Row], float | None]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a kind of resource is measured.

    Attributes:
        kind: Which.
        stream: The data stream of its samples.
        metricset: Which of them.
        by: The fields that tell one from another.
        used: The field of which the day's maximum counts.
        measures: What the limit is made of, beside it.
        limit: The limit, from a day's row.
    """

    kind: Kind
    stream: str
    metricset: str
    by: tuple[str, ...]
    used: str
    measures: tuple[Measure, ...]
    limit: _Limit


def _sum(row: Row) -> float | None:
    """Return what is used and what an ordinary user may still use, as ``df`` reckons."""
    used, available = number(row, "used"), number(row, "limit_0")
    return None if used is None or available is None else used + available


def _given(row: Row) -> float | None:
    return number(row, "limit_0")


def _none(_: Row) -> float | None:
    return None


SOURCES: Final = (
    Source(
        Kind.DISK,
        HOST_STREAM,
        "filesystem",
        ("host.name", "system.filesystem.mount_point"),
        "system.filesystem.used.bytes",
        (Min("system.filesystem.available"),),
        _sum,
    ),
    Source(
        Kind.MEMORY,
        HOST_STREAM,
        "system",
        ("host.name",),
        "system.memory.actual.used.bytes",
        (Max("system.memory.total"),),
        _given,
    ),
    Source(
        Kind.CONNECTIONS,
        POSTGRESQL_STREAM,
        "server",
        ("postgresql.address",),
        "postgresql.server.connections.used.count",
        (Max("postgresql.server.connections.limit"),),
        _given,
    ),
    Source(
        Kind.DATABASE,
        POSTGRESQL_STREAM,
        "database",
        ("postgresql.address", "postgresql.database.name"),
        "postgresql.database.size.bytes",
        (),
        _none,
    ),
)


def resources(store: Store, window: Window, zone: ZoneInfo, where: Predicate = EVERYTHING) -> tuple[Resource, ...]:
    """Return what can run out, by kind and place.

    Args:
        store: Where the samples are.
        window: The history.
        zone: Whose days; those that are not wholly in the window are left out.
        where: Which requests count.

    Raises:
        StoreError: When the store cannot answer.
    """
    whole = whole_days(window, zone)
    if whole is None:
        return ()
    sampled = (each for source in SOURCES for each in _sampled(store, source, whole, zone))
    return (*sampled, *_requests(store, whole, zone, where))


def whole_days(window: Window, zone: ZoneInfo) -> Window | None:
    """Return the part of a window that is made of whole days."""
    edges = [from_millis(edge) for edge in bucket_edges(Calendar(CalendarUnit.DAY, zone.key), window)]
    inside = [edge for edge in edges if window.start <= edge <= window.end]
    return Window(inside[0], inside[-1]) if len(inside) > 1 else None


def _sampled(store: Store, source: Source, window: Window, zone: ZoneInfo) -> Iterator[Resource]:
    limits = tuple(NamedMeasure(f"limit_{place}", measure) for place, measure in enumerate(source.measures))
    measures = (NamedMeasure("used", Max(source.used)), *limits)
    by: tuple[Dimension, ...] = (*map(Field, source.by), Calendar(CalendarUnit.DAY, zone.key))
    query = Query(source.stream, window, measures, by, Equals("metricset.name", source.metricset))
    found: dict[tuple[str, ...], dict[date, Row]] = defaultdict(dict)
    for row in store.query(query).rows:
        if number(row, "used") is not None:
            found[tuple("" if row[name] is None else str(row[name]) for name in source.by)][_day(row)] = row
    for place, rows in found.items():
        days = {day: _used(row) for day, row in rows.items()}
        yield Resource(source.kind, place, days, source.limit(rows[max(rows)]))


def _requests(store: Store, window: Window, zone: ZoneInfo, where: Predicate) -> Iterator[Resource]:
    """Yield the requests: of each day its busiest hour."""
    hours = Query(REQUEST_STREAM, window, (REQUESTS,), (Calendar(CalendarUnit.HOUR, zone.key),), where)
    busiest: dict[date, float] = {}
    for row in store.query(hours).rows:
        day, count = _day(row), number(row, REQUESTS.name) or 0
        busiest[day] = max(count, busiest.get(day, 0))
    if busiest:
        yield Resource(Kind.REQUESTS, (), busiest, None)


def _used(row: Row) -> float:
    return number(row, "used") or 0.0


def _day(row: Row) -> date:
    """Return the day of a bucket, which starts in the query's zone."""
    bucket = row[BUCKET]
    if not isinstance(bucket, datetime):
        raise TypeError(f"the store gave {bucket!r} for a bucket")
    return bucket.date()
