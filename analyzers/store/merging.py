"""Put the measures of groups together into those of their events, where that is exact."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from analyzers.store.query import Count, CountIf, Histogram, Max, Measure, Min, NamedMeasure, Stored, Sum
from analyzers.store.result import Row, Value


def can_merge(measures: Sequence[NamedMeasure]) -> bool:
    """Tell whether all can be: not percentiles, means and distinct counts, which need the events themselves."""
    return all(isinstance(named.measure, Count | CountIf | Stored | Sum | Min | Max | Histogram) for named in measures)


def merged(measures: Sequence[NamedMeasure], groups: Sequence[Row]) -> Row:
    """Return the measures over the events of some groups, at least one, that have no event in common."""
    return {named.name: _merged(named.measure, [group[named.name] for group in groups]) for named in measures}


def _merged(measure: Measure, values: Sequence[Value]) -> Value:
    if isinstance(measure, Histogram):
        counts = [value for value in values if isinstance(value, tuple)]
        return tuple(sum(each) for each in zip(*counts, strict=True))
    numbers = [value for value in values if isinstance(value, int | float)]
    return _summary(measure, numbers) if numbers else None


def _summary(measure: Measure, numbers: Sequence[float]) -> Value:
    match measure:
        case Count() | CountIf() | Stored() | Sum():
            return sum(numbers) if all(isinstance(number, int) for number in numbers) else fsum(numbers)
        case Min():
            return min(numbers)
        case _:
            return max(numbers)
