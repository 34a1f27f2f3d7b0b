"""Write segments: the events of one batch, one stream and one UTC day as one Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.batch import Batch
from analyzers.store.embedded.columns import ID, described
from analyzers.store.embedded.disk import Disk, make_directories, write_durably
from analyzers.store.embedded.layout import segment_path
from analyzers.store.embedded.parquet import encoded, packed_footer, pieces_of
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.table import stored_form
from analyzers.store.instants import from_millis
from analyzers.store.zones import DAY


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A segment that is not on the disk yet: its events in order of time.

    Attributes:
        stream: The data stream.
        day: The UTC day.
        table: The events, sorted by time.
        columns: The stored fields and how the table holds them.
        written: When the newest of its events was committed, in milliseconds since 1970.
    """

    stream: str
    day: date
    table: pa.Table
    columns: Mapping[str, str]
    written: int


def new_segments(batch: Batch, written: int) -> list[NewSegment]:
    """Return the events of a batch as segments."""
    return [
        NewSegment(part.stream, day, *stored_form(table, described(part.schema)), written)
        for part in batch.parts
        for day, table in _days(part.table)
    ]


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
    ids = pc.min_max(segment.table.column(ID))  # of bytes of UTF-8: the order by code point
    instants = segment.table.column(TIMESTAMP)
    return Segment(
        stream=segment.stream,
        path=path,
        rows=segment.table.num_rows,
        size=len(content),
        pieces=pieces_of(content),
        first=cast("int", instants[0].as_py()),
        last=cast("int", instants[-1].as_py()),
        least_id=cast("str", ids["min"].as_py()),
        greatest_id=cast("str", ids["max"].as_py()),
        written=segment.written,
        columns=segment.columns,
        footer=packed_footer(content),
    )


def _days(table: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    """Cut a table that is in order into UTC days."""
    instants = table.column(TIMESTAMP).to_numpy()
    begun = 0
    while begun < len(instants):
        day = int(instants[begun]) // DAY
        end = int(instants.searchsorted((day + 1) * DAY))
        yield from_millis(day * DAY).date(), table.slice(begun, end - begun)
        begun = end
