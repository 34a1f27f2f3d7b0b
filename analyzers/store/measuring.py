"""What a query may measure, and which fields' values it may tell apart."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, assert_never

from analyzers.store.operands import is_number
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
    QueryError,
    Stored,
    Sum,
)
from analyzers.store.schema import LIST_FIELDS, NUMERIC, FieldSpec, FieldType, Schema

MOST_EDGES: Final = 1_000
"""Edges of one histogram."""


def check_key(field: FieldSpec, use: str) -> None:
    """Make sure that a field's values can be told apart.

    Args:
        field: The field.
        use: What for, in words: ``group``.

    Raises:
        QueryError: When they cannot.
    """
    if field.name in LIST_FIELDS:
        raise QueryError(f"{field.name} holds a list and cannot {use}", "test it in a predicate instead")
    if field.type in {FieldType.TEXT, FieldType.DATE}:
        remedy = "use calendar buckets" if field.type is FieldType.DATE else "name a keyword"
        raise QueryError(f"{field.name} is a {field.type} and cannot {use}", remedy)


def check_measure(measure: Measure, schema: Schema) -> None:
    """Make sure that a measure can be taken of a stream; the condition of a ``CountIf`` is checked elsewhere.

    Raises:
        QueryError: When it cannot.
    """
    match measure:
        case Count() | CountIf() | Stored():
            return  # a condition is checked as every predicate is
        case DistinctCount(name):
            check_key(schema.field(name), "be counted by its values")
        case Sum(name) | Avg(name) | Min(name) | Max(name):
            _check_numeric(schema.field(name))
        case Percentile(name, percent):
            _check_numeric(schema.field(name))
            if not is_number(percent) or not 0 < percent <= 100:  # noqa: PLR2004 - per cent
                raise QueryError(f"there is no percentile {percent}", "ask for one above 0, up to 100")
        case Histogram(name, edges):
            _check_numeric(schema.field(name))
            _check_edges(edges)
        case _:
            assert_never(measure)


def _check_numeric(field: FieldSpec) -> None:
    if field.type not in NUMERIC:
        raise QueryError(f"{field.name} is a {field.type}; only numbers are measured", "name a numeric field")


def _check_edges(edges: tuple[float, ...]) -> None:
    if not 1 <= len(edges) <= MOST_EDGES:
        raise QueryError(f"a histogram has {len(edges)} edges", f"give from 1 to {MOST_EDGES}")
    if not all(is_number(edge) for edge in edges):
        raise QueryError("an edge of a histogram is no finite number", "leave open ends out: both have counts anyway")
    if any(low >= high for low, high in pairwise(edges)):
        raise QueryError("the edges of a histogram do not ascend", "give each once, the least first")
