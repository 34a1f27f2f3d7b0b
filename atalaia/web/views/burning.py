"""An error budget over its period: what was left after each day or hour, and where that leads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Linked, Picture, Table
from analyzers.buckets import buckets
from analyzers.charts.definition import Limit, Mark, Point, Series, TimeChart
from analyzers.explanation.objectives import request_of
from analyzers.language import Message, message
from analyzers.question import instant_text
from analyzers.selection import print_where
from analyzers.sla.budget import Budget, Slot
from analyzers.sla.contract.model import EVERY
from analyzers.sla.contract.naming import written
from analyzers.sla.report import Entry
from analyzers.store.query import EVERYTHING, And, Calendar, CalendarUnit, Predicate, Window
from atalaia.web.asked import Question
from atalaia.web.views import links

_DAY: Final = timedelta(hours=25)
"""The longest day of any zone, up to which slots are hours."""


def burn_down(entry: Entry, budget: Budget, question: Question) -> Picture:
    """Draw what is left of a budget, over the whole period, beside an even pace; it never rises by itself.

    Time that is yet to come, and time of which nothing could be judged, is a gap. A step leads to what spent it.
    """
    scope, window = entry.scope, entry.scope.in_force or entry.scope.period.window
    slots = {each.spending.window.start: each for each in budget.slots}
    unit = CalendarUnit.HOUR if scope.period.window.length <= _DAY else CalendarUnit.DAY
    parts = list(buckets(Calendar(unit, scope.contract.zone), window).values())
    left = tuple(_point(each, slots.get(each.start), entry, question) for each in parts)
    pace = tuple(Point(each, _even(budget.size, window, each.end)) for each in parts)
    series = (Series(message("left"), left, Mark.STEP), Series(message("even pace"), pace, Mark.STEP))
    excluded = tuple(each.window for each in scope.exclusions)
    chart = TimeChart(
        Unit.COUNT,
        _axis(budget),
        window,
        scope.contract.zone,
        series,
        (Limit(0.0, message("spent")),),
        tuple(_cut(each, window) for each in excluded),
    )
    title = message("Error budget of {objective}", objective=written(scope.objective.name))
    return Picture(f"budget-{scope.objective.name}-{scope.period.period.name}", title, chart)


def slots_table(entry: Entry, budget: Budget, question: Question) -> Table:
    """Return each day or hour of a budget: what was bad in it, and what was left after it."""
    scope = entry.scope
    return Table(
        f"slots-{scope.objective.name}-{scope.period.period.name}",
        message("How the budget of {objective} was spent", objective=written(scope.objective.name)),
        (
            Heading("when", message("When"), Unit.KEY),
            Heading("bad", message("Bad"), Unit.COUNT),
            Heading("total", message("Judged"), Unit.COUNT),
            Heading("spent", message("Spent until then"), Unit.COUNT),
            Heading("remaining", message("Left"), Unit.COUNT),
            Heading("settled", message("Settled"), Unit.KEY),
        ),
        tuple(_row(each, entry, question) for each in budget.slots),
        message("No time of the period has passed."),
        message("Settled is what only a restatement can still change."),
    )


def drill_of(entry: Entry, window: Window, question: Question, *, bad: bool = True) -> str:
    """Return the drill-down of the requests that an objective counts in a window, or of the bad ones."""
    start, end = instant_text(window.start), instant_text(window.end)
    environment = entry.scope.contract.environment
    return question.address(
        links.DRILL,
        start=start,
        end=end,
        by=None,
        where=_filters(entry, bad=bad),
        environment=None if environment == EVERY else environment,
    )


def _filters(entry: Entry, *, bad: bool) -> list[str]:
    request = request_of(entry)
    if request is None:
        return []
    wanted = (request.where, *((request.bad,) if bad else ()))
    return [print_where(part) for each in wanted for part in _parts(each) if part != EVERYTHING]


def _parts(predicate: Predicate) -> Sequence[Predicate]:
    return predicate.predicates if isinstance(predicate, And) else (predicate,)


def _point(window: Window, slot: Slot | None, entry: Entry, question: Question) -> Point:
    if slot is None or not slot.spending.total:
        return Point(window, None)
    return Point(window, float(slot.remaining), drill_of(entry, slot.spending.window, question))


def _even(size: int, window: Window, end: datetime) -> float:
    """Return what would be left at an instant if a budget were spent evenly."""
    return size * ((window.end - end) / window.length)


def _axis(budget: Budget) -> Message:
    return message("Requests left") if budget.unit == "request" else message("Minutes left")


def _cut(part: Window, window: Window) -> Window:
    return Window(max(part.start, window.start), min(part.end, window.end))


def _row(slot: Slot, entry: Entry, question: Question) -> tuple[Cell, ...]:
    spending = slot.spending
    return (
        Linked(spending.window, drill_of(entry, spending.window, question, bad=False)),
        Linked(spending.bad, drill_of(entry, spending.window, question)),
        spending.total,
        slot.spent,
        slot.remaining,
        message("yes") if slot.settled else message("not yet"),
    )
