"""Short ways to write documents and queries in the suite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Count, Dimension, Measure, NamedMeasure, Predicate, Query, Window
from analyzers.store.result import Row, Value

ALWAYS = Window(datetime(1910, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


def document(stream: str, identity: str, at: str, fields: Mapping[str, JsonValue] | None = None) -> Document:
    """Return a document from dotted field names, nested as the pipeline nests them."""
    body: dict[str, JsonValue] = {"@timestamp": at}
    for name, value in (fields or {}).items():
        *parents, leaf = name.split(".")
        node = body
        for parent in parents:
            child = node.setdefault(parent, {})
            assert isinstance(child, dict)
            node = child
        node[leaf] = value
    return Document(stream, identity, body)


def fill(store: Store, stream: str, events: Iterable[tuple[str, Mapping[str, JsonValue]]]) -> None:
    """Write events, given as instant and fields, that the store must take whole."""
    documents = [document(stream, f"e{number}", at, fields) for number, (at, fields) in enumerate(events)]
    written = store.append(documents)
    assert (written.stored, written.duplicates, written.rejected) == (len(documents), 0, ())


def ask(
    store: Store,
    stream: str,
    *measures: Measure,
    by: tuple[Dimension, ...] = (),
    where: Predicate = EVERYTHING,
    window: Window = ALWAYS,
) -> tuple[Row, ...]:
    """Return the rows of a query whose measures are called ``m0``, ``m1``, …; a lone count by default."""
    named = tuple(NamedMeasure(f"m{number}", measure) for number, measure in enumerate(measures or (Count(),)))
    return store.query(Query(stream, window, named, by, where)).rows


def answer(store: Store, stream: str, measure: Measure, where: Predicate = EVERYTHING) -> Value:
    """Return one measure over everything."""
    (row,) = ask(store, stream, measure, where=where)
    return row["m0"]


def count_where(store: Store, stream: str, where: Predicate) -> Value:
    """Return how many events a predicate selects."""
    return answer(store, stream, Count(), where)


def shown(rows: Iterable[Row]) -> list[list[Value]]:
    """Return the cells of rows, buckets as RFC 3339 text with the zone's offset."""
    return [[_shown(value) for value in row.values()] for row in rows]


def _shown(value: Value) -> Value:
    return value.isoformat() if isinstance(value, datetime) else value
