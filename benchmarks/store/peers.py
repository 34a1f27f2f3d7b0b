"""The peers: gzip of the same records and bodies, and one clean Parquet file of the same events."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.store.events import Block, History
from benchmarks.store.progress import told

_GZIP: Final = 16 + zlib.MAX_WBITS  # with gzip's header and checksum
_LEVEL: Final = 6
_BLOCKS_A_GROUP: Final = 100
_TYPES: Final[Mapping[str, pa.DataType]] = MappingProxyType(
    {
        "timestamp": pa.timestamp("ms"),
        "endpoint": pa.string(),
        "method": pa.string(),
        "status_code": pa.int16(),
        "response_time": pa.float64(),
        "user_id": pa.int64(),
        "ip_address": pa.string(),
    }
)
_COLUMNS: Final = pa.schema(list(_TYPES.items()))


@dataclass(frozen=True, slots=True)
class Peers:
    """What the peers need for the same events.

    Attributes:
        lines: Bytes of the records as the application writes them.
        lines_gzip: Bytes of ``gzip -6`` of them.
        bodies: Bytes of the documents as JSON lines.
        bodies_gzip: Bytes of ``gzip -6`` of them.
        parquet: The Parquet file.
    """

    lines: int
    lines_gzip: int
    bodies: int
    bodies_gzip: int
    parquet: Path


class _Gzip:
    """Compresses a stream on a thread of its own and keeps only its size."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._running: Future[None] | None = None
        self.read = self.written = 0

    def add(self, data: bytes) -> None:
        """Take the next part of the stream, once the one before is done: at most one waits in memory."""
        self._wait()
        self.read += len(data)
        self._running = self._pool.submit(self._compress, data)

    def close(self) -> None:
        """End the stream."""
        self._wait()
        self.written += len(self._compressor.flush())
        self._pool.shutdown()

    def _compress(self, data: bytes) -> None:
        self.written += len(self._compressor.compress(data))

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()


def write_peers(history: History, folder: Path) -> Peers:
    """Compress all records and bodies, and write the Parquet file, sorted by time."""
    lines, bodies = _Gzip(), _Gzip()
    unsorted, parquet = folder / "unsorted.parquet", folder / "events.parquet"
    with ExitStack() as stack:
        stack.callback(bodies.close)
        stack.callback(lines.close)
        writer = stack.enter_context(pq.ParquetWriter(unsorted, _COLUMNS, compression="zstd"))
        group: list[Block] = []
        for block in told("gzip and Parquet", history.blocks_from(), history.blocks):
            lines.add(block.lines())
            bodies.add(b"\n".join([*(document.source for document in block.documents()), b""]))
            group.append(block)
            if len(group) == _BLOCKS_A_GROUP:
                writer.write_table(_table(group))
                group.clear()
        if group:
            writer.write_table(_table(group))
    _sort(unsorted, parquet)
    return Peers(lines.read, lines.written, bodies.read, bodies.written, parquet)


def _table(blocks: list[Block]) -> pa.Table:
    events = [event for block in blocks for event in block.events]
    columns: dict[str, Sequence[int | float | str | None]] = {
        "timestamp": [event.millis for event in events],
        "endpoint": [event.route for event in events],
        "method": [event.method for event in events],
        "status_code": [event.status for event in events],
        "response_time": [event.micros / 1_000_000 for event in events],
        "user_id": [event.user for event in events],
        "ip_address": [event.address for event in events],
    }
    return pa.table(columns, schema=_COLUMNS)


def _sort(source: Path, target: Path) -> None:
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET preserve_insertion_order = true")
        connection.execute(
            f"COPY (SELECT * FROM read_parquet('{source}') ORDER BY timestamp) "  # noqa: S608 - our own paths
            f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
        )
    source.unlink()
