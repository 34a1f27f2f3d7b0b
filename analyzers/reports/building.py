"""Build the weekly report from a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import Selection, State, Unit
from analyzers.buckets import buckets
from analyzers.fields import HTTP_ROUTE
from analyzers.jobs.job import ERRORS, REQUESTS, count, number, sampling
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.losses import losses_in, lost_sentence
from analyzers.reports.model import Endpoint, Figure, Promise, Slot, Totals, WeeklyReport
from analyzers.reports.weeks import IsoWeek
from analyzers.sampling import STORED, Sampling
from analyzers.sla import DEFAULT_OBJECTIVES, RequestObjective
from analyzers.sla.compliance import compliances, measures, overall_state, verdict
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    EVERYTHING,
    Calendar,
    CalendarUnit,
    Dimension,
    Field,
    NamedMeasure,
    Predicate,
    Query,
)
from analyzers.store.result import Row

TOP: Final = 10
"""How many endpoints a list shows."""
ENOUGH: Final = 20
"""An endpoint measured less often has no p95 worth ranking: it would be its slowest request."""
_DAYS_A_WEEK: Final = 7

_MEASURES: Final = (REQUESTS, ERRORS, MEASURED, *PERCENTILES)


def weekly_report(
    store: Store,
    week: IsoWeek,
    zone: ZoneInfo,
    objectives: Sequence[RequestObjective] = DEFAULT_OBJECTIVES,
    where: Predicate = EVERYTHING,
) -> WeeklyReport:
    """Report one ISO week and compare it with the week before.

    Args:
        store: Where the events are.
        week: Which week; see :func:`~analyzers.reports.weeks.last_complete_week`.
        zone: Whose calendar it follows.
        objectives: What was promised.
        where: Which requests count.

    Raises:
        StoreError: When the store cannot answer.
    """
    selection = Selection(week.window(zone), where=where)
    earlier = Selection(week.previous.window(zone), where=where)
    now, then = (_whole(store, each, measures(objectives)) for each in (selection, earlier))
    totals, before = _totals(now), _totals(then)
    kept, kept_before = compliances(now, objectives), compliances(then, objectives)
    days, hours = (_slots(store, selection, Calendar(unit, zone.key)) for unit in (CalendarUnit.DAY, CalendarUnit.HOUR))
    endpoints, sampled = _endpoints(store, selection), sampling(store, selection, now)
    extent = store.extent(selection.stream)
    return WeeklyReport(
        week=week,
        zone=zone.key,
        window=selection.window,
        store=store.url,
        state=overall_state(kept) if totals.requests else State.UNMEASURED,
        verdict=verdict(kept) + _recorded(days, totals) + _lost(store, selection) + _sampled(sampled),
        totals=totals,
        before=before,
        figures=_figures(totals, before),
        promises=tuple(map(Promise, objectives, kept, kept_before)),
        days=days,
        hours=hours,
        by_requests=_top(endpoints, lambda totals: totals.requests),
        by_errors=_top(endpoints, lambda totals: totals.errors),
        slowest=_top(endpoints, lambda totals: (totals.p95 or 0) if totals.measured >= ENOUGH else 0),
        endpoints=len(endpoints),
        sampling=sampled,
        where=where,
        held_since=None if extent is None else extent.start,
    )


def _whole(store: Store, selection: Selection, counts: tuple[NamedMeasure, ...]) -> Row:
    names = {measure.name for measure in counts}
    asked = counts + tuple(measure for measure in (*_MEASURES, STORED) if measure.name not in names)
    return store.query(Query(selection.stream, selection.window, asked, (), selection.where)).rows[0]


def _grouped(store: Store, selection: Selection, by: Dimension) -> tuple[Row, ...]:
    return store.query(Query(selection.stream, selection.window, _MEASURES, (by,), selection.where)).rows


def _slots(store: Store, selection: Selection, by: Calendar) -> tuple[Slot, ...]:
    """Return every bucket of the week, those that the store has no row for as unmeasured."""
    recorded = {_instant(row): _totals(row) for row in _grouped(store, selection, by)}
    parts = buckets(by, selection.window)
    return tuple(Slot(part, recorded.get(start)) for start, part in parts.items())


def _instant(row: Row) -> datetime:
    bucket = row[BUCKET]
    if not isinstance(bucket, datetime):
        raise TypeError(f"the store gave {bucket!r} for a bucket")
    return bucket.astimezone(UTC)


def _endpoints(store: Store, selection: Selection) -> tuple[Endpoint, ...]:
    rows = _grouped(store, selection, Field(HTTP_ROUTE))
    return tuple(Endpoint(None if row[HTTP_ROUTE] is None else str(row[HTTP_ROUTE]), _totals(row)) for row in rows)


def _totals(row: Row) -> Totals:
    return Totals(
        requests=count(row, "requests"),
        errors=count(row, "errors"),
        measured=count(row, "measured"),
        p50=number(row, "p50"),
        p95=number(row, "p95"),
        p99=number(row, "p99"),
    )


def _top(endpoints: Sequence[Endpoint], key: Callable[[Totals], float]) -> tuple[Endpoint, ...]:
    """Return the endpoints with the greatest keys, equals by name; those at zero are left out."""
    ranked = sorted(endpoints, key=lambda each: (-key(each.totals), each.route is None, each.route or ""))
    return tuple(each for each in ranked if key(each.totals) > 0)[:TOP]


def _recorded(days: Sequence[Slot], totals: Totals) -> str:
    recorded = sum(day.totals is not None for day in days)
    if not totals.requests or recorded == _DAYS_A_WEEK:
        return ""
    return f" (only {recorded} of {_DAYS_A_WEEK} days have events)"


def _lost(store: Store, selection: Selection) -> str:
    sentence = lost_sentence(losses_in(store, selection.window, selection.stream))
    return f"; {sentence}" if sentence else ""


def _sampled(sampled: Sampling | None) -> str:
    return f"; {sampled.sentence}" if sampled else ""


def _figures(now: Totals, then: Totals) -> tuple[Figure, ...]:
    requests, timed = (now.requests, then.requests), (now.measured, then.measured)
    ratio, seconds = Unit.RATIO, Unit.SECONDS
    counted = Figure("requests", "Requests", Unit.COUNT, requests, now.requests or None, then.requests or None, None)
    failed = _failures(now), _failures(then)
    return (
        counted,
        Figure("errors", "Errors (status 5xx)", Unit.COUNT, requests, *failed, less_is_better=True),
        Figure("error_rate", "Error rate", ratio, requests, now.error_rate, then.error_rate, less_is_better=True),
        Figure(
            "availability", "Availability", ratio, requests, now.availability, then.availability, less_is_better=False
        ),
        Figure("p50", "Response time p50", seconds, timed, now.p50, then.p50, less_is_better=True),
        Figure("p95", "Response time p95", seconds, timed, now.p95, then.p95, less_is_better=True),
        Figure("p99", "Response time p99", seconds, timed, now.p99, then.p99, less_is_better=True),
    )


def _failures(totals: Totals) -> int | None:
    """Return the errors; ``None`` without requests, since silence is not the absence of errors."""
    return totals.errors if totals.requests else None
