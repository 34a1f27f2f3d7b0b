"""How the columns of a segment are encoded: what saves some of the disk must not cost every query more."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from analyzers.store.embedded.parquet import encoded

_ROWS = 5_000


def test_texts_that_come_again_are_a_dictionary() -> None:
    """A thousand users take turns, so that no two of one sample are alike; ids are each there once, and stay texts."""
    users = [f"user {row % 1_000}" for row in range(_ROWS)]
    table = pa.table({"user": users, "trace": [f"{row * 7919:08x}" for row in range(_ROWS)]})
    content = encoded(table)
    assert _has_dictionary(content) == {"user": True, "trace": False}
    assert pq.read_table(pa.BufferReader(content)).equals(table)


def test_measured_numbers_are_quick_to_read() -> None:
    """Each response time is another: lz4 unpacks them in no time, where zstd would save a tenth. Codes are counted."""
    table = pa.table({"seconds": [row / 7919 for row in range(_ROWS)], "status": [200] * _ROWS})
    content = encoded(table)
    group = pq.read_metadata(pa.BufferReader(content)).row_group(0)
    assert [group.column(place).compression for place in range(2)] == ["LZ4", "ZSTD"]
    assert pq.read_table(pa.BufferReader(content)).equals(table)


def _has_dictionary(content: bytes) -> dict[str, bool]:
    group = pq.read_metadata(pa.BufferReader(content)).row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    return {column.path_in_schema: column.has_dictionary_page for column in columns}
