"""Write segments: the events of one batch, one stream and one UTC day as one Parquet file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import pyarrow as pa

from analyzers.fields import TIMESTAMP
from analyzers.store.document import Document
from analyzers.store.embedded.columns import ID, SOURCE, arrow_schema, described
from analyzers.store.embedded.disk import Disk, make_directories, write_durably
from analyzers.store.embedded.layout import segment_path
from analyzers.store.embedded.parquet import encoded, pieces_of
from analyzers.store.embedded.records import Segment
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


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A segment that is not on the disk yet: its events in order of time.

    Attributes:
        stream: The data stream.
        day: The UTC day.
        table: The events, sorted by time.
        columns: The stored fields the table has a column for, with their types.
        written: When the newest of its events was committed, in milliseconds since 1970.
    """

    stream: str
    day: date
    table: pa.Table
    columns: Mapping[str, str]
    written: int


def new_segments(events: Sequence[Event], written: int) -> list[NewSegment]:
    """Return the events, of any order, stream and day, as segments."""
    groups: dict[tuple[str, date], list[Event]] = {}
    for event in events:
        day = from_millis(event.instant).date()
        groups.setdefault((event.document.stream, day), []).append(event)
    return [_new_segment(stream, day, group, written) for (stream, day), group in sorted(groups.items())]


def write_segments(root: Path, number: int, segments: Sequence[NewSegment], disk: Disk) -> tuple[Segment, ...]:
    """Write segments durably, without making them visible.

    Args:
        root: The store's directory.
        number: The commit they are for; it begins the files' names.
        segments: What to write.
        disk: Where to.

    Raises:
        OSError: When the disk refuses.
    """
    files: list[tuple[Path, bytes]] = []
    described_ones: list[Segment] = []
    for place, segment in enumerate(segments):
        path = segment_path(segment.stream, segment.day, number, place)
        content = encoded(segment.table)
        files.append((root / path, content))
        described_ones.append(_described(segment, path, content))
    for folder in dict.fromkeys(target.parent for target, _ in files):
        make_directories(disk, folder)
    write_durably(disk, files)
    return tuple(described_ones)


def _described(segment: NewSegment, path: str, content: bytes) -> Segment:
    ids = cast("list[str]", segment.table.column(ID).to_pylist())
    instants = segment.table.column(TIMESTAMP)
    return Segment(
        stream=segment.stream,
        path=path,
        rows=len(ids),
        size=len(content),
        pieces=pieces_of(content),
        first=cast("int", instants[0].as_py()),
        last=cast("int", instants[-1].as_py()),
        least_id=min(ids),
        greatest_id=max(ids),
        written=segment.written,
        columns=segment.columns,
    )


def _new_segment(stream: str, day: date, group: list[Event], written: int) -> NewSegment:
    events = sorted(group, key=lambda event: event.instant)
    schema = load_schema(stream)
    return NewSegment(stream, day, _table(events, schema), described(schema), written)


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
