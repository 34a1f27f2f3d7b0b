"""What the budget of an objective is sized by, and how it was spent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from analyzers.buckets import buckets
from analyzers.sla.budget import Basis, Budget, Sized, Spending, budget_of
from analyzers.sla.by_time import span_of
from analyzers.sla.contract.model import RollingPeriod
from analyzers.sla.contract.periods import period_before
from analyzers.sla.counting import counts_of, coverage_of, share_of, thresholds_of
from analyzers.sla.evidence import Evidence
from analyzers.sla.scope import MINUTE, Scope, minutes_in
from analyzers.sla.timeline import Timeline, timeline_so_far
from analyzers.sla.uptime import uptime_of
from analyzers.store.query import Calendar, CalendarUnit, Window

DAY: Final = timedelta(hours=25)
"""The longest day of any zone, up to which slots are hours."""


def request_budget(evidence: Evidence, scope: Scope) -> Budget:
    """Return the budget of a request objective, with one slot for each hour of a day or day of a longer period."""
    spending = _spending(evidence, scope)
    sized = _sized(evidence, scope, sum(each.total for each in spending))
    return budget_of(scope, "request", sized, spending)


def minute_budget(evidence: Evidence, scope: Scope) -> Budget | None:
    """Return the budget of an uptime objective, in minutes; ``None`` where the contract was not yet in force."""
    if scope.in_force is None:
        return None
    line = timeline_so_far(evidence, scope.objective, span_of(scope))
    spending = tuple(_minutes(line, each) for each in slots_of(scope))
    sized = Sized(Basis.MINUTES, minutes_in(scope.counting(scope.in_force)), scope.period.title, provisional=False)
    return budget_of(scope, "minute", sized, spending)


def slots_of(scope: Scope) -> Sequence[Window]:
    """Return the hours of a day, or the days of a longer period, in the contract's zone, as far as they have passed."""
    window = scope.elapsed
    if window is None:
        return ()
    unit = CalendarUnit.HOUR if scope.period.window.length <= DAY else CalendarUnit.DAY
    return tuple(buckets(Calendar(unit, scope.contract.zone), window).values())


def _minutes(line: Timeline, slot: Window) -> Spending:
    first, last = (slot.start - line.start) // MINUTE, (slot.end - line.start) // MINUTE
    found = uptime_of(Timeline(slot.start, line.marks[first:last]))
    return Spending(slot, found.bad, found.good + found.bad)


def _spending(evidence: Evidence, scope: Scope) -> tuple[Spending, ...]:
    slots = slots_of(scope)
    pieces = [(place, piece) for place, slot in enumerate(slots) for piece in scope.counting(slot)]
    bad, total = [0] * len(slots), [0] * len(slots)
    if pieces:
        windows = [piece for _, piece in pieces]
        found = evidence.series(windows, scope.objective.route, thresholds_of(scope.objective))
        for (place, _), (_, counts) in zip(pieces, found, strict=True):
            share = share_of(scope.objective, counts)
            bad[place] += share.bad
            total[place] += share.total
    return tuple(map(Spending, slots, bad, total))


def _sized(evidence: Evidence, scope: Scope, so_far: int) -> Sized:
    window, lateness = scope.period.window, scope.contract.lateness
    settled = scope.as_of >= window.start + lateness
    before = scope.of(period_before(scope.period))
    total = _total(evidence, before)
    if total:
        return Sized(Basis.BEFORE, total, before.period.title, not settled, before.period.said)
    if scope.objective.expected_requests is not None:
        return Sized(Basis.EXPECTED, scope.objective.expected_requests, None, not settled)
    final = isinstance(scope.period.period, RollingPeriod) or scope.as_of >= window.end + lateness
    return Sized(Basis.SO_FAR, so_far, scope.period.title, not final)


def _total(evidence: Evidence, before: Scope) -> int:
    """Return the requests of the period before; 0 where it is nothing to go by.

    That is so where the contract was not yet in force for all of it, or too little of it was measured.
    """
    if before.elapsed != before.period.window:
        return 0
    if before.contract.coverage and not coverage_of(evidence, before).suffices:
        return 0
    return share_of(before.objective, counts_of(evidence, before, before.windows)).total
