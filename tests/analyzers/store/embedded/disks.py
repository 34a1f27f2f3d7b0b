"""Disks that watch every operation, and stop, break or note one of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from analyzers.store.embedded.disk import Disk

Perform: TypeAlias = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on a store's directory.

    Attributes:
        kind: The method of the disk.
        path: What it is done to.
        target: The new name, of a rename.
        data: The content, of a write.
    """

    kind: str
    path: Path
    target: Path | None = None
    data: bytes = b""


class WatchedDisk(Disk):
    """A real disk that hands each operation to :meth:`around` instead of doing it at once."""

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do the operation, or something else."""
        raise NotImplementedError

    def make_directory(self, path: Path) -> None:  # noqa: D102 - as the disk
        self.around(Operation("make_directory", path), lambda: Disk.make_directory(self, path))

    def write(self, path: Path, data: bytes) -> None:  # noqa: D102
        self.around(Operation("write", path, data=data), lambda: Disk.write(self, path, data))

    def sync(self, path: Path) -> None:  # noqa: D102
        self.around(Operation("sync", path), lambda: Disk.sync(self, path))

    def rename(self, source: Path, target: Path) -> None:  # noqa: D102
        self.around(Operation("rename", source, target), lambda: Disk.rename(self, source, target))

    def unlink(self, path: Path) -> None:  # noqa: D102
        self.around(Operation("unlink", path), lambda: Disk.unlink(self, path))

    def remove_directory(self, path: Path) -> None:  # noqa: D102
        self.around(Operation("remove_directory", path), lambda: Disk.remove_directory(self, path))

    def sync_directory(self, path: Path) -> None:  # noqa: D102
        self.around(Operation("sync_directory", path), lambda: Disk.sync_directory(self, path))


class Recorder(WatchedDisk):
    """Notes what is done."""

    def __init__(self) -> None:
        self.done: list[Operation] = []

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do it and note it."""
        perform()
        self.done.append(operation)


class UnflushedDisk(WatchedDisk):
    """Flushes nothing, because no power is cut: quick."""

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do what is no flush."""
        if not operation.kind.startswith("sync"):
            perform()


class KillingDisk(UnflushedDisk):
    """Kills its own process before one operation.

    Args:
        at: Which, from 0.
        halfway: Do half of it first: it is a write.
    """

    def __init__(self, at: int, *, halfway: bool = False) -> None:
        self._left = at
        self._halfway = halfway

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do it, or die."""
        if self._left == 0:
            if self._halfway:
                Disk.write(self, operation.path, operation.data[: len(operation.data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        super().around(operation, perform)


class FailingDisk(UnflushedDisk):
    """Fails once, at one operation, with one error; later it is well again.

    Args:
        at: Which operation, from 0.
        number: The error's.
        late: Do it all the same before failing, as a disk may.
    """

    def __init__(self, at: int, number: int, *, late: bool = False) -> None:
        self.left = at
        self._number = number
        self._late = late

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do it, or fail."""
        failing = self.left == 0
        self.left -= 1
        if failing:
            if self._late:
                super().around(operation, perform)
            elif operation.kind == "write":
                Disk.write(self, operation.path, operation.data[: len(operation.data) // 2])
            raise OSError(self._number, os.strerror(self._number), str(operation.path))
        super().around(operation, perform)
