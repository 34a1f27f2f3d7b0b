"""Read a store from end to end and say what is not as it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.condition import Damage, Inspector
from analyzers.store.embedded.contents import contradiction
from analyzers.store.embedded.layout import check_version
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.strays import leftovers, strangers
from analyzers.store.embedded.uniqueness import repeated_ids


@dataclass(frozen=True, slots=True)
class VerifyProgress:
    """How far a verification has come, in segments and in bytes; there may be more to read than at first."""

    segments: int
    of_segments: int
    size: int
    of_size: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        place: The file, relative to the store's directory, or the data stream.
        problem: What is wrong, in words.
        segment: The segment, when it is about one.
        damage: What can be set aside, when it can be.
    """

    place: str
    problem: str
    segment: Segment | None = None
    damage: Damage | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        segments: How many were read.
        events: How many the store had when the verification began.
        size: How many bytes were read.
        findings: What is wrong; nothing when the store is sound.
        leftovers: Files of interrupted writes, relative to the store's directory: harmless, a writer removes them.
    """

    segments: int
    events: int
    size: int
    findings: tuple[Finding, ...]
    leftovers: tuple[str, ...] = ()


Examine: TypeAlias = Callable[[Segment], Finding | None]
Progress: TypeAlias = Callable[[VerifyProgress], None]


def verified(root: Path, *, deep: bool = False, progress: Progress | None = None) -> Verdict:
    """Read every segment of a store and compare its bytes with their checksums; nothing is changed.

    Segments that a writer merges meanwhile are no damage: what they were merged into is read instead.

    Args:
        root: The store's directory.
        deep: Decode everything, too, and compare it with what the commits say.
        progress: Is told after each segment.

    Raises:
        StoreError: When the directory is no store, or its commits are damaged.
    """
    check_version(root)
    return _Verification(CommitLog(root), root, progress).run(deep=deep)


class _Verification:
    """One reading of a store."""

    def __init__(self, log: CommitLog, root: Path, progress: Progress | None) -> None:
        self._log = log
        self._root = root
        self._progress = progress
        self._inspector = Inspector(root)
        self._read: list[Segment] = []

    def run(self, *, deep: bool) -> Verdict:
        events = sum(segment.rows for segment in self._log.refresh())
        findings = [Finding(str(path.relative_to(self._root)), how) for path, how in self._log.damaged_files()]
        findings += self._segments(self._decoded if deep else self._bytes)
        rests: tuple[str, ...] = ()
        if deep:
            damaged = {finding.place for finding in findings}
            findings += [
                Finding(stream, problem) for stream, problem in repeated_ids(self._root, self._log.refresh, damaged)
            ]
            findings += [Finding(path, "it is not a file of this store") for path in strangers(self._root)]
            rests = leftovers(self._root, self._log)
        return Verdict(len(self._read), events, sum(each.size for each in self._read), tuple(findings), rests)

    def _segments(self, examine: Examine) -> Iterator[Finding]:
        """Examine all segments, and then those that have come in the place of segments that went meanwhile."""
        seen: set[str] = set()
        while left := [segment for segment in self._log.refresh() if segment.path not in seen]:
            seen.update(segment.path for segment in left)
            moved = False
            for finding in self._examined(left, examine):
                if finding.place in {segment.path for segment in self._log.refresh()}:
                    yield finding
                else:
                    moved = True
            if not moved:
                return

    def _examined(self, segments: Sequence[Segment], examine: Examine) -> Iterator[Finding]:
        of_size = sum(segment.size for segment in (*self._read, *segments))
        of_segments, size = len(self._read) + len(segments), sum(segment.size for segment in self._read)
        for segment in segments:
            finding = examine(segment)
            self._read.append(segment)
            size += segment.size
            if self._progress is not None:
                self._progress(VerifyProgress(len(self._read), of_segments, size, of_size))
            if finding is not None:
                yield finding

    def _bytes(self, segment: Segment) -> Finding | None:
        damage = self._inspector.damage(segment)
        return None if damage is None else Finding(segment.path, damage.reason, segment, damage)

    def _decoded(self, segment: Segment) -> Finding | None:
        found = self._bytes(segment)
        if found is None and (problem := contradiction(self._root, segment)) is not None:
            found = Finding(segment.path, problem, segment)
        return found
