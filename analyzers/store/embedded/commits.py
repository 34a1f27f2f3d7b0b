"""The commit log: the one truth about what a store holds.

A change becomes visible, with the read positions it brings its sources to, when its commit file gets its name. Commits
are numbered from 1 without a gap, so a lost one is noticed. Files are never changed, so a log reads each only once.
Now and then a checkpoint sums them up, and old ones go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from analyzers.store.embedded.disk import TEMPORARY, Disk, write_durably
from analyzers.store.embedded.layout import COMMITS
from analyzers.store.embedded.records import Checkpoint, Commit, Loss, Segment
from analyzers.store.embedded.sealed import sealed, unsealed
from analyzers.store.embedded.settings import Settings
from analyzers.store.instants import to_millis
from analyzers.store.interface import StoreError

_NAME: Final = re.compile(r"(\d{20})(\.checkpoint)?\.json")


@dataclass(frozen=True, slots=True)
class Change:
    """What a commit is to say; see :class:`analyzers.store.embedded.records.Commit`."""

    added: Sequence[Segment] = ()
    removed: Sequence[str] = ()
    positions: Mapping[str, int] = field(default_factory=dict)
    losses: Sequence[Loss] = ()
    restored: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Files:
    """The numbers of the files in the folder."""

    commits: frozenset[int]
    checkpoints: frozenset[int]

    @property
    def newest(self) -> int:
        return max(self.commits | self.checkpoints, default=0)


class CommitLog:
    """The commits of a store, as far as they have been read.

    Args:
        root: The store's directory.
        disk: What a writer writes with.
        settings: When a writer sums up, and what it keeps.
    """

    def __init__(self, root: Path, disk: Disk | None = None, settings: Settings | None = None) -> None:
        self._folder = root / COMMITS
        self._disk = disk or Disk()
        self._settings = settings or Settings()
        self._read = 0
        self._summed = 0
        self._segments: dict[str, Segment] = {}
        self._positions: dict[str, int] = {}
        self._losses: list[Loss] = []

    @property
    def last(self) -> int:
        """The number of the newest commit that has been read; 0 before the first."""
        return self._read

    @property
    def summed_up(self) -> int:
        """The number of the newest checkpoint that has been read or written; 0 before the first."""
        return self._summed

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The segments of the store, as far as it has been read."""
        return tuple(self._segments.values())

    @property
    def positions(self) -> Mapping[str, int]:
        """Source to the offset up to which it has been read."""
        return self._positions

    @property
    def losses(self) -> Sequence[Loss]:
        """What the disk has damaged so far."""
        return self._losses

    def refresh(self) -> tuple[Segment, ...]:
        """Read the commits that have come since, make sure that none is missing, and return all segments.

        Raises:
            StoreError: When a commit is missing or damaged, or a foreign file lies among them.
        """
        files = self._files()
        while files.newest > self._read and not self._advance(files):
            again = self._files()
            if again == files:
                missing = self._path(self._read + 1)
                raise StoreError(
                    f"the commit {missing} is missing, later ones exist", "restore it from a copy of the store"
                )
            files = again  # the writer summed up in between
        return self.segments

    def write(self, change: Change, at: datetime) -> int:
        """Make a change visible and durable, and return its number; call it as the one writer, caught up.

        Raises:
            OSError: When the disk refuses; then the commit may stand all the same, and only :meth:`refresh` can tell.
        """
        commit = Commit(
            number=self._read + 1,
            committed_at=at,
            added=tuple(change.added),
            removed=tuple(change.removed),
            positions=change.positions,
            losses=tuple(change.losses),
            restored=tuple(change.restored),
        )
        write_durably(self._disk, [(self._path(commit.number), sealed(commit))])
        self._apply(commit)
        return commit.number

    def sum_up(self, at: datetime) -> None:
        """Write a checkpoint when it is time for one, and remove what it makes superfluous.

        Raises:
            OSError: When the disk refuses; nothing is lost by it.
        """
        if self._read - self._summed < self._settings.checkpoint_every:
            return
        checkpoint = Checkpoint(
            number=self._read,
            committed_at=at,
            segments=self.segments,
            positions=self._positions,
            losses=tuple(self._losses),
        )
        write_durably(self._disk, [(self._checkpoint_path(self._read), sealed(checkpoint))])
        self._summed = self._read
        files = self._files()
        for number in sorted(files.commits):
            if number <= self._read - self._settings.kept_commits:
                self._disk.unlink(self._path(number))
        for number in sorted(files.checkpoints - {self._read}):
            self._disk.unlink(self._checkpoint_path(number))

    def make_durable(self) -> None:
        """Flush the names of all commits: after a failure one may be seen that a power cut would take away."""
        self._disk.sync_directory(self._folder)

    def leftovers(self) -> list[Path]:
        """Return the files that an interrupted write left in the folder."""
        return sorted(self._folder.glob(f"*{TEMPORARY}"))

    def damaged_files(self) -> Iterator[tuple[Path, str]]:
        """Yield the files of the folder that are damaged and how, also those a checkpoint has made superfluous."""
        files = self._files()
        kinds: list[tuple[Path, type[Commit | Checkpoint]]] = []
        kinds += [(self._path(number), Commit) for number in sorted(files.commits)]
        kinds += [(self._checkpoint_path(number), Checkpoint) for number in sorted(files.checkpoints)]
        for path, kind in kinds:
            try:
                unsealed(path, kind)
            except StoreError as error:
                yield path, error.message.removeprefix(f"{path} ")

    def _advance(self, files: _Files) -> bool:
        """Read what the folder holds beyond what has been read; tell whether all of it was still there."""
        summed = max(files.checkpoints, default=0)
        # A power cut may bring back some of the commits that were removed: only a whole row of them leads on.
        if not files.commits.issuperset(range(self._read + 1, summed + 1)):
            checkpoint = unsealed(self._checkpoint_path(summed), Checkpoint)
            if checkpoint is None:
                return False
            self._start_at(checkpoint, summed)
        while self._read < files.newest:
            commit = unsealed(self._path(self._read + 1), Commit)
            if commit is None:
                return False
            _check(self._path(self._read + 1), commit.number, self._read + 1)
            self._apply(commit)
        return True

    def _start_at(self, checkpoint: Checkpoint, number: int) -> None:
        _check(self._checkpoint_path(number), checkpoint.number, number)
        self._segments = {segment.path: segment for segment in checkpoint.segments}
        self._positions = dict(checkpoint.positions)
        self._losses = list(checkpoint.losses)
        self._read = self._summed = checkpoint.number

    def _apply(self, commit: Commit) -> None:
        for path in commit.removed:
            self._segments.pop(path, None)
        self._segments.update((segment.path, segment) for segment in commit.added)
        self._positions.update(commit.positions)
        self._losses.extend(commit.losses)
        if commit.restored:
            at = {"restored": to_millis(commit.committed_at)}
            restored = frozenset(commit.restored)
            self._losses = [each.model_copy(update=at) if each.path in restored else each for each in self._losses]
        self._read = commit.number

    def _files(self) -> _Files:
        commits: set[int] = set()
        checkpoints: set[int] = set()
        for name in self._names():
            match = _NAME.fullmatch(name)
            if match is not None:
                (checkpoints if match[2] else commits).add(int(match[1]))
            elif not name.endswith(TEMPORARY):
                raise StoreError(f"{self._folder / name} is not a commit of this store", "move it out of the store")
        return _Files(frozenset(commits), frozenset(checkpoints))

    def _names(self) -> list[str]:
        try:
            return [entry.name for entry in self._folder.iterdir()]
        except OSError as error:
            raise StoreError(
                f"cannot read {self._folder}: {error.strerror}", "restore the store from a copy"
            ) from error

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:020d}.json"

    def _checkpoint_path(self, number: int) -> Path:
        return self._folder / f"{number:020d}.checkpoint.json"


def _check(path: Path, said: int, wanted: int) -> None:
    if said != wanted:
        raise StoreError(f"{path} says that it is number {said}", "restore it from a copy of the store")
