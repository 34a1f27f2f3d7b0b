"""Parquet in memory: tables to bytes and back, and the checksums of the bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.records import Piece

ROW_GROUP: Final = 32_768
"""Rows that are judged, skipped or lost together: a busy hour of a small company."""

_TRAILER: Final = 8  # the footer's length in four bytes, then "PAR1"


def encoded(table: pa.Table) -> bytes:
    """Return a table as the content of a Parquet file.

    Instants come in order, so their differences are small: written as such they take a tenth of the file less, and
    the time of a query that only looks at them halves.
    """
    dictionaries = [_leaf(field) for field in table.schema if field.name != TIMESTAMP]
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        write_page_checksum=True,
        row_group_size=ROW_GROUP,
        use_dictionary=dictionaries,  # type: ignore[arg-type] # the stubs know only of all or none
        column_encoding={TIMESTAMP: "DELTA_BINARY_PACKED"},
    )
    return sink.getvalue().to_pybytes()


def pieces_of(content: bytes) -> tuple[Piece, ...]:
    """Return the checksums of a file that was just encoded: one for each row group, and the footer's.

    The four bytes before the first row group belong to it.
    """
    metadata = pq.read_metadata(pa.BufferReader(content))
    footer = len(content) - _TRAILER - int.from_bytes(content[-_TRAILER:-4], "little")
    starts = [_start(metadata.row_group(place)) for place in range(1, metadata.num_row_groups)]
    edges = [0, *starts, footer, len(content)] if metadata.num_row_groups else [0, len(content)]
    view = memoryview(content)
    return tuple(Piece(end=end, checksum=checksum(view[start:end])) for start, end in pairwise(edges))


def checksum(data: bytes | memoryview) -> str:
    """Return XXH3 (64 bits, https://xxhash.com) of some bytes as 16 hexadecimal digits."""
    return xxhash.xxh3_64_hexdigest(data)


def _leaf(field: pa.Field[pa.DataType]) -> str:
    """Return the path of a column's values inside the file."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name


def _start(group: pq.RowGroupMetaData) -> int:
    return min(_chunk_start(group.column(place)) for place in range(group.num_columns))


def _chunk_start(chunk: pq.ColumnChunkMetaData) -> int:
    dictionary = chunk.dictionary_page_offset
    return min(chunk.data_page_offset, dictionary) if dictionary else chunk.data_page_offset
