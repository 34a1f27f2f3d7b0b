"""What a store answers: rows in a fixed order, the same from every backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from analyzers.store.query import Query

Value: TypeAlias = str | int | float | bool | datetime | None
"""A cell. Counts are ``int``; a bucket is an aware datetime in the zone of its ``Calendar``; ``None`` is absent."""

Row: TypeAlias = Mapping[str, Value]
"""Dimension names and measure names to their values."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to one query.

    Rows come in ascending order of their dimensions as the query lists them, absent keys last. Groups without an
    event have no row: a missing bucket means that nothing was recorded in it, not that all was well.
    """

    query: Query
    rows: tuple[Row, ...]
