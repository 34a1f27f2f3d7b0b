"""Count bad events: of a window, of its values, of several conditions at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.explanation.model import Aspect, Condition, ExplainRequest, Tally
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


def whole(store: Store, request: ExplainRequest) -> tuple[Tally, int]:
    """Return the window's events, and how many documents stand for them."""
    where = And((request.where, request.counted))
    measures = (*_measures(request), NamedMeasure("stored", Stored()))
    row = store.query(Query(request.stream, request.window, measures, (), where)).rows[0]
    return _tally(row), count(row, "stored")


def values_of(store: Store, request: ExplainRequest, aspect: Aspect) -> Values:
    """Return the values of an aspect that have the most bad events in the window."""
    where = And((request.where, request.counted))
    top = Top(MOST_VALUES, "bad")
    found = store.query(Query(request.stream, request.window, _measures(request), (aspect.key,), where, top))
    tallies = tuple((Condition(aspect, row[aspect.key.name]), _tally(row)) for row in found.rows)
    return Values(tuple(sorted(tallies, key=lambda each: -each[1].bad)), found.others)


def tallies(
    store: Store,
    request: ExplainRequest,
    window: Window,
    conditions: Sequence[tuple[Condition, ...]],
    where: Predicate = EVERYTHING,
) -> tuple[Tally, tuple[Tally, ...]]:
    """Return the events of a window and those of each condition, by one query.

    Args:
        store: The store.
        request: What is counted, and what is bad.
        window: When.
        conditions: Each of some values that must all hold.
        where: What must hold beside the request's own filter.
    """
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
