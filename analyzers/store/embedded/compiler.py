"""A query as one DuckDB statement, and the statement's rows as the query's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from analyzers.fields import SAMPLE_WEIGHT
from analyzers.store.answering import Chosen
from analyzers.store.embedded.buckets import Buckets
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.engine import Cell
from analyzers.store.embedded.measures import Measures
from analyzers.store.embedded.networks import network_key, network_named
from analyzers.store.embedded.places import PLACE, Places
from analyzers.store.embedded.predicates import PredicateCompiler
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.relation import fields_in, relation
from analyzers.store.embedded.statement import Parameters, Statement
from analyzers.store.embedded.statuses import class_key, class_named, class_text
from analyzers.store.embedded.weighted import WeightedMeasures
from analyzers.store.keys import field_of
from analyzers.store.query import (
    Calendar,
    Count,
    CountIf,
    Dimension,
    Histogram,
    Measure,
    Network,
    Query,
    StatusClass,
    Stored,
    Top,
)
from analyzers.store.result import Row, Value
from analyzers.store.schema import Schema

Decoder: TypeAlias = Callable[[Cell], Value]

CHOSEN: Final = ""
"""The column of :func:`compile_parted` with the place of a chosen group; no measure has an empty name."""


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


def compile_parted(query: Query, schema: Schema, root: Path, segments: Sequence[Segment], chosen: Chosen) -> Compiled:
    """Compile a checked query whose events outside of some groups are one group, or one for each bucket of time.

    Both parts come of one scan. Instead of keys rows have a column :data:`CHOSEN`: the place of their group among the
    chosen, null in the rest.
    """
    return _Compiler(query, schema, segments, chosen).compile(root, None)


class _Compiler:
    def __init__(self, query: Query, schema: Schema, segments: Sequence[Segment], chosen: Chosen | None = None) -> None:
        self._query = query
        self._schema = schema
        self._segments = segments
        self._parameters = Parameters()
        self._predicates = PredicateCompiler(schema, self._parameters)
        weighted = SAMPLE_WEIGHT in schema.fields and any(SAMPLE_WEIGHT in segment.columns for segment in segments)
        self._measures = (WeightedMeasures if weighted else Measures)(query, schema, self._predicates)
        self._chosen = chosen
        self._keys = [dimension for dimension in query.by if not isinstance(dimension, Calendar)]

    def compile(self, root: Path, order: Order | None) -> Compiled:
        grouped = [each for each in self._query.by if self._chosen is None or isinstance(each, Calendar)]
        dimensions = [self._dimension(dimension) for dimension in grouped]
        names = [dimension.name for dimension in grouped]
        if self._chosen is not None:
            dimensions.append((PLACE, _as_is))
            names.append(CHOSEN)
        measures = [self._measures.sql(named.measure) for named in self._query.measures]
        names += [named.name for named in self._query.measures]
        selected = ["count(*) OVER ()" if order else "count(*)", *(sql for sql, _ in dimensions), *measures]
        where = self._predicates.compile(self._query.where)
        fields = fields_in(self._schema, where, *selected, *self._columns())
        source = relation(root, self._segments, fields, self._parameters, self._query.window)
        keys = [sql for sql, _ in dimensions]
        events = self._events(source, where, keys)
        grouping = ", ".join(str(place) for place in range(2, 2 + len(dimensions)))
        # Every part is ours: names quoted from the schema, values as parameters.
        sql = f"SELECT {', '.join(selected)} FROM {events}"  # noqa: S608 - see above
        sql = f"{sql} GROUP BY {grouping}" if grouping else sql
        if self._counts_networks(order):
            sql = self._over_addresses(events, keys, measures)
        sql = f"{sql}{_ordering(order, names, self._ranked_by(keys))}" if order else sql
        decoders = [decode for _, decode in dimensions]
        decoders += [_decoder(named.measure) for named in self._query.measures]
        return Compiled(self._parameters.statement(sql), tuple(zip(names, decoders, strict=True)))

    def _ranked_by(self, keys: Sequence[str]) -> list[str]:
        """Return what orders equals: the keys, classes by their text."""
        pairs = zip(self._query.by, keys, strict=True)
        return [class_text(key) if isinstance(dimension, StatusClass) else key for dimension, key in pairs]

    def _counts_networks(self, order: Order | None) -> bool:
        """Tell whether events of networks are counted, and nothing else is asked of them."""
        networks = any(isinstance(key, Network) for key in self._keys)
        counts = all(isinstance(named.measure, Count | CountIf | Stored) for named in self._query.measures)
        return networks and counts and order is None and self._chosen is None

    def _over_addresses(self, events: str, keys: Sequence[str], counts: Sequence[str]) -> str:
        """Count by address first, so that a network is worked out once for each address instead of each event."""
        by_address = [
            quoted(self._schema.field(dimension.field).name) if isinstance(dimension, Network) else key
            for dimension, key in zip(self._query.by, keys, strict=True)
        ]
        inner = [f"{sql} AS {_key(place)}" for place, sql in enumerate((*by_address, "count(*)", *counts))]
        places = range(1, 1 + len(keys))
        outer = [
            network_key(_key(place)) if isinstance(dimension, Network) else _key(place)
            for place, dimension in enumerate(self._query.by)
        ]
        stored, *sums = [f"sum({_key(len(keys) + place)})" for place in range(1 + len(counts))]
        # Every part is ours: names quoted from the schema, values as parameters.
        counted = f"(SELECT {', '.join(inner)} FROM {events} GROUP BY {', '.join(map(str, places))})"  # noqa: S608 - see above
        selected = ", ".join((stored, *outer, *sums))
        return f"SELECT {selected} FROM {counted} GROUP BY {', '.join(str(1 + place) for place in places)}"  # noqa: S608 - likewise

    def _columns(self) -> list[str]:
        """Return the columns that keys are made of: with chosen groups the selection does not name them."""
        return [quoted(self._schema.field(field_of(key)).name) for key in self._keys]

    def _events(self, source: str, where: str, keys: Sequence[str]) -> str:
        if self._chosen is not None:
            places = Places(self._chosen, self._schema, lambda key: self._dimension(key)[0])
            source, where = places.events(source, where, self._parameters), "true"
        if isinstance(self._measures, WeightedMeasures) and self._measures.percentile_fields():
            return self._measures.source(source, where, keys)
        return f"{source} WHERE {where}"

    def _dimension(self, dimension: Dimension) -> tuple[str, Decoder]:
        if isinstance(dimension, Calendar):
            buckets = Buckets(dimension, self._segments)
            return buckets.sql(self._parameters), _bucket_decoder(buckets)
        column = quoted(self._schema.field(field_of(dimension)).name)
        if isinstance(dimension, Network):
            return network_key(column), _network
        if isinstance(dimension, StatusClass):
            return class_key(column), _class
        return column, _as_is


def _key(place: int) -> str:
    """Return the column of a key; fields have no space in their names."""
    return quoted(f"key {place}")


def _ordering(order: Order, names: Sequence[str], keys: Sequence[str]) -> str:
    """Order by a measure, equals by the keys; DuckDB orders text by code point, as results do."""
    direction = "ASC" if order.top.ascending else "DESC"
    places = [f"{names.index(order.top.by) + 2} {direction} NULLS LAST", *(f"{key} ASC NULLS LAST" for key in keys)]
    return f" ORDER BY {', '.join(places)} LIMIT {order.most}"


def _decoder(measure: Measure) -> Decoder:
    return _differences if isinstance(measure, Histogram) else _as_is


def _as_is(cell: Cell) -> Value:
    return tuple(cell) if isinstance(cell, list) else cell


def _network(cell: Cell) -> Value:
    return network_named(cell) if isinstance(cell, str) else None


def _class(cell: Cell) -> Value:
    return class_named(cell) if isinstance(cell, int) else None


def _differences(cell: Cell) -> Value:
    """Return how many values each interval has, from how many lie below its end."""
    below = cell if isinstance(cell, list) else []
    return tuple(high - low for low, high in pairwise([0, *below]))


def _bucket_decoder(buckets: Buckets) -> Decoder:
    def decode(cell: Cell) -> Value:
        return buckets.start(cell) if isinstance(cell, int) else None

    return decode
