"""The chapter about the agreement: its objectives, its error budgets, and how they burnt down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction

from analyzers.blocks import Block, Cell, Heading, Judged, Picture, Section, Table
from analyzers.buckets import buckets
from analyzers.charts.definition import Limit, Mark, Point, Series, TimeChart
from analyzers.language import Message, message
from analyzers.language.parts import target as target_of
from analyzers.numbers import ratio
from analyzers.reports.agreement import Agreement
from analyzers.sla.budget import Budget
from analyzers.sla.contract.naming import written
from analyzers.sla.judgement import Longest, Share, allowed
from analyzers.sla.report import Entry
from analyzers.sla.spending import DAY
from analyzers.store.query import Calendar, CalendarUnit, Window
from analyzers.units import Unit

_OBJECTIVE = Heading("objective", message("Objective"), Unit.KEY)
_PERIOD = Heading("period", message("Period"), Unit.KEY)
_STATE = Heading("state", message("State"), Unit.KEY)
_COVERAGE = Heading("coverage", message("Time measured"), Unit.RATIO)


def agreement_section(found: Agreement, *, burn_down: bool) -> Section:
    """Return the chapter.

    Args:
        found: The judgements.
        burn_down: Whether the budgets are drawn, too.
    """
    blocks: list[Block] = [_shares(found)]
    if any(_is_timed(each) for each in found.entries):
        blocks.append(_limits(found))
    blocks.append(_budgets((*(each for each in found.entries if _is_agreed(each)), *found.running)))
    if burn_down:
        blocks += _pictures(found.entries)
    return Section("agreement", message("Service-level agreement"), tuple(blocks))


def _shares(found: Agreement) -> Table:
    return Table(
        "objectives",
        message("Objectives by share"),
        (
            _OBJECTIVE,
            _STATE,
            Heading("good", message("Good"), Unit.COUNT),
            Heading("total", message("Judged"), Unit.COUNT),
            Heading("share", message("Share good"), Unit.RATIO),
            Heading("target", message("Target"), Unit.RATIO),
            Heading("margin", message("To spare"), Unit.COUNT),
            _COVERAGE,
        ),
        tuple(_share_row(each) for each in found.entries if not _is_timed(each)),
        message("The agreement has no objective about a share of requests or minutes."),
        message(
            "Judged over this report's period, whatever the agreement's own is. Good and judged are requests, or "
            "minutes where the objective is about time."
        ),
    )


def _share_row(entry: Entry) -> tuple[Cell, ...]:
    judgement, objective = entry.judgement, entry.scope.objective
    coverage = ratio(judgement.coverage.measured, judgement.coverage.due)
    target = None if objective.target is None else target_of(objective.target).value
    share = judgement.measured
    if not isinstance(share, Share) or not share.total:
        return (_name(entry), judgement.state, None, None, None, target, None, coverage)
    margin = allowed(objective, share.total) - share.bad
    return (
        _name(entry),
        judgement.state,
        share.good,
        share.total,
        _judged(share, objective.target),
        target,
        margin,
        coverage,
    )


def _judged(share: Share, target: Fraction | None) -> Judged | float | None:
    """Return the share of what was good, told from what was promised of it."""
    return ratio(share.good, share.total) if target is None else Judged(Fraction(share.good, share.total), target)


def _limits(found: Agreement) -> Table:
    return Table(
        "limits",
        message("Objectives by time"),
        (
            _OBJECTIVE,
            _STATE,
            Heading("longest", message("Longest"), Unit.SECONDS),
            Heading("limit", message("Limit"), Unit.SECONDS),
            Heading("number", message("Number"), Unit.COUNT),
            _COVERAGE,
        ),
        tuple(
            _limit_row(each, each.scope.objective.limit)
            for each in found.entries
            if _is_timed(each) and each.scope.objective.limit is not None
        ),
        message("The agreement has no objective about a length of time."),
        message("Of recovery times the number and the longest are of outages; of recovery points, of backups."),
    )


def _limit_row(entry: Entry, limit: timedelta) -> tuple[Cell, ...]:
    """Return how long the longest was; unmeasured where there was none to measure, such as a backup."""
    coverage, found = entry.judgement.coverage, entry.judgement.measured
    longest = found if isinstance(found, Longest) else None
    return (
        _name(entry),
        entry.judgement.state,
        None if longest is None else longest.longest.total_seconds(),
        limit.total_seconds(),
        None if longest is None else longest.number,
        ratio(coverage.measured, coverage.due),
    )


def _is_timed(entry: Entry) -> bool:
    """Tell whether a length of time is promised: nothing has a share of it."""
    return entry.scope.objective.target is None


def _is_agreed(entry: Entry) -> bool:
    """Tell whether the objective is promised over periods like the report's."""
    return entry.scope.period.period in entry.scope.objective.periods


def _budgets(entries: Sequence[Entry]) -> Table:
    return Table(
        "budgets",
        message("Error budgets"),
        (
            _OBJECTIVE,
            _PERIOD,
            _STATE,
            Heading("size", message("May fail"), Unit.COUNT),
            Heading("spent", message("Failed"), Unit.COUNT),
            Heading("remaining", message("Left"), Unit.COUNT),
        ),
        tuple(_budget_row(each, each.budget) for each in entries if each.budget is not None),
        message("No objective of the agreement has an error budget."),
    )


def _budget_row(entry: Entry, budget: Budget) -> tuple[Cell, ...]:
    period = entry.scope.period.said
    known = (budget.size, budget.spent, budget.remaining) if budget.is_measured else (None, None, None)
    return (_name(entry), period, entry.judgement.state, *known)


def _pictures(entries: Sequence[Entry]) -> Iterator[Picture]:
    for each in entries:
        if each.budget is not None and each.budget.is_measured and each.budget.slots:
            yield _burn_down(each, each.budget)


def _burn_down(entry: Entry, budget: Budget) -> Picture:
    window, zone = entry.scope.period.window, entry.scope.contract.zone
    unit = CalendarUnit.HOUR if window.length <= DAY else CalendarUnit.DAY
    points = tuple(Point(part, _left(budget, part)) for part in buckets(Calendar(unit, zone), window).values())
    objective, period = _name(entry), entry.scope.period
    return Picture(
        f"burn_down_{entry.scope.objective.name}",
        message("Error budget of {objective}, {period}", objective=objective, period=period.said),
        TimeChart(
            Unit.COUNT,
            _axis(budget),
            window,
            zone,
            (Series(message("left of the budget"), points, Mark.STEP),),
            (Limit(0.0, message("spent")),),
            tuple(each.window for each in entry.scope.exclusions),
        ),
        budget.said,
    )


def _left(budget: Budget, part: Window) -> float | None:
    """Return what was left at the end of a bucket; the contract may have come into force within it."""
    inside = (each.remaining for each in budget.slots if part.start <= each.spending.window.start < part.end)
    return next((float(each) for each in inside), None)


def _axis(budget: Budget) -> Message:
    return message("requests left") if budget.unit == "request" else message("minutes left")


def _name(entry: Entry) -> Message | str:
    return written(entry.scope.objective.name)
