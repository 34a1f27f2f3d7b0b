"""A query as one DuckDB statement, and the statement's rows as the query's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias, assert_never

from analyzers.store.embedded.buckets import Buckets
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.engine import Cell
from analyzers.store.embedded.predicates import PredicateCompiler
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.relation import relation
from analyzers.store.embedded.statement import Parameters, Statement
from analyzers.store.operands import exact_fraction
from analyzers.store.query import (
    Avg,
    Calendar,
    Count,
    CountIf,
    Dimension,
    DistinctCount,
    Histogram,
    Max,
    Measure,
    Min,
    Percentile,
    Predicate,
    Query,
    Range,
    Sum,
    Top,
)
from analyzers.store.result import Row, Value
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema

Decoder: TypeAlias = Callable[[Cell], Value]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement and how its columns read."""

    statement: Statement
    columns: tuple[tuple[str, Decoder], ...]

    def row(self, cells: Sequence[Cell]) -> Row:
        """Return one row of the statement under the query's names; its first column is no one's."""
        return {name: decode(cell) for (name, decode), cell in zip(self.columns, cells[1:], strict=True)}


@dataclass(frozen=True, slots=True)
class Order:
    """By which of a query's groups come first, and how many of them.

    The first column of the statement is then the number of all groups.
    """

    top: Top
    most: int


def compile_query(
    query: Query, schema: Schema, root: Path, segments: Sequence[Segment], order: Order | None = None
) -> Compiled:
    """Compile a checked query without ``top`` over the segments that its window touches."""
    return _Compiler(query, schema, segments).compile(root, order)


class _Compiler:
    def __init__(self, query: Query, schema: Schema, segments: Sequence[Segment]) -> None:
        self._query = query
        self._schema = schema
        self._segments = segments
        self._parameters = Parameters()
        self._predicates = PredicateCompiler(schema, self._parameters)

    def compile(self, root: Path, order: Order | None) -> Compiled:
        dimensions = [self._dimension(dimension) for dimension in self._query.by]
        measures = [self._measure(named.measure) for named in self._query.measures]
        names = [dimension.name for dimension in self._query.by] + [named.name for named in self._query.measures]
        selected = ["count(*) OVER ()" if order else "count(*)", *(sql for sql, _ in dimensions), *measures]
        fields = list(self._schema.fields.values())
        source = relation(root, self._segments, fields, self._parameters, self._query.window)
        grouping = ", ".join(str(place) for place in range(2, 2 + len(dimensions)))
        # Every part is ours: names quoted from the schema, values as parameters.
        sql = f"SELECT {', '.join(selected)} FROM {source} WHERE {self._predicates.compile(self._query.where)}"  # noqa: S608 - see above
        sql = f"{sql} GROUP BY {grouping}" if grouping else sql
        statement = self._parameters.statement(f"{sql}{_ordering(order, names, len(dimensions))}" if order else sql)
        decoders = [decode for _, decode in dimensions]
        decoders += [_decoder(named.measure) for named in self._query.measures]
        return Compiled(statement, tuple(zip(names, decoders, strict=True)))

    def _dimension(self, dimension: Dimension) -> tuple[str, Decoder]:
        if isinstance(dimension, Calendar):
            buckets = Buckets(dimension, self._segments)
            return buckets.sql(self._parameters), _bucket_decoder(buckets)
        return quoted(self._schema.field(dimension.name).name), _as_is

    def _measure(self, measure: Measure) -> str:
        match measure:
            case Count():
                return "count(*)"
            case CountIf(predicate):
                return self._count_if(predicate)
            case DistinctCount(name):
                return f"count(DISTINCT {quoted(self._schema.field(name).name)})"
            case Histogram():
                return self._histogram(measure)
            case Percentile():
                return self._percentile(measure)
            case Sum() | Avg() | Min() | Max():
                return _aggregate(measure, self._schema.field(measure.field))
            case _:
                assert_never(measure)

    def _count_if(self, predicate: Predicate) -> str:
        """``count_if`` takes less time than ``count`` with ``FILTER``; over no event it is null."""
        return f"coalesce(count_if({self._predicates.compile(predicate)}), 0)"

    def _histogram(self, wanted: Histogram) -> str:
        """Count the values below each edge, and all: :func:`_differences` makes counts of intervals of them."""
        below = [self._count_if(Range(wanted.field, lt=edge)) for edge in wanted.edges]
        return f"[{', '.join(below)}, count({quoted(self._schema.field(wanted.field).name)})]"

    def _percentile(self, wanted: Percentile) -> str:
        """All percentiles of a field share one pass: DuckDB computes an aggregate that is written twice once.

        With a decimal fraction ``quantile_disc`` works in integers and gives the value of rank ``ceil(fraction * n)``.
        """
        column = quoted(self._schema.field(wanted.field).name)
        fractions = self._fractions(self._schema.field(wanted.field))
        place = fractions.index(exact_fraction(wanted.percent)) + 1
        listed = ", ".join(f"{fraction:f}" for fraction in fractions)
        # Digits of our own decimals: DuckDB takes no parameter for a list of quantiles.
        return f"quantile_disc({column}, [{listed}])[{place}]"

    def _fractions(self, field: FieldSpec) -> list[Decimal]:
        measures = [named.measure for named in self._query.measures]
        wanted = [measure for measure in measures if isinstance(measure, Percentile)]
        alike = [measure.percent for measure in wanted if self._schema.field(measure.field) == field]
        return sorted({exact_fraction(percent) for percent in alike})


def _ordering(order: Order, names: Sequence[str], keys: int) -> str:
    """Order by a measure, equals by the keys, which come first; DuckDB orders text by code point, as results do."""
    direction = "ASC" if order.top.ascending else "DESC"
    places = [f"{names.index(order.top.by) + 2} {direction} NULLS LAST"]
    places += [f"{place} ASC NULLS LAST" for place in range(2, 2 + keys)]
    return f" ORDER BY {', '.join(places)} LIMIT {order.most}"


def _aggregate(measure: Sum | Avg | Min | Max, field: FieldSpec) -> str:
    """Whole numbers are summed exactly, in 128 bits; others with Kahan's compensation, as Elasticsearch does."""
    column = quoted(field.name)
    if isinstance(measure, Min | Max):
        return f"{type(measure).__name__.lower()}({column})"
    function = "sum" if isinstance(measure, Sum) else "avg"
    return f"{function}({column})" if field.type in INTEGRAL else f"f{function}({column}::DOUBLE)"


def _decoder(measure: Measure) -> Decoder:
    return _differences if isinstance(measure, Histogram) else _as_is


def _as_is(cell: Cell) -> Value:
    return tuple(cell) if isinstance(cell, list) else cell


def _differences(cell: Cell) -> Value:
    """Return how many values each interval has, from how many lie below its end."""
    below = cell if isinstance(cell, list) else []
    return tuple(high - low for low, high in pairwise([0, *below]))


def _bucket_decoder(buckets: Buckets) -> Decoder:
    def decode(cell: Cell) -> Value:
        return buckets.start(cell) if isinstance(cell, int) else None

    return decode
