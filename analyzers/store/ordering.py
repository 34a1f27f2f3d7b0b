"""The order of a result's rows: the same in every store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeAlias

from analyzers.store.instants import to_millis
from analyzers.store.query import Query
from analyzers.store.result import Row, Value

KeyOrder: TypeAlias = tuple[int, float, str]


def ordered(query: Query, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows in ascending order of the query's dimensions, absent keys last.

    Text is ordered by code point. Buckets are ordered by their instant, never by the wall clock, which runs twice
    through one hour when daylight saving ends.
    """
    names = [dimension.name for dimension in query.by]
    return tuple(sorted(rows, key=lambda row: [key_order(row[name]) for name in names]))


def key_order(value: Value) -> KeyOrder:
    """Return what the value of a dimension is sorted by.

    Raises:
        TypeError: When it is the value of a histogram, which is no dimension.
    """
    if value is None:
        return (1, 0, "")
    if isinstance(value, datetime):
        return (0, to_millis(value), "")
    if isinstance(value, str):
        return (0, 0, value)
    if isinstance(value, tuple):
        raise TypeError("a histogram is no dimension")
    return (0, value, "")
