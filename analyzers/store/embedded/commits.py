"""The commit log: the one truth about what a store holds.

A batch becomes visible, with the read positions it brings its sources to, when its commit file gets its name. Commits
are numbered from 1 without a gap, so a lost one is noticed. Files are never changed, so a log reads each only once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from analyzers.store.embedded.durable import TEMPORARY, write_text
from analyzers.store.embedded.layout import COMMITS
from analyzers.store.interface import StoreError

_NAME: Final = re.compile(r"(\d{20})\.json")


class Segment(BaseModel):
    """One Parquet file: the events of one batch, one stream and one UTC day.

    Attributes:
        stream: The data stream.
        path: Relative to the store's directory.
        rows: How many events.
        size: Bytes of the file.
        first: The least ``@timestamp``, in milliseconds since 1970.
        last: The greatest.
        least_id: The least ``_id`` by code point.
        greatest_id: The greatest.
        columns: The stored fields it has a column for, with their types.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    stream: str
    path: str
    rows: int
    size: int
    first: int
    last: int
    least_id: str
    greatest_id: str
    columns: Mapping[str, str]


class Commit(BaseModel):
    """One acknowledged batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    committed_at: AwareDatetime
    segments: tuple[Segment, ...]
    positions: Mapping[str, int]


class CommitLog:
    """The commits of a store, as far as they have been read.

    Args:
        root: The store's directory.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / COMMITS
        self._read = 0
        self._segments: list[Segment] = []
        self._positions: dict[str, int] = {}

    @property
    def last(self) -> int:
        """The number of the newest commit that has been read; 0 before the first."""
        return self._read

    @property
    def positions(self) -> Mapping[str, int]:
        """Source to the offset up to which it has been read."""
        return self._positions

    def refresh(self) -> tuple[Segment, ...]:
        """Read the commits that have come since, make sure that none is missing, and return all segments.

        Raises:
            StoreError: When a commit is missing or damaged, or a foreign file lies among them.
        """
        newest = self._newest()
        self.catch_up()
        if newest > self._read:
            missing = self._path(self._read + 1)
            raise StoreError(
                f"the commit {missing} is missing, later ones exist", "restore it from a copy of the store"
            )
        return tuple(self._segments)

    def catch_up(self) -> tuple[Segment, ...]:
        """Read the next commits as long as there are any, and return all segments.

        Raises:
            StoreError: When a commit is damaged.
        """
        while (commit := self._load(self._read + 1)) is not None:
            self._apply(commit)
        return tuple(self._segments)

    def write(self, segments: tuple[Segment, ...], positions: Mapping[str, int], at: datetime) -> None:
        """Make a batch visible and durable; call it with the writer's lock held, caught up."""
        commit = Commit(number=self._read + 1, committed_at=at, segments=segments, positions=positions)
        write_text(self._path(commit.number), commit.model_dump_json() + "\n")
        self._apply(commit)

    def _newest(self) -> int:
        """Return the greatest number in the folder: every lower one was durable before it was written."""
        newest = 0
        for entry in self._entries():
            match = _NAME.fullmatch(entry.name)
            if match is not None:
                newest = max(newest, int(match[1]))
            elif not entry.name.endswith(TEMPORARY):
                raise StoreError(f"{entry} is not a commit of this store", "move it out of the store")
        return newest

    def _entries(self) -> list[Path]:
        try:
            return list(self._folder.iterdir())
        except OSError as error:
            raise StoreError(
                f"cannot read {self._folder}: {error.strerror}", "restore the store from a copy"
            ) from error

    def _load(self, number: int) -> Commit | None:
        path = self._path(number)
        try:
            commit = Commit.model_validate_json(path.read_bytes())
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise StoreError(
                f"the commit {path} is damaged: {reason}", "restore it from a copy of the store"
            ) from error
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"cannot read the commit {path}: {error.strerror}", "check its permissions") from error
        if commit.number != number:
            raise StoreError(f"the commit {path} says that it is number {commit.number}", "restore it from a copy")
        return commit

    def _apply(self, commit: Commit) -> None:
        self._segments.extend(commit.segments)
        self._positions.update(commit.positions)
        self._read = commit.number

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:020d}.json"
