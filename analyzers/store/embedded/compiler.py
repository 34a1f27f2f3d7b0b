"""A query as one DuckDB statement, and the statement's rows as the query's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from analyzers.fields import SAMPLE_WEIGHT
from analyzers.store.embedded.buckets import Buckets
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.engine import Cell
from analyzers.store.embedded.measures import Measures
from analyzers.store.embedded.networks import network_key, network_named
from analyzers.store.embedded.predicates import PredicateCompiler
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.relation import relation
from analyzers.store.embedded.statement import Parameters, Statement
from analyzers.store.embedded.weighted import WeightedMeasures
from analyzers.store.keys import field_of
from analyzers.store.query import Calendar, Dimension, Histogram, Measure, Network, Predicate, Query, StatusClass, Top
from analyzers.store.result import Row, Value
from analyzers.store.schema import Schema

Decoder: TypeAlias = Callable[[Cell], Value]

CHOSEN: Final = ""
"""The column of :func:`compile_parted` that is true of the chosen groups; no measure has an empty name."""


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


def compile_parted(
    query: Query, schema: Schema, root: Path, segments: Sequence[Segment], chosen: Predicate
) -> Compiled:
    """Compile a checked query whose events outside of some groups are one group, or one for each bucket of time.

    Both parts come of one scan. A column, :data:`CHOSEN`, tells which part a row is of; in the rest the keys are
    null.
    """
    return _Compiler(query, schema, segments, chosen).compile(root, None)


class _Compiler:
    def __init__(
        self, query: Query, schema: Schema, segments: Sequence[Segment], chosen: Predicate | None = None
    ) -> None:
        self._query = query
        self._schema = schema
        self._segments = segments
        self._parameters = Parameters()
        self._predicates = PredicateCompiler(schema, self._parameters)
        weighted = SAMPLE_WEIGHT in schema.fields and any(SAMPLE_WEIGHT in segment.columns for segment in segments)
        self._measures = (WeightedMeasures if weighted else Measures)(query, schema, self._predicates)
        self._chosen = None if chosen is None else f"coalesce({self._predicates.compile(chosen)}, false)"

    def compile(self, root: Path, order: Order | None) -> Compiled:
        dimensions = [self._part(dimension) for dimension in self._query.by]
        names = [dimension.name for dimension in self._query.by]
        if self._chosen is not None:
            dimensions.append((self._chosen, _as_is))
            names.append(CHOSEN)
        measures = [self._measures.sql(named.measure) for named in self._query.measures]
        names += [named.name for named in self._query.measures]
        selected = ["count(*) OVER ()" if order else "count(*)", *(sql for sql, _ in dimensions), *measures]
        fields = list(self._schema.fields.values())
        source = relation(root, self._segments, fields, self._parameters, self._query.window)
        events = self._events(source, [sql for sql, _ in dimensions])
        grouping = ", ".join(str(place) for place in range(2, 2 + len(dimensions)))
        # Every part is ours: names quoted from the schema, values as parameters.
        sql = f"SELECT {', '.join(selected)} FROM {events}"  # noqa: S608 - see above
        sql = f"{sql} GROUP BY {grouping}" if grouping else sql
        statement = self._parameters.statement(f"{sql}{_ordering(order, names, len(dimensions))}" if order else sql)
        decoders = [decode for _, decode in dimensions]
        decoders += [_decoder(named.measure) for named in self._query.measures]
        return Compiled(statement, tuple(zip(names, decoders, strict=True)))

    def _events(self, source: str, keys: Sequence[str]) -> str:
        where = self._predicates.compile(self._query.where)
        if isinstance(self._measures, WeightedMeasures) and self._measures.percentile_fields():
            return self._measures.source(source, where, keys)
        return f"{source} WHERE {where}"

    def _part(self, dimension: Dimension) -> tuple[str, Decoder]:
        sql, decode = self._dimension(dimension)
        if self._chosen is None or isinstance(dimension, Calendar):
            return sql, decode
        return f"CASE WHEN {self._chosen} THEN {sql} END", decode

    def _dimension(self, dimension: Dimension) -> tuple[str, Decoder]:
        if isinstance(dimension, Calendar):
            buckets = Buckets(dimension, self._segments)
            return buckets.sql(self._parameters), _bucket_decoder(buckets)
        column = quoted(self._schema.field(field_of(dimension)).name)
        if isinstance(dimension, Network):
            return network_key(column), _network
        if isinstance(dimension, StatusClass):
            return _class_key(column), _as_is
        return column, _as_is


def _ordering(order: Order, names: Sequence[str], keys: int) -> str:
    """Order by a measure, equals by the keys, which come first; DuckDB orders text by code point, as results do."""
    direction = "ASC" if order.top.ascending else "DESC"
    places = [f"{names.index(order.top.by) + 2} {direction} NULLS LAST"]
    places += [f"{place} ASC NULLS LAST" for place in range(2, 2 + keys)]
    return f" ORDER BY {', '.join(places)} LIMIT {order.most}"


def _decoder(measure: Measure) -> Decoder:
    return _differences if isinstance(measure, Histogram) else _as_is


def _as_is(cell: Cell) -> Value:
    return tuple(cell) if isinstance(cell, list) else cell


def _network(cell: Cell) -> Value:
    return network_named(cell) if isinstance(cell, str) else None


def _class_key(column: str) -> str:
    """Return the class of a status as its text, by whose order equals are ranked; below 0, ``//`` rounds upwards."""
    number = f"{column}::BIGINT"
    return f"(({number} - (({number} % 100) + 100) % 100) // 100 || 'xx')"


def _differences(cell: Cell) -> Value:
    """Return how many values each interval has, from how many lie below its end."""
    below = cell if isinstance(cell, list) else []
    return tuple(high - low for low, high in pairwise([0, *below]))


def _bucket_decoder(buckets: Buckets) -> Decoder:
    def decode(cell: Cell) -> Value:
        return buckets.start(cell) if isinstance(cell, int) else None

    return decode
