"""How a store changes: segments first, then the commit that names them, then what it makes superfluous goes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from analyzers.store.embedded.commits import Change, CommitLog
from analyzers.store.embedded.disk import TEMPORARY
from analyzers.store.embedded.layout import DAMAGED, STREAMS
from analyzers.store.embedded.records import Loss, Segment
from analyzers.store.embedded.segments import NewSegment, write_segments
from analyzers.store.embedded.settings import Site
from analyzers.store.embedded.strays import is_segment_name
from analyzers.store.interface import StoreError


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

    When the disk fails in the middle of a change, or a process was killed there, nobody knows whether its commit will
    survive; so the next change first looks at what there is, makes it durable, and only then removes the rest.

    Args:
        site: Where to.

    Raises:
        OSError: When the disk fails.
        StoreError: When the store is damaged, or holds a file that is not its own.
    """

    def __init__(self, site: Site) -> None:
        self._root = site.root
        self._disk = site.disk
        self._clock = site.clock
        self._log = CommitLog(site.root, site.disk, site.settings)
        self._grace = site.settings.grace
        self._replaced: list[tuple[datetime, Segment]] = []
        self._certain = False
        self.settle()

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
        """Make sure of what the store holds; costs nothing unless something failed since.

        Raises:
            OSError: When the disk still fails.
        """
        if self._certain:
            return
        self._log.refresh()
        self._disk.sync_directory(self._root)  # the version file's name, when a writer was killed that made the store
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
        """Let go of segments that the store has no longer: their files go once queries had time to end.

        Commits are summed up when it is time.

        Raises:
            OSError: When the disk fails; nothing is lost by it, and the next change removes what is left.
        """
        now = self._clock()
        self._replaced += [(now + self._grace, segment) for segment in removed]
        certain, self._certain = self._certain, False
        self._delete([segment for due, segment in self._replaced if due <= now])
        self._replaced = [(due, segment) for due, segment in self._replaced if due > now]
        self._log.sum_up(now)
        self._certain = certain

    def make_room(self) -> bool:
        """After the disk refused something, delete what is only kept for queries, and tell whether there was anything.

        Raises:
            OSError: When the disk still fails.
        """
        kept = bool(self._replaced)
        self.settle()
        self.close()
        return kept

    def close(self) -> None:
        """Delete what is still kept for queries that were running; doing it twice does nothing.

        Raises:
            OSError: When the disk fails; the next writer removes what is left.
        """
        kept, self._replaced = self._replaced, []
        self._delete([segment for _, segment in kept])

    def _delete(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            self._disk.unlink(self._root / segment.path)
        for folder in {(self._root / segment.path).parent for segment in segments}:
            self._remove_if_empty(folder)

    def _sweep(self) -> None:
        """Remove what no commit names: the rest of a change that was interrupted, and folders made for it.

        Such a folder's own name may be lost in a crash; when it is made again, its name is flushed.
        """
        named = {str(self._root / segment.path) for segment in self._log.segments}
        unnamed, folders = self._surplus(named)
        for path in [*self._log.leftovers(), *unnamed, *(self._root / DAMAGED).rglob(f"*{TEMPORARY}")]:
            self._disk.unlink(path)
        for folder in folders:
            self._remove_if_empty(folder)
        self._replaced.clear()

    def _surplus(self, named: AbstractSet[str]) -> tuple[list[Path], list[Path]]:
        """Return the segments that no commit names, whole and half, and the folders that hold none but these."""
        unnamed: list[Path] = []
        folders: list[Path] = []
        needed = {folder for path in named for folder in _two_above(path)}
        streams = str(self._root / STREAMS)
        for folder, _, names in os.walk(streams, topdown=False, onerror=_fail):
            paths = (f"{folder}{os.sep}{name}" for name in names)
            unnamed.extend(_checked(Path(path)) for path in paths if path not in named)
            if folder not in needed and folder != streams:
                folders.append(Path(folder))
        return unnamed, folders

    def _remove_if_empty(self, folder: Path) -> None:
        if folder.is_dir() and not any(folder.iterdir()):
            self._disk.remove_directory(folder)


def _two_above(path: str) -> tuple[str, str]:
    """Return the folders of a segment's day and of its stream."""
    day = path.rpartition(os.sep)[0]
    return day, day.rpartition(os.sep)[0]


def _checked(path: Path) -> Path:
    if not is_segment_name(path.name):
        raise StoreError(f"{path} is not a file of this store", "move it out of the store")
    return path


def _fail(error: OSError) -> None:
    raise error
