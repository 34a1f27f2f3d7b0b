"""The one writer of a store: batches in, commits out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import cast

from analyzers.store.document import Document, SourcePosition, WriteResult
from analyzers.store.embedded.batch import Batch, read_batch
from analyzers.store.embedded.columns import ID
from analyzers.store.embedded.disk import make_directories, refused_in_words
from analyzers.store.embedded.duplicates import StoredIds
from analyzers.store.embedded.engine import DamagedError, Engine
from analyzers.store.embedded.journal import Journal, Step
from analyzers.store.embedded.layout import check_version, create_store, is_store
from analyzers.store.embedded.lock import WriterLock
from analyzers.store.embedded.maintenance import Maintenance
from analyzers.store.embedded.segments import new_segments
from analyzers.store.embedded.settings import Site
from analyzers.store.instants import to_millis
from analyzers.store.interface import StoreError


class Writer:
    """Holds the right to write from creation to :meth:`close`.

    Creating it makes the directory a store if it is empty, and removes what an interrupted write left behind.

    Args:
        site: Where to write.
        engine: Reads segments.

    Raises:
        StoreError: When another process is writing, the directory is no store, it is damaged, or the disk refuses.
    """

    def __init__(self, site: Site, engine: Engine) -> None:
        self._root = site.root
        self._clock = site.clock
        with self._on_disk():
            make_directories(site.disk, site.root)
            self._lock = WriterLock(site.root)
        try:
            with self._on_disk():
                if not is_store(site.root):
                    create_store(site.root, site.disk)
                check_version(site.root)
                self._journal = Journal(site)
        except BaseException:
            self._lock.release()
            raise
        self._stored = StoredIds(site.root, engine, site.settings.hashes_kept, site.settings.hashes_idle)
        self.maintenance = Maintenance(site, self._journal, engine, self._stored)

    def append(self, documents: Sequence[Document], positions: Mapping[str, int]) -> WriteResult:
        """Write a batch and the positions of its sources in one commit; all of it is durable on return.

        Raises:
            StoreError: When the disk refuses. Then the batch is not acknowledged: sending it again stores what is
                missing, and only that.
        """
        batch = read_batch(documents)
        with self._on_disk():
            try:
                batch = self._store(batch, positions)
            except OSError:
                if not self._journal.make_room():
                    raise
                batch = self._store(batch, positions)
        self.maintenance.tend()
        return WriteResult(len(batch), batch.duplicates, batch.rejected)

    def close(self) -> None:
        """Delete what was only kept for queries that were running, and let another writer in."""
        try:
            self.maintenance.close()
        finally:
            self._lock.release()

    def _store(self, batch: Batch, positions: Mapping[str, int]) -> Batch:
        """Write what is new of a batch and return that; it may be called again when the disk refused."""
        self._journal.settle()
        batch = batch.without(self._known(batch))
        if len(batch) or positions:
            self._commit(batch, positions)
        return batch

    def _commit(self, batch: Batch, positions: Mapping[str, int]) -> None:
        new = new_segments(batch, to_millis(self._clock()))
        for segment, source in zip(self._journal.change(Step(new, positions=positions)), new, strict=True):
            self._stored.learn(segment, cast("list[str]", source.table.column(ID).to_pylist()))

    def _known(self, batch: Batch) -> set[tuple[str, str]]:
        """Return which events the store has; a damaged segment that comes to light is set aside on the way."""
        ids = {part.stream: part.ids for part in batch.parts}
        while True:
            try:
                return self._stored.among(ids, self._journal.segments)
            except DamagedError as error:
                if error.damage.unread:  # a mistake of people perhaps, that they can undo
                    raise
                self.maintenance.set_aside([error.damage])

    def _on_disk(self) -> AbstractContextManager[None]:
        return refused_in_words(
            self._root, "free space, or check the disk and its permissions; then send again what was not acknowledged"
        )


def positions_of(positions: Sequence[SourcePosition]) -> Mapping[str, int]:
    """Return source to offset.

    Raises:
        StoreError: When one source is named twice.
    """
    offsets = {position.source: position.offset for position in positions}
    if len(offsets) != len(positions):
        raise StoreError("a batch names one source twice", "give each source's last position once")
    return offsets
