"""A batch as it will be stored: judged, each id once, in columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

import pyarrow as pa
import pyarrow.compute as pc

from analyzers.store.document import Document, Rejection
from analyzers.store.embedded.columns import ID
from analyzers.store.embedded.gathering import Rows
from analyzers.store.query import QueryError
from analyzers.store.schema import Schema, load_schema
from analyzers.store.validation import Refusal

Key: TypeAlias = tuple[str, str]
"""A stream and an ``_id`` in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The events of one stream.

    Attributes:
        stream: Its name.
        schema: Its mapping.
        table: ``_id``, ``_source`` and a column for each field, in the order of ``@timestamp``.
    """

    stream: str
    schema: Schema
    table: pa.Table

    @property
    def ids(self) -> list[str]:
        """The ``_id`` of each event."""
        return cast("list[str]", self.table.column(ID).to_pylist())


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that a store takes, each id once.

    Attributes:
        parts: The events by stream.
        rejected: The documents it does not take.
        duplicates: How many documents were left out because an earlier one has their id.
    """

    parts: tuple[Part, ...]
    rejected: tuple[Rejection, ...] = ()
    duplicates: int = 0

    def __len__(self) -> int:
        """How many events there are."""
        return sum(part.table.num_rows for part in self.parts)

    def without(self, known: Collection[Key]) -> Batch:
        """Return the batch without the events of these keys; they count as duplicates."""
        if not known:
            return self
        parts = tuple(part for each in self.parts if (part := _without(each, known)).table.num_rows)
        return replace(self, parts=parts, duplicates=self.duplicates + len(known))


def read_batch(documents: Sequence[Document], schemas: Callable[[str], Schema] = load_schema) -> Batch:
    """Judge documents and turn those that a store takes into columns.

    Args:
        documents: In any order, of any streams.
        schemas: Returns the mapping of a stream.
    """
    streams: dict[str, Rows] = {}
    rejected: list[Rejection] = []
    duplicates = 0
    for document in documents:
        try:
            rows = streams.get(document.stream)
            if rows is None:
                rows = streams[document.stream] = Rows(schemas(document.stream))
            duplicates += not rows.add(document)
        except (Refusal, QueryError) as refused:
            rejected.append(Rejection(document, str(refused)))
    parts = tuple(Part(stream, rows.schema, rows.table()) for stream, rows in sorted(streams.items()) if len(rows))
    return Batch(parts, tuple(rejected), duplicates)


def _without(part: Part, known: Collection[Key]) -> Part:
    gone = [identity for stream, identity in known if stream == part.stream]
    if not gone:
        return part
    kept = pc.invert(pc.is_in(part.table.column(ID), value_set=pa.array(gone, pa.string())))
    return replace(part, table=part.table.filter(kept))
