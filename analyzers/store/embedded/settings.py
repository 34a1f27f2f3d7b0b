"""The numbers a store is kept by, and the place it is kept in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from analyzers.store.embedded.disk import Disk
from logging_lib.clock import Clock


@dataclass(frozen=True, slots=True)
class Settings:
    """When a store sums up, merges and forgets. They change what it costs, never what it answers.

    Attributes:
        checkpoint_every: Commits from one checkpoint to the next: what a reader has to read at most, beside the
            checkpoint.
        kept_commits: Commits that stay although a checkpoint has them: a reader that is this far behind reads on where
            it was.
        full_rows: No merge makes a segment of more events: what it holds in memory is bounded by this.
        fan_in: Segments of one tier that make one of the next.
        quiet_commits: Commits after which a day that got none of them is taken to be complete.
        patience: Commits to wait after the disk refused some maintenance, before it is tried again.
        grace: How long the files of segments stay that were merged, expired or set aside, unless the disk is full: a
            query that reads them already ends in peace. Longer ones begin again.
        hashes_kept: Of ids, eight bytes each; beyond it ids are looked up in the files, which is slower and as exact.
        hashes_idle: Of these, those that no batch has needed for long; ids that grow with time need the newest only.
    """

    checkpoint_every: int = 64
    kept_commits: int = 64
    full_rows: int = 131_072
    fan_in: int = 16
    quiet_commits: int = 64
    patience: int = 64
    grace: timedelta = timedelta(seconds=30)
    hashes_kept: int = 8_000_000
    hashes_idle: int = 500_000


@dataclass(frozen=True, slots=True)
class Site:
    """Where a store is written, and how.

    Attributes:
        root: The store's directory.
        clock: Stamps the commits, and tells which days have expired.
        disk: What it is written with.
        settings: The numbers it is kept by.
    """

    root: Path
    clock: Clock
    disk: Disk = field(default_factory=Disk)
    settings: Settings = field(default_factory=Settings)
