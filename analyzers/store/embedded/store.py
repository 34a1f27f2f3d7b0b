"""The embedded store: a directory of Parquet segments and a commit log, read by DuckDB."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from analyzers.store.answering import answer_query
from analyzers.store.checks import check_query, check_stream, matches_stream
from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.disk import Disk
from analyzers.store.embedded.documents import DocumentReader
from analyzers.store.embedded.engine import DamagedError, Engine
from analyzers.store.embedded.groups import Groups
from analyzers.store.embedded.layout import check_version
from analyzers.store.embedded.maintenance import Maintenance
from analyzers.store.embedded.records import Loss, Segment
from analyzers.store.embedded.settings import Settings, Site
from analyzers.store.embedded.writer import Writer, positions_of
from analyzers.store.instants import from_millis, to_millis_up
from analyzers.store.interface import LostEvents, StoreError
from analyzers.store.query import Query, Window
from analyzers.store.result import Result
from analyzers.store.selection import Selection
from logging_lib.clock import Clock, system_clock

_ATTEMPTS: Final = 10
"""How often a query begins again because segments that it was to read were merged meanwhile."""


class EmbeddedStore:
    """A store in one directory. Any number of processes may read while one writes; threads may share one object.

    Args:
        root: The directory. When writable it is created if it is missing; read-only use never writes to it.
        writable: Take the right to write until :meth:`close`.
        clock: Stamps the commits, and tells which days have expired.
        disk: What to write with.
        settings: When to sum up, merge and forget.

    Raises:
        StoreError: When the directory is no store, is damaged, is of another format, or has another writer.
    """

    def __init__(
        self,
        root: Path,
        *,
        writable: bool = False,
        clock: Clock = system_clock,
        disk: Disk | None = None,
        settings: Settings | None = None,
    ) -> None:
        self._root = root.absolute()
        self._url = str(root)
        self._guard = threading.Lock()
        self._engine = Engine(self._root)
        site = Site(self._root, clock, disk or Disk(), settings or Settings())
        self._writer = Writer(site, self._engine) if writable else None
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
        with self._guard:
            return self._writing().append(documents, positions_of(positions))

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
        attempts = iter(range(_ATTEMPTS))
        while True:
            segments = [
                segment for segment in self._segments(query.stream) if segment.first < end and start <= segment.last
            ]
            groups = Groups(self._root, self._engine, schema, segments)
            try:
                return answer_query(query, groups.rows, groups.ranked, groups.parted)
            except DamagedError as error:
                if next(attempts, None) is None or not self._has_moved_on(error):
                    raise

    def extent(self, stream: str) -> Window | None:
        """Return the least window holding every event of the stream, or ``None`` when it has none.

        ``end`` is the last event's instant rounded up to the next whole second, and later than it.
        """
        check_stream(stream)
        segments = self._segments(stream)
        if not segments:
            return None
        last = from_millis(max(segment.last for segment in segments)).replace(microsecond=0)
        return Window(from_millis(min(segment.first for segment in segments)), last + timedelta(seconds=1))

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments, as of now."""
        with self._guard:
            before = self._log.last
            segments = self._log.refresh()
            if self._log.last != before:
                self._engine.forget(segments)
            return segments

    @property
    def positions(self) -> Mapping[str, int]:
        """All sources and the offsets up to which they have been read, as of now."""
        with self._guard:
            self._log.refresh()
            return dict(self._log.positions)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What the disk has damaged so far: events that were stored, and are not part of any answer."""
        with self._guard:
            self._log.refresh()
            return tuple(self._log.losses)

    def lost(self, stream: str, window: Window) -> tuple[LostEvents, ...]:
        """Return what was lost of a stream, whose environment may be ``*``, and may have been in a window."""
        start, end = to_millis_up(window.start), to_millis_up(window.end)
        return tuple(
            _lost(loss)
            for loss in self.losses
            if matches_stream(stream, loss.stream) and loss.first < end and start <= loss.last
            if loss.rows and loss.restored is None
        )

    @property
    def maintenance(self) -> Maintenance:
        """Compaction, retention and repair; only one thread may use it, and none appends meanwhile.

        Raises:
            StoreError: When the store was opened for reading.
        """
        return self._writing().maintenance

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield the documents of a selection in its order (:mod:`analyzers.store.embedded.documents`).

        Raises:
            QueryError: When the selection cannot be asked for.
            StoreError: When the store is damaged.
        """
        schema = check_query(selection.counted)
        return DocumentReader(self._root, self._engine, self._segments).read(selection, schema)

    def streams(self) -> tuple[str, ...]:
        """Return the names of all data streams that have an event, sorted."""
        return tuple(sorted({segment.stream for segment in self.segments}))

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

    def _writing(self) -> Writer:
        if self._writer is None:
            raise StoreError(f"{self._url} is open for reading only", "open it with writable=True")
        return self._writer

    def _has_moved_on(self, error: DamagedError) -> bool:
        """Tell whether a segment is gone because the store does not need it any more: merged, expired, set aside."""
        return error.damage.segment.path not in {segment.path for segment in self.segments}

    def _segments(self, stream: str) -> list[Segment]:
        return [segment for segment in self.segments if matches_stream(stream, segment.stream)]


def _lost(loss: Loss) -> LostEvents:
    first, last, noticed = (from_millis(instant) for instant in (loss.first, loss.last, loss.noticed))
    return LostEvents(loss.stream, loss.rows, first, last, noticed)
