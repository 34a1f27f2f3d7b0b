"""Parquet in memory: tables to bytes and back, and the checksums of the bytes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.columns import ID
from analyzers.store.embedded.records import Piece, Segment

ROW_GROUP: Final = 65_536
"""Rows that are judged, skipped or lost together. Smaller ones would be skipped more often, but cost a query of all
events some twentieth of its time each time they are halved."""

_SAMPLE: Final = 256  # values of a column that its encoding is chosen by
_SHARED: Final = 4  # letters that neighbours must have in common for front coding to pay
_NUMBERS: Final = "PLAIN"
"""The encoding of numbers with a fraction that do not come again."""
_TRAILER: Final = 8  # the footer's length in four bytes, then "PAR1"


def encoded(table: pa.Table) -> bytes:
    """Return a table as the content of a Parquet file.

    It says of each row group between which values its ids and numbers lie, so that an hour's events can be read alone.
    """
    encodings = {name: encoding for name in table.column_names if (encoding := _encoding(table, name))}
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        row_group_size=ROW_GROUP,
        compression={_leaf(field): _compression(encodings.get(field.name)) for field in table.schema},
        use_dictionary=[_leaf(field) for field in table.schema if field.name not in encodings],  # type: ignore[arg-type] # the stubs know no list
        column_encoding=encodings,
        write_statistics=[ID, *(field.name for field in table.schema if pa.types.is_primitive(field.type))],
        store_schema=False,
        write_page_checksum=True,
    )
    return sink.getvalue().to_pybytes()


def pieces_of(content: bytes) -> tuple[Piece, ...]:
    """Return the checksums of a file that was just encoded: one for each row group, and the footer's.

    The four bytes before the first row group belong to it.
    """
    metadata = pq.read_metadata(pa.BufferReader(content))
    footer = _footer_start(content)
    starts = [_start(metadata.row_group(place)) for place in range(1, metadata.num_row_groups)]
    edges = [0, *starts, footer, len(content)] if metadata.num_row_groups else [0, len(content)]
    view = memoryview(content)
    return tuple(Piece(end=end, checksum=checksum(view[start:end])) for start, end in pairwise(edges))


def packed_footer(content: bytes) -> str:
    """Return the last piece of a file, compressed, as text that :func:`with_footer` understands."""
    start = _footer_start(content)
    return b64encode(pa.compress(content[start:], codec="zstd", asbytes=True)).decode()


def with_footer(content: bytes, segment: Segment) -> bytes:
    """Return a damaged file with the last piece that it was written with; what is missing before it is zeros.

    Args:
        content: What is left of the file.
        segment: What the commit log says of it.
    """
    start = segment.pieces[-2].end
    footer = pa.decompress(b64decode(segment.footer), segment.size - start, codec="zstd", asbytes=True)
    return content[:start].ljust(start, b"\0") + footer


def checksum(data: bytes | memoryview) -> str:
    """Return XXH3 (64 bits, https://xxhash.com) of some bytes as 16 hexadecimal digits."""
    return xxhash.xxh3_64_hexdigest(data)


def _footer_start(content: bytes) -> int:
    return len(content) - _TRAILER - int.from_bytes(content[-_TRAILER:-4], "little")


def _compression(encoding: str | None) -> Literal["lz4", "zstd"]:
    """Return how to compress a column. Measured numbers hardly shrink, and each query would wait for zstd to see it."""
    return "lz4" if encoding == _NUMBERS else "zstd"


def _leaf(field: pa.Field[pa.DataType]) -> str:
    """Return the path of a column's values inside the file."""
    return f"{field.name}.list.element" if pa.types.is_list(field.type) else field.name


def _start(group: pq.RowGroupMetaData) -> int:
    return min(_chunk_start(group.column(place)) for place in range(group.num_columns))


def _chunk_start(chunk: pq.ColumnChunkMetaData) -> int:
    dictionary = chunk.dictionary_page_offset
    return min(chunk.data_page_offset, dictionary) if dictionary else chunk.data_page_offset


def _encoding(table: pa.Table, name: str) -> str | None:
    """Return the encoding that suits a column, judged by its beginning; ``None`` for a dictionary of its values.

    Instants come in order, so their differences are small: written as such the time of an hourly series halves.
    """
    if name == TIMESTAMP:
        return "DELTA_BINARY_PACKED"
    column = table.column(name)
    if pa.types.is_list(column.type) or pa.types.is_dictionary(column.type):
        return None
    sample = cast("list[str | float | None]", column.slice(0, _SAMPLE).to_pylist())
    if 2 * len(set(sample)) <= len(sample):
        return None
    if pa.types.is_integer(column.type):
        return "DELTA_BINARY_PACKED"
    if not pa.types.is_string(column.type):
        return _NUMBERS
    return None if _comes_again(table, name) else _encoding_of_texts(sample)


def _comes_again(table: pa.Table, name: str) -> bool:
    """Tell whether each text of a column is there twice or more, on average, though perhaps not among neighbours.

    Users and addresses are told apart by their places in a dictionary in half the time that their texts take.
    """
    group = table.column(name).slice(0, ROW_GROUP)
    return 2 * pc.count_distinct(group).as_py() <= len(group)


def _encoding_of_texts(sample: Sequence[str | float | None]) -> str:
    texts = [text for text in sample if isinstance(text, str)]
    alike = sum(one[:_SHARED] == other[:_SHARED] for one, other in pairwise(texts))
    return "DELTA_BYTE_ARRAY" if 2 * alike >= len(texts) else "DELTA_LENGTH_BYTE_ARRAY"
