"""All sources of one input: which file each is read from, and who each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.fingerprints import Fingerprint, mark, tail_at
from atalaia.pipeline.inputs.files.identities import known_identity
from atalaia.pipeline.inputs.files.memory import Memory
from atalaia.pipeline.inputs.files.sincedb import Record
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.running import Positions
from logging_lib.clock import Clock


class Sources:
    """The sources an input has read or is reading.

    Args:
        memory: Remembers them.
        delimiter: What ends lines.
        positions: What the store knows of positions; ``None`` when the sincedb has the last word.
        clock: The present instant.
    """

    def __init__(self, memory: Memory, delimiter: bytes, positions: Positions | None, clock: Clock) -> None:
        self._memory = memory
        self._delimiter = delimiter
        self._positions = positions
        self._clock = clock
        self._by_key: dict[Key, Source] = {}
        self._by_line: defaultdict[str, list[Source]] = defaultdict(list)
        for source in memory.sources.values():
            self._by_line[source.fingerprint.digest].append(source)
            if not source.lost:
                self._by_key[source.key] = source

    def __iter__(self) -> Iterator[Source]:
        return iter(list(self._memory.sources.values()))

    def of(self, key: Key) -> Source | None:
        """Return the source that is read from a file, or was when the input last ran."""
        return self._by_key.get(key)

    def had(self, key: Key) -> bool:
        """Tell whether a file held the content of a source that it does not hold any more."""
        return any(source.key == key and not source.bound for source in self._memory.sources.values())

    def beginning_with(self, first_line: Fingerprint) -> list[Source]:
        """Return the sources with this first line."""
        return list(self._by_line.get(first_line.digest, ()))

    def resume_at(self, source: Source) -> int:
        """Return where to go on with a source that was not read in this process."""
        if self._positions is None:
            return source.settled.position
        return max(source.start, self._position_of(source.identity))

    def _position_of(self, name: str) -> int:
        return 0 if self._positions is None else self._positions.position(name)

    def reached(self, source: Source) -> int:
        """Return how far a source was read, durable or not."""
        return self.resume_at(source) if source.position is None else source.position

    def bind(self, source: Source, seen: Seen, content: Content | None) -> None:
        """Read a source from a file from now on."""
        if self._by_key.get(source.key) is source:
            del self._by_key[source.key]
        source.key, source.path = seen.key, seen.path
        self._by_key[seen.key] = source
        source.bound, source.lost, source.retired, source.searched, source.deleted = True, False, False, False, False
        source.content = content
        source.archive = content is not None and content.compressed
        source.signature, source.sure = None, False
        source.changed_at = source.seen_at = self._clock()
        source.moved = True
        self._memory.touch(urgent=True)

    def lose(self, source: Source) -> None:
        """Note that a source's file, closed by now, does not hold its content any more."""
        source.bound, source.attached, source.lost = False, False, True
        source.seen_at = self._clock()
        if self._by_key.get(source.key) is source:
            del self._by_key[source.key]
        self._memory.touch()

    def begin(self, seen: Seen, content: Content, first_line: Fingerprint, start: int) -> Source:
        """Make a source of a file whose content is no known one's.

        When the store knows a position of it (the sincedb was lost) it goes on there.
        """
        name, position = known_identity(seen.key, first_line, content, self._position_of, self._memory.sources)
        reached = position or start
        tail = tail_at(content, reached)
        device, inode = seen.key
        settled, length = mark(reached, tail), seen.size if not content.compressed else reached
        record = Record(
            identity=name,
            path=seen.path,
            device=device,
            inode=inode,
            fingerprint=first_line.digest,
            first=first_line.length,
            start=min(start, reached),
            position=settled.position,
            tail=settled.digest,
            earlier=((length, mark(length, tail_at(content, length)).digest),),
            seen=self._clock(),
        )
        source = Source(record, self._delimiter)
        source.position, source.tail = reached, tail
        self._memory.add(source)
        self._by_line[first_line.digest].append(source)
        self.bind(source, seen, content)
        return source

    def forget(self, older_than: float) -> None:
        """Forget sources whose files have been gone for so many seconds."""
        limit = self._clock() - timedelta(seconds=older_than)
        for source in self:
            if not source.bound and source.seen_at < limit:
                self._memory.drop(source)
                self._by_line[source.fingerprint.digest].remove(source)
                if self._by_key.get(source.key) is source:
                    del self._by_key[source.key]

    def close(self) -> None:
        """Close the files."""
        for source in self:
            if source.content is not None:
                source.content.close()
                source.content = None
