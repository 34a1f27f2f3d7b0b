"""What a store answers: rows in a fixed order, the same from every backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from analyzers.store.query import Query

Value: TypeAlias = str | int | float | bool | datetime | tuple[int, ...] | None
"""A cell. Counts are ``int``; a bucket is an aware datetime in the zone of its ``Calendar``; a histogram is a tuple of
counts; ``None`` is absent."""

Row: TypeAlias = Mapping[str, Value]
"""Dimension names and measure names to their values."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one query.

    Rows come in ascending order of their dimensions as the query lists them, absent keys last. Groups without an
    event have no row: a missing bucket means that nothing was recorded in it, not that all was well.

    Attributes:
        query: What was asked.
        rows: The groups; with ``Query.top`` only the top ones, still in the order of their dimensions.
        rest: With ``Query.top``, the events of all other groups measured together: one row for each calendar bucket
            that has some, or a single one without a calendar; none when every group is among the top ones. A row has
            the bucket and the measures, and no fields.
        others: With ``Query.top``, how many groups (told apart by their fields) the rest is made of.
    """

    query: Query
    rows: tuple[Row, ...]
    rest: tuple[Row, ...] = ()
    others: int = 0
