"""The figures of samples: connections, cache hits, processors, memory and disks, as a report shows them.

Peaks are the greatest sample of the period, never an average. Shares of counters (cache hits) are sums of what the
samplers saw the counters grow by between two readings; an interval in which a server began to count anew has no growth,
so that a restart costs an interval and never a wrong number (``logging_lib.metrics.counters``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import Unit
from analyzers.blocks import Figure
from analyzers.jobs.job import number
from analyzers.language import Message, message
from analyzers.reports.chance import Share
from analyzers.reports.metric_sources import (
    CONNECTIONS,
    CPU,
    DISK,
    MEMORY,
    POSTGRESQL_CACHE,
    REDIS_CACHE,
    Cached,
    Peaked,
)
from analyzers.reports.significance import change_of, level_change, paired_days, share_change
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    Calendar,
    CalendarUnit,
    Dimension,
    Exists,
    Field,
    Max,
    NamedMeasure,
    Query,
    Sum,
    Window,
)
from analyzers.store.result import Row


@dataclass(frozen=True, slots=True)
class Period:
    """A span, and the one before that it is compared with.

    Attributes:
        window: The span.
        earlier: The one before; ``None`` for no comparison.
        zone: Whose days are compared.
        environment: The last part of the data streams' names; ``*`` for every one.
    """

    window: Window
    earlier: Window | None
    zone: ZoneInfo
    environment: str = "*"

    def stream(self, streams: str) -> str:
        """Return the stream of the environment, of those of all environments."""
        return f"{streams.removesuffix('*')}{self.environment}"


_LIMIT: Final = NamedMeasure("limit", Max("postgresql.server.connections.limit"))


def metric_figures(store: Store, period: Period) -> tuple[Figure, ...]:
    """Return all figures of samples, those that nothing was measured of as unmeasured.

    Raises:
        StoreError: When the store cannot answer.
    """
    return (
        db_connections_peak(store, period),
        cache_hit_ratio(store, period),
        redis_hit_ratio(store, period),
        *(peak_figure(store, period, each) for each in (CPU, MEMORY, DISK)),
    )


def db_connections_peak(store: Store, period: Period) -> Figure:
    """Return the most connections that a PostgreSQL server had at once: of the server with the most.

    Raises:
        StoreError: When the store cannot answer.
    """
    return peak_figure(store, period, CONNECTIONS, _LIMIT)


def cache_hit_ratio(store: Store, period: Period) -> Figure:
    """Return the share of blocks that PostgreSQL found in its own cache, over all databases.

    Raises:
        StoreError: When the store cannot answer.
    """
    return share_figure(store, period, POSTGRESQL_CACHE)


def redis_hit_ratio(store: Store, period: Period) -> Figure:
    """Return the share of look-ups that found their key in Redis, over all servers.

    Raises:
        StoreError: When the store cannot answer.
    """
    return share_figure(store, period, REDIS_CACHE)


def peak_figure(store: Store, period: Period, peaked: Peaked, limit: NamedMeasure | None = None) -> Figure:
    """Return the greatest sample of a period, compared by the days' greatest ones.

    Raises:
        StoreError: When the store cannot answer.
    """
    peaked = replace(peaked, stream=period.stream(peaked.stream))
    top = _greatest(store, period.window, peaked, limit)
    before = None if period.earlier is None else _greatest(store, period.earlier, peaked, limit)
    then, now = (None if row is None else number(row, "value") for row in (before, top))
    change = None
    if period.earlier is not None:
        days = paired_days(*(_day_peaks(store, each, period.zone, peaked) for each in (period.earlier, period.window)))
        tested = level_change(days, now - then) if now is not None and then is not None else None
        change = change_of(then, now, peaked.unit, tested, less_is_better=True)
    return Figure(peaked.name, peaked.title, peaked.unit, now, _place(top, peaked), None, change)


def share_figure(store: Store, period: Period, cached: Cached) -> Figure:
    """Return the share of hits of a period, compared with the one before.

    Raises:
        StoreError: When the store cannot answer.
    """
    cached = replace(cached, stream=period.stream(cached.stream))
    now = hits(store, period.window, cached)
    change = None
    if period.earlier is not None:
        then = hits(store, period.earlier, cached)
        days = (_day_hits(store, each, period.zone, cached) for each in (period.earlier, period.window))
        tested = share_change(paired_days(*days))
        change = change_of(_ratio(then), _ratio(now), Unit.RATIO, tested, less_is_better=False)
    basis = message("{hits} of {lookups} look-ups", hits=now.part, lookups=now.whole)
    if not now.whole:
        basis = message("no look-up was measured")
    return Figure(cached.name, cached.title, Unit.RATIO, _ratio(now), basis, None, change)


def hits(store: Store, window: Window, cached: Cached) -> Share:
    """Return the hits of all look-ups of a window; 0 of 0 where none were measured.

    Raises:
        StoreError: When the store cannot answer.
    """
    return _share(store.query(_hit_query(window, cached)).rows[0])


def _hit_query(window: Window, cached: Cached, *by: Dimension) -> Query:
    measures = (NamedMeasure("hits", Sum(cached.hits)), NamedMeasure("misses", Sum(cached.misses)))
    return Query(cached.stream, window, measures, by, Exists(cached.hits))


def _share(row: Row) -> Share:
    found, missed = (int(number(row, name) or 0) for name in ("hits", "misses"))
    return Share(found, found + missed)


def _ratio(share: Share) -> float | None:
    return share.part / share.whole if share.whole else None


def _day_hits(store: Store, window: Window, zone: ZoneInfo, cached: Cached) -> Mapping[date, Share]:
    rows = store.query(_hit_query(window, cached, Calendar(CalendarUnit.DAY, zone.key))).rows
    return {_day(row): _share(row) for row in rows}


def _greatest(store: Store, window: Window, peaked: Peaked, limit: NamedMeasure | None) -> Row | None:
    measures = (NamedMeasure("value", Max(peaked.field)), *(() if limit is None else (limit,)))
    query = Query(peaked.stream, window, measures, tuple(map(Field, peaked.by)), Exists(peaked.field))
    return max(store.query(query).rows, key=lambda row: number(row, "value") or 0, default=None)


def _day_peaks(store: Store, window: Window, zone: ZoneInfo, peaked: Peaked) -> Mapping[date, float]:
    measures = (NamedMeasure("value", Max(peaked.field)),)
    by = (Calendar(CalendarUnit.DAY, zone.key),)
    rows = store.query(Query(peaked.stream, window, measures, by, Exists(peaked.field))).rows
    return {_day(row): number(row, "value") or 0 for row in rows}


def _place(row: Row | None, peaked: Peaked) -> Message:
    if row is None:
        return message("no sample was taken")
    place = ", ".join(str(row[name]) for name in peaked.by if row[name] is not None)
    limit = number(row, "limit") if "limit" in row else None
    if limit is None:
        return message("on {place}", place=place)
    return message("of {limit} on {place}", limit=int(limit), place=place)


def _day(row: Row) -> date:
    bucket = row[BUCKET]
    if not isinstance(bucket, datetime):
        raise TypeError(f"the store gave {bucket!r} for a bucket")
    return bucket.date()
