"""What keeps a store small and sound while it is written: compaction, retention, setting damage aside."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import pyarrow as pa

from analyzers.store.checks import matches_stream
from analyzers.store.embedded.compaction import Merge, all_merges, due_merges, merged
from analyzers.store.embedded.condition import Damage
from analyzers.store.embedded.disk import refused_in_words
from analyzers.store.embedded.duplicates import StoredIds
from analyzers.store.embedded.engine import DamagedError, Engine
from analyzers.store.embedded.journal import Journal, Step
from analyzers.store.embedded.records import Loss, Segment
from analyzers.store.embedded.retention import Retention, expired
from analyzers.store.embedded.set_aside import salvage
from analyzers.store.embedded.settings import Site
from analyzers.store.instants import to_millis
from analyzers.store.lifecycle import retention_of
from analyzers.store.query import QueryError
from logging_lib.errors import AtalaiaError

_LOG: Final = logging.getLogger(__name__)

_EXPIRY: Final = timedelta(hours=1)
"""How often a writer looks for expired days."""


@dataclass(frozen=True, slots=True)
class CompactProgress:
    """How far a compaction has come: segments and events merged so far."""

    segments: int
    events: int


class Maintenance:
    """Changes a store without changing what it answers, except where events expire or are lost.

    Args:
        site: Where to.
        journal: Writes the changes.
        engine: Checks segments before they are read.
        stored: What is remembered of the segments' ids.
    """

    def __init__(self, site: Site, journal: Journal, engine: Engine, stored: StoredIds) -> None:
        self._root = site.root
        self._clock = site.clock
        self._disk = site.disk
        self._settings = site.settings
        self._journal = journal
        self._engine = engine
        self._stored = stored
        self._not_before = 0
        self._next_expiry = site.clock()

    def tend(self) -> None:
        """Do what is due, one merge at most. Trouble is logged and tried again later: the batch before it is safe."""
        if self._journal.last < self._not_before:
            return
        try:
            if self._clock() >= self._next_expiry:
                self.expire(_retention)
                self._next_expiry = self._clock() + _EXPIRY
            self._journal.clean(())
            merge = next(due_merges(self._journal.segments, self._journal.last, self._settings), None)
            if merge is not None:
                self._merge(merge)
        except (OSError, pa.ArrowException, AtalaiaError) as error:
            self._not_before = self._journal.last + self._settings.patience
            _LOG.warning("the store %s could not be tidied up and will try again: %s", self._root, error)

    def close(self) -> None:
        """Delete the files of segments that are no more; where the disk refuses, the next writer does it."""
        try:
            self._journal.close()
        except OSError as error:
            _LOG.warning("files that the store %s needs no more stay until it is opened again: %s", self._root, error)

    def compact(
        self, progress: Callable[[CompactProgress], None] | None = None, stream: str | None = None
    ) -> CompactProgress:
        """Merge all that can be merged; what is done stays done when it is interrupted.

        Args:
            progress: Is told after each merge; an exception of its own ends the work there.
            stream: The data stream to merge, whose environment may be ``*``; all when absent.

        Raises:
            StoreError: When the disk refuses.
        """
        done = CompactProgress(0, 0)
        with self._on_disk():
            while (merge := next(all_merges(self._of(stream), self._settings), None)) is not None:
                try:
                    self._merge(merge)
                except OSError:
                    if not self._journal.make_room():
                        raise
                    continue
                done = CompactProgress(done.segments + len(merge), done.events + sum(segment.rows for segment in merge))
                if progress is not None:
                    progress(done)
        return done

    def expire(self, retention: Retention) -> tuple[Segment, ...]:
        """Drop the days that are past their retention and return their segments.

        Raises:
            OSError: When the disk refuses.
        """
        days = expired(self._journal.segments, retention, self._clock())
        gone = tuple(segment for day in days for segment in day.segments)
        if gone:
            self._replace(Step(removed=gone))
            events = sum(segment.rows for segment in gone)
            _LOG.info("the store %s let %d events go that are past their retention", self._root, events)
        return gone

    def drop(self, segments: Sequence[Segment]) -> None:
        """Delete segments of the store with their events.

        Raises:
            StoreError: When the disk refuses.
        """
        with self._on_disk():
            self._replace(Step(removed=segments))

    def set_aside(self, damages: Sequence[Damage]) -> tuple[Loss, ...]:
        """Take damaged segments out of the store, keep their intact events, and write down what is lost.

        Raises:
            StoreError: When the disk refuses.
        """
        with self._on_disk():
            return tuple(self._set_aside(damage) for damage in damages)

    def mark_restored(self) -> tuple[Loss, ...]:
        """Write down that all that was lost has been stored again, and return what that was.

        Raises:
            StoreError: When the disk refuses.
        """
        losses = tuple(loss for loss in self._journal.losses if loss.restored is None)
        if losses:
            with self._on_disk():
                self._replace(Step(restored=[loss.path for loss in losses]))
        return losses

    def _of(self, stream: str | None) -> Sequence[Segment]:
        segments = self._journal.segments
        return [segment for segment in segments if stream is None or matches_stream(stream, segment.stream)]

    def _set_aside(self, damage: Damage) -> Loss:
        saved = salvage(self._root, damage, to_millis(self._clock()), self._disk)
        new = [] if saved.intact is None else [saved.intact]
        self._replace(Step(new, [damage.segment], losses=[saved.loss]))
        _LOG.error(
            "the segment %s is damaged (%s): %d of its %d events are lost",
            self._root / damage.segment.path,
            damage.reason,
            saved.loss.rows,
            damage.segment.rows,
        )
        return saved.loss

    def _merge(self, merge: Merge) -> None:
        try:
            self._engine.check(merge)
        except DamagedError as error:
            if error.damage.unread:  # a mistake of people perhaps, that they can undo
                raise
            self._set_aside(error.damage)
            return
        self._replace(Step([merged(self._root, merge)], merge))

    def _replace(self, step: Step) -> None:
        new = self._journal.change(step)
        self._stored.replace(step.removed, new)
        self._journal.clean(step.removed)
        self._engine.forget(self._journal.segments)

    def _on_disk(self) -> AbstractContextManager[None]:
        return refused_in_words(self._root, "free space or check the disk")


def _retention(stream: str) -> timedelta | None:
    """Return how long a stream is kept: for ever where no template says it, which must not stop the care of others."""
    try:
        return retention_of(stream)
    except QueryError:
        return None
