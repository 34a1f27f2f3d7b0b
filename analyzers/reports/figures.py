"""The figures of the documented daily report, of any period, beside those of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.blocks import Change, Figure
from analyzers.language import Message, message, plural
from analyzers.reports.chance import Share
from analyzers.reports.measuring import Totals, Whole
from analyzers.reports.significance import Significance, change_of, level_change, paired_days, share_change
from analyzers.units import Unit

Test: TypeAlias = Callable[["Measure", Whole, Whole], Significance | None]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of requests.

    Attributes:
        name: Its name in JSON.
        title: Its name for people.
        unit: What it is.
        value: Its value.
        basis: What it rests on.
        test: How a change of it is tested over pairs of days.
        less_is_better: Whether a fall is good news; ``None`` where neither is.
    """

    name: str
    title: Message
    unit: Unit
    value: Callable[[Totals], float | None]
    basis: Callable[[Totals], Message]
    test: Test
    less_is_better: bool | None = True


def figure_of(measure: Measure, now: Whole, before: Whole | None) -> Figure:
    """Return a figure, and how it changed since another period; ``None`` where there is none to compare with."""
    change = None if before is None else change_since(measure, now, before)
    totals = now.totals
    return Figure(
        measure.name, measure.title, measure.unit, measure.value(totals), measure.basis(totals), change=change
    )


def change_since(measure: Measure, now: Whole, before: Whole) -> Change:
    """Return how a figure changed."""
    value, earlier = measure.value(now.totals), measure.value(before.totals)
    found = None if value is None or earlier is None else measure.test(measure, now, before)
    return change_of(earlier, value, measure.unit, found, less_is_better=measure.less_is_better)


def _by_level(measure: Measure, now: Whole, before: Whole) -> Significance | None:
    """Compare the values of the days."""
    value, earlier = measure.value(now.totals), measure.value(before.totals)
    if value is None or earlier is None:
        return None
    known = [
        {day: each for day, totals in whole.days.items() if (each := measure.value(totals)) is not None}
        for whole in (before, now)
    ]
    return level_change(paired_days(*known), value - earlier)


def _by_mean_day(measure: Measure, now: Whole, before: Whole) -> Significance | None:
    """Compare the counts of the days: months of 30 and 31 days differ by the day."""
    value, earlier = (_mean_day(measure, whole) for whole in (now, before))
    if value is None or earlier is None:
        return None
    known = [{day: float(measure.value(totals) or 0) for day, totals in whole.days.items()} for whole in (before, now)]
    return level_change(paired_days(*known), value - earlier)


def _mean_day(measure: Measure, whole: Whole) -> float | None:
    total = measure.value(whole.totals)
    return None if total is None or not whole.days else total / len(whole.days)


def _by_share(_measure: Measure, now: Whole, before: Whole) -> Significance | None:
    """Compare the shares of the days."""
    known = [
        {day: Share(totals.errors, totals.requests) for day, totals in whole.days.items()} for whole in (before, now)
    ]
    return share_change(paired_days(*known))


def _requests(totals: Totals) -> Message:
    return plural("{n} request", "{n} requests", totals.requests)


def _timed(totals: Totals) -> Message:
    return plural(
        "{timed} of {n} request timed", "{timed} of {n} requests timed", totals.requests, timed=totals.measured
    )


def _failed(totals: Totals) -> Message:
    return plural("{bad} of {n} request", "{bad} of {n} requests", totals.requests, bad=totals.errors)


MEAN: Final = Measure(
    "avg_response_time",
    message("Mean response time"),
    Unit.SECONDS,
    lambda totals: totals.mean,
    _timed,
    _by_level,
)
P50: Final = Measure("p50", message("Response time p50"), Unit.SECONDS, lambda totals: totals.p50, _timed, _by_level)
P95: Final = Measure("p95", message("Response time p95"), Unit.SECONDS, lambda totals: totals.p95, _timed, _by_level)
P99: Final = Measure("p99", message("Response time p99"), Unit.SECONDS, lambda totals: totals.p99, _timed, _by_level)
REQUESTS: Final = Measure(
    "total_requests",
    message("Requests"),
    Unit.COUNT,
    lambda totals: totals.requests or None,
    _requests,
    _by_mean_day,
    less_is_better=None,
)
ERRORS: Final = Measure(
    "errors",
    message("Errors (status 5xx)"),
    Unit.COUNT,
    lambda totals: totals.errors if totals.requests else None,
    _requests,
    _by_mean_day,
)
ERROR_RATE: Final = Measure(
    "error_rate", message("Error rate"), Unit.RATIO, lambda totals: totals.error_rate, _failed, _by_share
)
MEASURES: Final = (REQUESTS, ERRORS, ERROR_RATE, MEAN, P50, P95, P99)
"""What every report says of requests, in this order."""
