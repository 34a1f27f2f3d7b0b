"""Write segments: the events of one batch, one stream and one UTC day as one Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.parquet as pq

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document
from analyzers.store.embedded.columns import ID, SOURCE, arrow_schema, described
from analyzers.store.embedded.commits import Segment
from analyzers.store.embedded.durable import make_directory, replacing
from analyzers.store.embedded.layout import STREAMS
from analyzers.store.instants import from_millis
from analyzers.store.leaves import Leaf
from analyzers.store.schema import Schema, load_schema
from analyzers.store.validation import LIST_FIELDS, Fields


@dataclass(frozen=True, slots=True)
class Event:
    """A document that is to be stored, and the values of its fields."""

    document: Document
    fields: Fields

    @property
    def instant(self) -> int:
        """``@timestamp`` in milliseconds since 1970."""
        return cast("int", self.fields[TIMESTAMP][0])


def write_segments(root: Path, number: int, events: Sequence[Event]) -> tuple[Segment, ...]:
    """Write the events durably, without making them visible.

    Args:
        root: The store's directory.
        number: The commit they are for; it begins the files' names.
        events: In any order; of any streams and days.

    Raises:
        OSError: When the disk refuses.
    """
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in events:
        day = from_millis(event.instant).date().isoformat()
        groups.setdefault((event.document.stream, day), []).append(event)
    return tuple(
        _write(root, f"{STREAMS}/{stream}/date={day}/{number:020d}-0.parquet", group)
        for (stream, day), group in sorted(groups.items())
    )


def _write(root: Path, path: str, group: list[Event]) -> Segment:
    events = sorted(group, key=lambda event: event.instant)
    stream = events[0].document.stream
    schema = load_schema(stream)
    ids = [event.document.id for event in events]
    target = root / path
    make_directory(target.parent)
    with replacing(target) as temporary:
        pq.write_table(_table(events, schema), temporary, compression="zstd", write_page_checksum=True)
    return Segment(
        stream=stream,
        path=path,
        rows=len(events),
        size=target.stat().st_size,
        first=events[0].instant,
        last=events[-1].instant,
        least_id=min(ids),
        greatest_id=max(ids),
        columns=described(schema),
    )


def _table(events: Sequence[Event], schema: Schema) -> pa.Table:
    columns: dict[str, list[str] | list[Leaf | list[Leaf] | None]] = {
        ID: [event.document.id for event in events],
        SOURCE: [event.document.source.decode() for event in events],
    }
    for name in schema.fields:
        columns[name] = [_cell(event.fields, name) for event in events]
    return pa.table(columns, schema=arrow_schema(schema))


def _cell(fields: Mapping[str, tuple[Leaf, ...]], name: str) -> Leaf | list[Leaf] | None:
    values = fields.get(name)
    if values is None:
        return None
    return list(values) if name in LIST_FIELDS else values[0]
