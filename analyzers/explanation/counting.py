"""Count bad events: of a window, of its values, of several conditions at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.explanation.model import Aspect, Condition
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.jobs.job import count
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, Count, CountIf, NamedMeasure, Predicate, Query, Stored, Top, Window
from analyzers.store.result import Row

MOST_VALUES: Final = 8
"""Values of an aspect that are looked at: those with the most bad events."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an aspect.

    Attributes:
        found: Those with the most bad events.
        others: How many further values there are.
    """

    found: tuple[tuple[Condition, Tally], ...]
    others: int


def whole(store: Store, request: ExplainRequest) -> tuple[Tally, Fraction]:
    """Return the window's events, and which share of them was kept by a sampler."""
    where = And((request.where, request.counted))
    measures = (NamedMeasure("counted", Count()), NamedMeasure("stored", Stored()))
    row = store.query(Query(request.stream, request.window, measures, (), where)).rows[0]
    counted, stored = count(row, "counted"), count(row, "stored")
    everything, _ = tallies(store, request, request.window, ())
    return everything, Fraction(stored, counted) if counted else Fraction(1)


def values_of(store: Store, request: ExplainRequest, aspect: Aspect) -> Values:
    """Return the values of an aspect that have the most bad events in the window."""
    where = And((request.where, request.counted))
    top = Top(MOST_VALUES, "bad")
    found = store.query(Query(request.stream, request.window, _measures(request), (aspect.key,), where, top))
    conditions = [(Condition(aspect, row[aspect.key.name]),) for row in found.rows]
    counts = [_tally(row) for row in found.rows]
    for window in request.left_out(request.window):
        _, excluded = _tallies(store, request, window, conditions, EVERYTHING)
        counts = [tally.without(each) for tally, each in zip(counts, excluded, strict=True)]
    pairs = ((condition, tally) for (condition,), tally in zip(conditions, counts, strict=True) if tally.counted)
    return Values(tuple(sorted(pairs, key=lambda each: -each[1].bad)), found.others)


def tallies(
    store: Store,
    request: ExplainRequest,
    window: Window,
    conditions: Sequence[tuple[Condition, ...]],
    where: Predicate = EVERYTHING,
) -> tuple[Tally, tuple[Tally, ...]]:
    """Return the events of a window and those of each condition: by one query, and one for each excluded part.

    Args:
        store: The store.
        request: What is counted, and what is bad.
        window: When; what is excluded is taken away.
        conditions: Each of some values that must all hold.
        where: What must hold beside the request's own filter.
    """
    everything, counts = _tallies(store, request, window, conditions, where)
    for part in request.left_out(window):
        excluded, of_each = _tallies(store, request, part, conditions, where)
        everything = everything.without(excluded)
        counts = tuple(tally.without(each) for tally, each in zip(counts, of_each, strict=True))
    return everything, counts


def _tallies(
    store: Store,
    request: ExplainRequest,
    window: Window,
    conditions: Sequence[tuple[Condition, ...]],
    where: Predicate,
) -> tuple[Tally, tuple[Tally, ...]]:
    measures = list(_measures(request))
    for number, condition in enumerate(conditions):
        held = And(tuple(each.predicate for each in condition))
        measures.append(NamedMeasure(f"counted {number}", CountIf(held)))
        measures.append(NamedMeasure(f"bad {number}", CountIf(And((held, request.bad)))))
    filters = And((request.where, request.counted, where))
    row = store.query(Query(request.stream, window, tuple(measures), (), filters)).rows[0]
    return _tally(row), tuple(_tally(row, f" {number}") for number in range(len(conditions)))


def _measures(request: ExplainRequest) -> tuple[NamedMeasure, ...]:
    return (NamedMeasure("counted", Count()), NamedMeasure("bad", CountIf(request.bad)))


def _tally(row: Row, suffix: str = "") -> Tally:
    return Tally(count(row, f"counted{suffix}"), count(row, f"bad{suffix}"))
