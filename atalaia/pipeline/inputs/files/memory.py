"""What outlives the input: how far each source is durable, written to the sincedb now and then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.sincedb import Header, Record, Sincedb
from atalaia.pipeline.inputs.files.source import Emitted, Source
from logging_lib.clock import Clock


class Memory:
    """Remembers sources. What settles is noted in the pipeline's thread, all else in the input's.

    Args:
        sincedb: Where they are remembered; ``None`` for nowhere.
        patterns: The input's patterns.
        delimiter: What ends lines.
        clock: The present instant.
        notices: Says when the disk refuses.

    Raises:
        PipelineError: When another input uses the sincedb, or it cannot be read.

    Attributes:
        sources: By identity; taken from and added to only by the input's thread.
        known_paths: The paths of sources at the start.
        known_patterns: The patterns that were watched before.
    """

    def __init__(
        self, sincedb: Sincedb | None, patterns: tuple[str, ...], delimiter: bytes, clock: Clock, notices: Notices
    ) -> None:
        header, records = (Header(), []) if sincedb is None else _read(sincedb)
        self.sources = {record.identity: Source(record, delimiter) for record in records}
        self.known_paths = {record.path for record in records}
        self.known_patterns = frozenset(header.patterns)
        self._sincedb = sincedb
        self._header = Header(patterns=patterns)
        self._clock = clock
        self._notices = notices
        self._guard = threading.Lock()
        self._writing = threading.RLock()
        self._closed = False
        self._changed = self._urgent = header != self._header
        self._written_at = clock()

    def emitted(self, source: Source, end: int, tail: bytes) -> Callable[[], None]:
        """Note that lines up to a position are handed over; return what is to be called once they are durable."""
        arrival = Emitted(end, tail)
        with self._guard:
            source.emitted.append(arrival)

        def settled() -> None:
            with self._guard:
                source.settle(arrival)
                self._changed = True
                last = self._closed and all(each.all_settled for each in self.sources.values())
            if last:
                self._write_late()

        return settled

    def refused(self, source: Source) -> None:
        """Take back what was noted last of a source: the pipeline did not take it."""
        with self._guard:
            source.emitted.pop()

    def note_look(self, source: Source) -> None:
        """See :meth:`Source.note_look`."""
        with self._guard:
            source.note_look()

    def touch(self, *, urgent: bool = False) -> None:
        """Note that something is to be remembered; urgent when nothing may be read before it is."""
        self._changed = True
        self._urgent = self._urgent or urgent

    def add(self, source: Source) -> None:
        """Remember a source from now on."""
        with self._guard:
            self.sources[source.identity] = source

    def drop(self, source: Source) -> None:
        """Forget a source."""
        with self._guard:
            del self.sources[source.identity]
        self.touch()

    def write_if_urgent(self) -> bool:
        """Write what must be remembered before anything is read; return False when that cannot be done now."""
        return not self._urgent or self._write()

    def write_if_due(self, interval: float) -> None:
        """Write what has changed when the last writing is long enough ago."""
        since = self._clock() - self._written_at
        if self._changed and not timedelta(0) <= since < timedelta(seconds=interval):  # a clock may be put back
            self._write()

    def close(self) -> None:
        """Remember everything and let go of the sincedb; what settles later is remembered once all has."""
        with self._writing:
            with self._guard:
                self._closed = True
            self._write()
            if self._sincedb is not None:
                self._sincedb.release()

    def _write_late(self) -> None:
        """Write after the input has ended, unless another has begun to use the file."""
        with self._writing:
            try:
                if self._sincedb is not None and self._sincedb.take():
                    self._write()
                    self._sincedb.release()
            except PipelineError as error:
                self._notices.warn(error.message, "")

    def _write(self) -> bool:
        with self._writing:
            try:
                self._write_to(self._sincedb)
            except OSError as error:
                self._changed = True
                path = "" if self._sincedb is None else str(self._sincedb.path)
                self._notices.warn(path, f"cannot be written: {error.strerror}")
                return False
        self._urgent = False
        return True

    def _write_to(self, sincedb: Sincedb | None) -> None:
        self._written_at = self._clock()
        records = self._records()
        if sincedb is not None:
            sincedb.write(self._header, records)
            self._notices.over(str(sincedb.path))

    def _records(self) -> list[Record]:
        with self._guard:
            self._changed = False
            for source in self.sources.values():
                if source.bound:
                    source.seen_at = self._written_at
            return [source.record() for source in self.sources.values()]


def _read(sincedb: Sincedb) -> tuple[Header, list[Record]]:
    if not sincedb.take():
        problem = f"the sincedb {sincedb.path} is used by another file input"
        raise PipelineError(problem, "give each of them a sincedb_path of its own")
    try:
        return sincedb.read()
    except PipelineError:
        sincedb.release()
        raise
