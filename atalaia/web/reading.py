"""The questions the live page asks a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from analyzers.alerts.rules.file.threshold import STANDARD_WINDOW
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.losses import losses_in, lost_sentence
from analyzers.sampling import STORED, sampling_of
from analyzers.store.interface import Store
from analyzers.store.query import BUCKET, EVERYTHING, Calendar, CalendarUnit, Dimension, Field, Query, Window
from analyzers.store.result import Row
from atalaia.web.snapshot import Endpoint, Minute, Recorded, Totals

JUDGED: Final = STANDARD_WINDOW
"""The span that is judged: the one alerts judge by default."""
TOP: Final = 10
_MINUTE: Final = timedelta(minutes=1)
_MEASURES: Final = (REQUESTS, STORED, ERRORS, MEASURED, *(each for each in PERCENTILES if each.name == "p95"))


def read(store: Store, now: datetime, minutes: int) -> Recorded:
    """Return what the store says about the last minutes.

    Args:
        store: Where the events are.
        now: The instant at which every window ends.
        minutes: How many minutes the charts span; the last one is not over yet.
    """
    charts = Window(now.replace(second=0, microsecond=0) - (minutes - 1) * _MINUTE, now + timedelta(microseconds=1))
    extent, routes = store.extent(REQUEST_STREAM), _ask(store, charts, Field(HTTP_ROUTE))
    return Recorded(
        latest=None if extent is None else extent.end - timedelta(seconds=1),
        recent=_totals(_ask(store, Window(now - JUDGED, now))[0]),
        minutes=_minutes(store, charts, minutes),
        endpoints=_endpoints(routes),
        sampled=_sampled(store, charts, routes),
        lost=lost_sentence(losses_in(store, charts)),
    )


def _ask(store: Store, window: Window, *by: Dimension) -> tuple[Row, ...]:
    return store.query(Query(REQUEST_STREAM, window, _MEASURES, by)).rows


def _minutes(store: Store, window: Window, minutes: int) -> tuple[Minute, ...]:
    rows = {_start(row): _totals(row) for row in _ask(store, window, Calendar(CalendarUnit.MINUTE))}
    starts = (window.start + step * _MINUTE for step in range(minutes))
    return tuple(Minute(start, rows.get(start)) for start in starts)


def _sampled(store: Store, window: Window, rows: tuple[Row, ...]) -> str:
    counts = sum(count(row, REQUESTS.name) for row in rows), sum(count(row, STORED.name) for row in rows)
    sampling = sampling_of(store, REQUEST_STREAM, window, EVERYTHING, counts)
    return "" if sampling is None else sampling.sentence


def _endpoints(rows: tuple[Row, ...]) -> tuple[Endpoint, ...]:
    found = [Endpoint(None if row[HTTP_ROUTE] is None else str(row[HTTP_ROUTE]), _totals(row)) for row in rows]
    return tuple(sorted(found, key=lambda each: (-each.totals.requests, each.route is None, each.route or ""))[:TOP])


def _start(row: Row) -> datetime:
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the store gave {start!r} for a bucket")
    return start.astimezone(UTC)


def _totals(row: Row) -> Totals:
    return Totals(count(row, "requests"), count(row, "errors"), count(row, "measured"), number(row, "p95"))
