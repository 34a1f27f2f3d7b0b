"""Whether what a segment holds is what the commit log says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.columns import ID, SOURCE, Column
from analyzers.store.embedded.layout import day_of
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.rows import documents_of
from analyzers.store.instants import to_millis

_DAY = timedelta(days=1)


def contradiction(root: Path, segment: Segment) -> str | None:
    """Decode a segment whole; return the first thing that is not as the commit log says, or ``None``."""
    try:
        with pq.ParquetFile(root / segment.path, page_checksum_verification=True) as file:
            table = file.read()
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be decoded: {error}"
    return next(_contradictions(table, segment), None)


def _contradictions(table: pa.Table, segment: Segment) -> Iterator[str]:
    columns = {Column.parse(text).twin or name for name, text in segment.columns.items()}
    if missing := {ID, SOURCE, TIMESTAMP, *columns} - set(table.column_names):
        yield f"it has no column {min(missing)!r}"
        return
    if table.num_rows != segment.rows or not table.num_rows:
        yield f"it has {table.num_rows} events instead of {segment.rows}"
        return
    identities, instants = table.column(ID), table.column(TIMESTAMP)
    if identities.null_count or instants.null_count:
        yield "an event has no id or no instant"
        return
    yield from _of_time(instants.to_numpy(), segment)
    # Arrow compares the bytes of UTF-8, which is the order by code point.
    least, greatest = pc.min(identities).as_py(), pc.max(identities).as_py()
    if (least, greatest) != (segment.least_id, segment.greatest_id):
        yield f"its ids run from {least!r} to {greatest!r}, not from {segment.least_id!r} to {segment.greatest_id!r}"
    yield from _of_documents(table, segment)


def _of_documents(table: pa.Table, segment: Segment) -> Iterator[str]:
    try:
        if not all(TIMESTAMP in document.body for document in documents_of(table, segment.stream, segment.columns)):
            yield f"a document of its has no {TIMESTAMP}"
    except ValueError as error:
        yield f"a document of its cannot be given back: {error}"


def _of_time(instants: np.ndarray[tuple[int], np.dtype[np.int64]], segment: Segment) -> Iterator[str]:
    first, last = int(instants.min()), int(instants.max())
    if (first, last) != (segment.first, segment.last):
        yield f"its events run from {first} to {last} ms, not from {segment.first} to {segment.last}"
    if (np.diff(instants) < 0).any():
        yield "its events are not in order of time"
    begin = datetime.combine(day_of(segment.path), time(), UTC)
    if first < to_millis(begin) or last >= to_millis(begin + _DAY):
        yield f"it has events of another day than {begin:%Y-%m-%d}"
