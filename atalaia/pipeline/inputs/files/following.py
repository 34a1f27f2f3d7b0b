"""Keeps up with the files of sources: renamed, grown, emptied, overwritten, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.memory import Memory
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.open_files import OpenFiles
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.files.sources import Sources
from atalaia.pipeline.timestamp import Timestamp

_UNSURE: Final = range(-60_000_000_000, 100_000_000)
"""Nanoseconds. A file that changed so short before a look may change again without another modification time; clocks
may differ a little."""


class Follower:
    """Compares what a look saw with what is known of sources.

    Args:
        memory: Remembers names.
        sources: All sources.
        files: Opens their files.
        notices: Says what cannot be read.
    """

    def __init__(self, memory: Memory, sources: Sources, files: OpenFiles, notices: Notices) -> None:
        self._memory = memory
        self._sources = sources
        self._files = files
        self._notices = notices

    def follow(self, seen: Mapping[Key, Seen], now: datetime) -> bool:
        """Compare; return whether a source has lost its name or its content: what became of it is to be found."""
        turned = False
        for source in self._sources:
            if self._sources.of(source.key) is not source:
                continue
            file = seen.get(source.key)
            turned |= self._detached(source, now) if file is None else self._attached(source, file, now)
        return turned

    def _attached(self, source: Source, seen: Seen, now: datetime) -> bool:
        if seen.path != source.path:
            self._notices.note("%s is %s now", source.path, seen.path)
            source.path, source.rotated, source.moved = seen.path, True, True
            self._memory.touch()
        source.bound = source.attached = True
        return self._verify(source, seen, now)

    def _detached(self, source: Source, now: datetime) -> bool:
        """Go on with a file that has lost its name, as long as it is open."""
        turned = source.attached or not source.bound
        if source.content is None:
            self._lose(source)
            return turned
        status = source.content.status()
        source.attached, source.rotated, source.deleted = False, True, status.st_nlink == 0
        seen = Seen(source.path, source.key, status.st_size, status.st_mtime_ns, "")
        return self._verify(source, seen, now) or turned

    def _verify(self, source: Source, seen: Seen, now: datetime) -> bool:
        """Tell whether the file has changed and does not hold the source's content any more."""
        if source.sure and source.signature == seen.signature:
            return False
        try:
            content = self._content(source, seen)
            if content is None:
                return False
            same = source.matches(content, self._sources.resume_at(source))
            if same:
                self._refresh(source, content, seen, now)
        except OSError as error:
            self._notices.warn(seen.path, f"cannot be read, it is tried again: {error.strerror}")
            return False
        if not same:
            self._notices.note("%s does not hold any more what was read from it", seen.path)
            self._lose(source)
        return not same

    def _content(self, source: Source, seen: Seen) -> Content | None:
        if source.archive and source.content is not None and source.signature != seen.signature:
            return self._files.reopen(source)
        return self._files.content(source)

    def take_up(self, source: Source, content: Content, seen: Seen, now: datetime) -> None:
        """Begin to follow a file that was just found to hold a source's content; it is looked at again if it fails."""
        try:
            self._refresh(source, content, seen, now)
        except OSError as error:
            source.sure = False
            self._notices.warn(seen.path, f"cannot be read, it is tried again: {error.strerror}")

    def _refresh(self, source: Source, content: Content, seen: Seen, now: datetime) -> None:
        """Note what the file of a source looks like now, and that it is to be read on.

        Raises:
            OSError: When it cannot be read.
        """
        if source.signature != seen.signature:
            source.changed_at = now
            source.completed = source.completed and source.signature is None and seen.size <= (source.position or 0)
        source.signature = seen.signature
        source.sure = Timestamp.from_datetime(now).nanos - seen.modified not in _UNSURE
        source.archive = content.compressed
        source.limit = seen.size
        source.length = source.length if content.compressed else seen.size
        source.drained, source.rest, source.problem = False, 0, None
        source.go_back(content)

    def _lose(self, source: Source) -> None:
        self._files.close(source)
        self._sources.lose(source)
