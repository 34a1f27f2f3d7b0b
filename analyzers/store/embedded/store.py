"""The embedded store: a directory of Parquet segments and a commit log, read by DuckDB."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from analyzers.store.checks import check_query, matches_stream
from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.embedded.commits import CommitLog, Segment
from analyzers.store.embedded.compiler import compile_query
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.layout import check_version
from analyzers.store.embedded.writer import Writer, positions_of
from analyzers.store.instants import from_millis, to_millis_up
from analyzers.store.interface import StoreError
from analyzers.store.ordering import ordered
from analyzers.store.query import Query, Window
from analyzers.store.result import Result
from analyzers.store.schema import load_schema
from logging_lib.clock import Clock, system_clock


class EmbeddedStore:
    """A store in one directory. Any number of processes may read while one writes; threads may share one object.

    Args:
        root: The directory. When writable it is created if it is missing; read-only use never writes to it.
        writable: Take the right to write until :meth:`close`.
        clock: Stamps the commits.

    Raises:
        StoreError: When the directory is no store, is damaged, is of another format, or has another writer.
    """

    def __init__(self, root: Path, *, writable: bool = False, clock: Clock = system_clock) -> None:
        self._root = root.absolute()
        self._url = str(root)
        self._guard = threading.Lock()
        self._engine = Engine(self._root)
        self._writer = Writer(self._root, self._engine, clock) if writable else None
        if self._writer is None:
            check_version(self._root)
        self._log = CommitLog(self._root)

    @property
    def url(self) -> str:
        """The directory as it was named."""
        return self._url

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Write a batch; when this returns, what it counts as stored is durable.

        Raises:
            StoreError: When the store was opened for reading or the disk refuses; then nothing of it is stored.
        """
        return self.append_from(documents, ())

    def append_from(self, documents: Sequence[Document], positions: Sequence[SourcePosition]) -> WriteResult:
        """Write a batch and the positions it brings its sources to, both or neither.

        Raises:
            StoreError: As :meth:`append`.
        """
        if self._writer is None:
            raise StoreError(f"{self._url} is open for reading only", "open it with writable=True")
        with self._guard:
            return self._writer.append(documents, positions_of(positions))

    def position(self, source: str) -> int:
        """Return the offset up to which a source has been read; 0 when it is unknown."""
        with self._guard:
            self._log.refresh()
            return self._log.positions.get(source, 0)

    def query(self, query: Query) -> Result:
        """Answer a query over all that was committed when it began.

        Raises:
            QueryError: When the query cannot be asked.
            StoreError: When the store is damaged.
        """
        schema = check_query(query)
        start, end = to_millis_up(query.window.start), to_millis_up(query.window.end)
        segments = [
            segment for segment in self._segments(query.stream) if segment.first < end and start <= segment.last
        ]
        compiled = compile_query(query, schema, self._root, segments)
        rows = [compiled.row(cells) for cells in self._engine.run(compiled.statement, segments)]
        return Result(query, ordered(query, rows))

    def extent(self, stream: str) -> Window | None:
        """Return the least window holding every event of the stream, or ``None`` when it has none.

        ``end`` is the last event's instant rounded up to the next whole second, and later than it.
        """
        load_schema(stream)
        segments = self._segments(stream)
        if not segments:
            return None
        last = from_millis(max(segment.last for segment in segments)).replace(microsecond=0)
        return Window(from_millis(min(segment.first for segment in segments)), last + timedelta(seconds=1))

    def close(self) -> None:
        """Release the right to write and the memory; the store is not used afterwards."""
        if self._writer is not None:
            self._writer.close()
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _segments(self, stream: str) -> list[Segment]:
        with self._guard:
            return [segment for segment in self._log.refresh() if matches_stream(stream, segment.stream)]
