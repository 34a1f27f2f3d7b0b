"""What a measure is over some events, by its definition."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import assert_never

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
    Sum,
)
from analyzers.store.result import Value


def measured(measure: Measure, events: Sequence[Event]) -> Value:
    """Return the value of a measure."""
    match measure:
        case Count():
            return len(events)
        case CountIf(predicate):
            return sum(holds(predicate, event) for event in events)
        case DistinctCount(field):
            return len({value for event in events for value in event.values(field)})
        case Histogram(field, edges):
            return _spread(_numbers(field, events), edges)
        case _:
            numbers = _numbers(measure.field, events)
            return _summary(measure, numbers) if numbers else None


def _numbers(field: str, events: Sequence[Event]) -> list[float]:
    found = (value for event in events for value in event.values(field))
    return sorted(value for value in found if not isinstance(value, str))


def _spread(numbers: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    bounds = (-math.inf, *edges, math.inf)
    return tuple(sum(low <= number < high for number in numbers) for low, high in pairwise(bounds))


def _summary(measure: Sum | Avg | Min | Max | Percentile, numbers: Sequence[float]) -> Value:
    match measure:
        case Sum():
            return _total(numbers)
        case Avg():
            return _total(numbers) / len(numbers)
        case Min():
            return numbers[0]
        case Max():
            return numbers[-1]
        case Percentile(_, percent):
            return numbers[math.ceil(Fraction(str(percent)) / 100 * len(numbers)) - 1]
        case _:
            assert_never(measure)


def _total(numbers: Sequence[float]) -> float:
    return sum(numbers) if all(isinstance(number, int) for number in numbers) else math.fsum(numbers)
