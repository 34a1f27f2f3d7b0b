"""What a measure is over some events, by its definition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import TypeAlias, assert_never

from analyzers.store.memory.event import Event
from analyzers.store.memory.predicates import holds
from analyzers.store.query import (
    Avg,
    Count,
    CountIf,
    DistinctCount,
    Histogram,
    Max,
    Measure,
    Min,
    Percentile,
    Stored,
    Sum,
)
from analyzers.store.result import Value

_Weighted: TypeAlias = tuple[float, int]
"""A number, and how many times it is there."""


def measured(measure: Measure, events: Sequence[Event]) -> Value:
    """Return the value of a measure."""
    match measure:
        case Count():
            return sum(event.weight for event in events)
        case CountIf(predicate):
            return sum(event.weight for event in events if holds(predicate, event))
        case Stored():
            return len(events)
        case DistinctCount(field):
            return len({value for event in events for value in event.values(field)})
        case Histogram(field, edges):
            return _spread(_numbers(field, events), edges)
        case _:
            numbers = _numbers(measure.field, events)
            return _summary(measure, numbers) if numbers else None


def _numbers(field: str, events: Sequence[Event]) -> list[_Weighted]:
    found = ((value, event.weight) for event in events for value in event.values(field))
    return sorted((value, weight) for value, weight in found if not isinstance(value, str))


def _spread(numbers: Sequence[_Weighted], edges: Sequence[float]) -> tuple[int, ...]:
    bounds = (-math.inf, *edges, math.inf)
    return tuple(sum(weight for number, weight in numbers if low <= number < high) for low, high in pairwise(bounds))


def _summary(measure: Sum | Avg | Min | Max | Percentile, numbers: Sequence[_Weighted]) -> Value:
    match measure:
        case Sum():
            return _total(numbers)
        case Avg():
            return _total(numbers) / sum(weight for _, weight in numbers)
        case Min():
            return numbers[0][0]
        case Max():
            return numbers[-1][0]
        case Percentile(_, percent):
            return _at_rank(numbers, math.ceil(Fraction(str(percent)) / 100 * sum(weight for _, weight in numbers)))
        case _:
            assert_never(measure)


def _at_rank(numbers: Sequence[_Weighted], rank: int) -> float:
    """Return the first number, in ascending order, with which so many places are taken."""
    taken = accumulate(weight for _, weight in numbers)
    return next(number for (number, _), places in zip(numbers, taken, strict=True) if places >= rank)


def _total(numbers: Sequence[_Weighted]) -> float:
    if all(isinstance(number, int) for number, _ in numbers):
        return sum(number * weight for number, weight in numbers)
    return math.fsum(number * weight for number, weight in numbers)
