"""The one writer of a store: batches in, commits out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from analyzers.store.document import Document, Rejection, SourcePosition, WriteResult
from analyzers.store.embedded.commits import CommitLog, Segment
from analyzers.store.embedded.duplicates import StoredIds
from analyzers.store.embedded.durable import TEMPORARY, make_directory
from analyzers.store.embedded.engine import Engine
from analyzers.store.embedded.layout import COMMITS, STREAMS, check_version, create_store, is_store
from analyzers.store.embedded.lock import WriterLock
from analyzers.store.embedded.segments import Event, write_segments
from analyzers.store.interface import StoreError
from analyzers.store.query import QueryError
from analyzers.store.schema import load_schema
from analyzers.store.validation import Refusal, read_fields
from logging_lib.clock import Clock

_SEGMENT: Final = re.compile(r"\d{20}-\d+\.parquet(?:\.tmp)?")


@dataclass(slots=True)
class _Sorted:
    """What became of a batch before anything is written."""

    events: dict[tuple[str, str], Event] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)


class Writer:
    """Holds the right to write from creation to :meth:`close`.

    Creating it makes the directory a store if it is empty, and removes what an interrupted write left behind.

    Raises:
        StoreError: When another process is writing, the directory is no store, or it is damaged.
    """

    def __init__(self, root: Path, engine: Engine, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        make_directory(root)
        self._lock = WriterLock(root)
        try:
            if not is_store(root):
                create_store(root)
            check_version(root)
            self._log = CommitLog(root)
            self._sweep(self._log.refresh())
        except BaseException:
            self._lock.release()
            raise
        self._stored = StoredIds(root, engine)

    def append(self, documents: Sequence[Document], positions: Mapping[str, int]) -> WriteResult:
        """Write a batch and the positions of its sources in one commit; all of it is durable on return.

        Raises:
            StoreError: When the disk refuses; then nothing of the batch is visible.
        """
        batch = _sort(documents)
        try:
            known = self._stored.among(list(batch.events), self._log.catch_up())
            events = [event for key, event in batch.events.items() if key not in known]
            if events or positions:
                segments = write_segments(self._root, self._log.last + 1, events)
                self._log.write(segments, positions, self._clock())
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"cannot write to {self._root}: {error}", "free space or check the disk") from error
        duplicates = len(documents) - len(events) - len(batch.rejected)
        return WriteResult(len(events), duplicates, tuple(batch.rejected))

    def close(self) -> None:
        """Let another writer in."""
        self._lock.release()

    def _sweep(self, segments: Sequence[Segment]) -> None:
        """Remove what no commit names: the rest of a write that was interrupted before its commit."""
        named = {self._root / segment.path for segment in segments}
        leftovers = list((self._root / COMMITS).glob(f"*{TEMPORARY}"))
        for path in (self._root / STREAMS).rglob("*"):
            if path.is_dir() or path in named:
                continue
            if _SEGMENT.fullmatch(path.name) is None:
                raise StoreError(f"{path} is not a file of this store", "move it out of the store")
            leftovers.append(path)
        for path in leftovers:
            path.unlink()


def positions_of(positions: Sequence[SourcePosition]) -> Mapping[str, int]:
    """Return source to offset.

    Raises:
        StoreError: When one source is named twice.
    """
    offsets = {position.source: position.offset for position in positions}
    if len(offsets) != len(positions):
        raise StoreError("a batch names one source twice", "give each source's last position once")
    return offsets


def _sort(documents: Sequence[Document]) -> _Sorted:
    batch = _Sorted()
    for document in documents:
        try:
            event = Event(document, read_fields(document, load_schema(document.stream)))
        except (Refusal, QueryError) as refused:
            batch.rejected.append(Rejection(document, str(refused)))
        else:
            batch.events.setdefault((document.stream, document.id), event)
    return batch
