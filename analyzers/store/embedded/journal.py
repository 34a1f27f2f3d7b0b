"""How a store changes: segments first, then the commit that names them, then what it makes superfluous goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analyzers.store.embedded.commits import Change, CommitLog
from analyzers.store.embedded.disk import Disk
from analyzers.store.embedded.records import Loss, Segment
from analyzers.store.embedded.segments import NewSegment, write_segments
from analyzers.store.embedded.strays import is_segment_name, segment_files
from analyzers.store.interface import StoreError
from logging_lib.clock import Clock


@dataclass(frozen=True, slots=True)
class Step:
    """One change, before it is written.

    Attributes:
        new: Segments to write.
        removed: Segments that go.
        positions: Sources and the offsets up to which they have been read.
        losses: What the disk has damaged.
        restored: Paths of losses whose events have been stored again.
    """

    new: Sequence[NewSegment] = ()
    removed: Sequence[Segment] = ()
    positions: Mapping[str, int] = field(default_factory=dict)
    losses: Sequence[Loss] = ()
    restored: Sequence[str] = ()


class Journal:
    """Changes a store whose writer's lock is held.

    When the disk fails in the middle of a change, nobody knows whether its commit will survive; so the next change
    first looks at what there is, makes it durable and removes the rest.

    Args:
        root: The store's directory.
        disk: Where to.
        clock: Stamps the commits.

    Raises:
        StoreError: When the store is damaged, or holds a file that is not its own.
    """

    def __init__(self, root: Path, disk: Disk, clock: Clock) -> None:
        self._root = root
        self._disk = disk
        self._clock = clock
        self._log = CommitLog(root, disk)
        self._certain = False
        self._log.refresh()
        self._sweep()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """All segments of the store."""
        return self._log.segments

    @property
    def losses(self) -> Sequence[Loss]:
        """What the disk has damaged so far."""
        return self._log.losses

    @property
    def last(self) -> int:
        """The number of the newest commit."""
        return self._log.last

    def settle(self) -> None:
        """Make sure of what the store holds; costs nothing unless the last change failed or there was none yet.

        Raises:
            OSError: When the disk still fails.
        """
        if self._certain:
            return
        self._log.refresh()
        self._log.make_durable()
        self._sweep()
        self._certain = True

    def change(self, step: Step) -> tuple[Segment, ...]:
        """Write a change and return its new segments; all of it is durable and visible on return.

        Raises:
            OSError: When the disk fails; then the store holds all of the change, or nothing of it.
        """
        self.settle()
        self._certain = False
        segments = write_segments(self._root, self._log.last + 1, step.new, self._disk)
        gone = [segment.path for segment in step.removed]
        self._log.write(Change(segments, gone, step.positions, step.losses, step.restored), self._clock())
        self._certain = True
        return segments

    def clean(self, removed: Sequence[Segment]) -> None:
        """Delete the files of segments that the store has no longer, and sum up the commits when it is time.

        Raises:
            OSError: When the disk fails; nothing is lost by it, and the next writer tries again.
        """
        for segment in removed:
            self._disk.unlink(self._root / segment.path)
        for folder in {(self._root / segment.path).parent for segment in removed}:
            if not any(folder.iterdir()):
                self._disk.remove_directory(folder)
        self._log.sum_up(self._clock())

    def _sweep(self) -> None:
        """Remove what no commit names: the rest of a change that was interrupted."""
        named = {self._root / segment.path for segment in self._log.segments}
        leftovers = self._log.leftovers()
        for path in segment_files(self._root):
            if path in named:
                continue
            if not is_segment_name(path.name):
                raise StoreError(f"{path} is not a file of this store", "move it out of the store")
            leftovers.append(path)
        for path in leftovers:
            self._disk.unlink(path)
