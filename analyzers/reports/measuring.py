"""What reports measure of requests: over a period, by bucket of the calendar, by endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from analyzers.buckets import buckets
from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.numbers import ratio
from analyzers.reports.question import Question
from analyzers.sampling import STORED
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    Calendar,
    CalendarUnit,
    Dimension,
    Field,
    NamedMeasure,
    Query,
    Sum,
    Window,
)
from analyzers.store.result import Row

REQUESTS_OF: Final = "logs-web.request"
"""The data set of requests."""
_SECONDS: Final = NamedMeasure("seconds", Sum(RESPONSE_TIME))
_MEASURES: Final = (REQUESTS, ERRORS, MEASURED, _SECONDS, *PERCENTILES)


@dataclass(frozen=True, slots=True)
class Totals:
    """The measures of some requests. Times are in seconds, and ``None`` where none was measured.

    Attributes:
        requests: All of them.
        errors: Those with a status of 500 or above.
        measured: Those with a response time.
        seconds: Their response times together.
        p50: The median response time.
        p95: The 95th percentile.
        p99: The 99th.
    """

    requests: int
    errors: int
    measured: int
    seconds: float | None
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def error_rate(self) -> float | None:
        """Errors per request; ``None`` without requests."""
        return ratio(self.errors, self.requests)

    @property
    def mean(self) -> float | None:
        """The mean response time."""
        return None if self.seconds is None or not self.measured else self.seconds / self.measured


@dataclass(frozen=True, slots=True)
class Whole:
    """A period's totals.

    Attributes:
        totals: Over all of it.
        stored: How many requests were kept.
        days: By day, those of which the store has any.
    """

    totals: Totals
    stored: int
    days: Mapping[date, Totals]


@dataclass(frozen=True, slots=True)
class Slot:
    """A bucket of the calendar; ``totals`` is ``None`` when nothing was recorded in it."""

    window: Window
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint's share; ``route`` is ``None`` for requests that matched none."""

    route: str | None
    totals: Totals


def whole(store: Store, question: Question, window: Window) -> Whole:
    """Measure a window, and each day of it.

    Raises:
        QueryError: When the question cannot be asked.
        StoreError: When the store cannot answer.
    """
    [row] = _rows(store, question, window, (*_MEASURES, STORED))
    days = slots(store, question, window, CalendarUnit.DAY)
    known = {each.window.start.astimezone(question.zone).date(): each.totals for each in days}
    return Whole(_totals(row), count(row, STORED.name), {day: each for day, each in known.items() if each is not None})


def slots(store: Store, question: Question, window: Window, unit: CalendarUnit) -> tuple[Slot, ...]:
    """Measure every bucket of a window, those without any request as unmeasured; raises as :func:`whole`."""
    by = Calendar(unit, question.zone.key)
    recorded = {_instant(row): _totals(row) for row in _rows(store, question, window, _MEASURES, by)}
    return tuple(Slot(part, recorded.get(start)) for start, part in buckets(by, window).items())


def endpoints(store: Store, question: Question, window: Window) -> tuple[Endpoint, ...]:
    """Measure every endpoint; raises as :func:`whole`."""
    rows = _rows(store, question, window, _MEASURES, Field(HTTP_ROUTE))
    return tuple(Endpoint(None if row[HTTP_ROUTE] is None else str(row[HTTP_ROUTE]), _totals(row)) for row in rows)


def _rows(
    store: Store, question: Question, window: Window, measures: tuple[NamedMeasure, ...], *by: Dimension
) -> tuple[Row, ...]:
    return store.query(Query(question.stream(REQUESTS_OF), window, measures, by, question.requests)).rows


def _instant(row: Row) -> datetime:
    bucket = row[BUCKET]
    if not isinstance(bucket, datetime):
        raise TypeError(f"the store gave {bucket!r} for a bucket")
    return bucket.astimezone(UTC)


def _totals(row: Row) -> Totals:
    return Totals(
        requests=count(row, "requests"),
        errors=count(row, "errors"),
        measured=count(row, "measured"),
        seconds=number(row, "seconds"),
        p50=number(row, "p50"),
        p95=number(row, "p95"),
        p99=number(row, "p99"),
    )
