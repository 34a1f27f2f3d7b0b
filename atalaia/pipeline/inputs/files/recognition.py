"""Decides whose content a file holds that is not known by its inode: a copy's, a compressed one's, or its own.

Nothing is to be read twice, and nothing lost. A source whose file is gone is continued in a file with the same first
line and the same bytes before the position. While its file is there, a copy waits beside it: ``copytruncate`` copies
first and truncates then. Few bytes are weak evidence; then reading twice is the lesser evil.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from atalaia.pipeline.inputs.files.contents import Content
from atalaia.pipeline.inputs.files.fingerprints import TAIL, Fingerprint, Mark, mark, tail_at
from atalaia.pipeline.inputs.files.open_files import OpenFiles
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.files.sources import Sources

QUIET: Final = timedelta(seconds=5)
"""A file that has not changed for so long is taken as complete where that matters."""


@dataclass(slots=True)
class Waiting:
    """A file that is no source's yet.

    Attributes:
        seen: What the last look saw of it.
        changed_at: When it was last seen to change.
        contact: Its size when reading was to begin at its end; ``None`` when it is read from its beginning.
        common: A source whose copy it is so far, and up to where it is.
        covered: Whether that is all of it.
        rotated: Whether it has got another name since it was first seen.
    """

    seen: Seen
    changed_at: datetime
    contact: int | None
    common: tuple[Source, Mark] | None = None
    covered: bool = False
    rotated: bool = False

    @property
    def asleep(self) -> bool:
        """Whether nothing can have changed: all of it stands in a source whose file is still there."""
        return self.covered and self.common is not None and self.common[0].bound and not self.common[0].deleted


@dataclass(frozen=True, slots=True)
class Candidate:
    """Such a file, open.

    Attributes:
        waiting: The file.
        content: Its content.
        head: The first KiB.
        first_line: The fingerprint.
        quiet: Whether it has not changed for a while.
    """

    waiting: Waiting
    content: Content
    head: bytes
    first_line: Fingerprint
    quiet: bool


@dataclass(frozen=True, slots=True)
class Continue:
    """The file is the source's from now on."""

    source: Source


@dataclass(frozen=True, slots=True)
class Begin:
    """The file is a source of its own; what stands before ``start`` was read as another's."""

    start: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """It cannot be said yet."""


Decision: TypeAlias = Continue | Begin | Wait


class Recogniser:
    """Compares files with sources.

    Args:
        sources: All sources.
        files: Opens their files.
        tail: Whether files are followed; in ``read`` mode a copy beside its original is a file of its own.
    """

    def __init__(self, sources: Sources, files: OpenFiles, *, tail: bool) -> None:
        self._sources = sources
        self._files = files
        self._tail = tail

    def decide(self, candidate: Candidate) -> Decision:
        """Say whose content a file holds.

        Raises:
            OSError: When it cannot be read.
        """
        related = [each for each in self._sources.beginning_with(candidate.first_line) if self._may_be(each, candidate)]
        made: dict[str, Decision] = {}
        for source in related:
            decision = self._beside(source, candidate) if source.bound else self._lost(source, candidate)
            if decision is not None:
                made[source.identity] = decision
        if not made:
            return self._after_common(candidate)
        furthest = max((each for each in related if each.identity in made), key=self._sources.reached)
        return made[furthest.identity]

    def _may_be(self, source: Source, candidate: Candidate) -> bool:
        """Tell whether a source's content may be this one, as far as it costs nothing to say."""
        known = min(len(source.head), len(candidate.head))
        if not source.bound:
            known = min(known, self._sources.reached(source))
            if source.retired and not (source.settled.strong and source.settled.digest):
                return False
        return source.head[:known] == candidate.head[:known]

    def _lost(self, source: Source, candidate: Candidate) -> Decision | None:
        """Compare a file with a source whose own file is gone; a complete file that is gone may come again."""
        if source.completed and not self._tail and not candidate.content.compressed:
            return None
        if source.matches(candidate.content, self._sources.resume_at(source)):
            return Continue(source)
        return self._longer(source, candidate)

    def _beside(self, source: Source, candidate: Candidate) -> Decision | None:
        """Compare a file with a source whose own file is still there (or open, though it has no name any more)."""
        if not (self._tail or source.deleted) or source.position is None:
            return None
        content = self._files.content(source)
        length = candidate.content.length()
        if content is None or (candidate.content.problem and not candidate.quiet):
            return Wait()
        common = min(length, source.position + source.rest if source.drained else content.length())
        tail = tail_at(content, common)
        if tail_at(candidate.content, common) != tail:
            return None
        return _without_name(source, length) if source.deleted else _copy(source, candidate, length, mark(common, tail))

    def _longer(self, source: Source, candidate: Candidate) -> Decision | None:
        """Compare a file with a source whose file is gone and which was read further than the file is long.

        It is a copy that was made before the source grew for the last time, when an earlier position is found in it.
        """
        if source.key == candidate.waiting.seen.key:
            return None
        length = candidate.content.length()
        for earlier in source.earlier:
            fits = (
                earlier.strong
                and source.fingerprint.length + 2 < earlier.position <= length < self._sources.reached(source)
            )
            if fits and earlier.holds_in(candidate.content):
                return _from(source, length)
        return None

    def _after_common(self, candidate: Candidate) -> Decision:
        """Begin a file that was a copy and is none any more after what it had in common."""
        common = candidate.waiting.common
        if common is None or not common[1].holds_in(candidate.content):
            return Begin()
        return _from(common[0], common[1].position)


def _copy(source: Source, candidate: Candidate, length: int, common: Mark) -> Decision | None:
    """Decide on a copy, up to ``common``, of a source whose file is still there."""
    if not common.strong:
        return None if candidate.quiet or not source.position else Wait()
    if length > common.position and source.drained:
        return _from(source, source.position or 0)
    candidate.waiting.common, candidate.waiting.covered = (source, common), common.position == length
    return Wait()


def _without_name(source: Source, length: int) -> Decision | None:
    """Decide on a copy of a source whose file was deleted and is still open: as a rule, compressed."""
    if not source.drained:
        return Wait()
    if length >= (source.position or 0):
        return Continue(source)
    return _from(source, length) if length >= TAIL else None


def _from(source: Source, start: int) -> Decision:
    """Begin after what was read as the other source's, once that is durable."""
    return Begin(start) if source.settled.position >= start else Wait()
