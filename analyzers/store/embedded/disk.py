"""Every operation that changes a store's directory, one at a time; nothing else of the store but its lock writes there.

A file survives a crash because it is written under a temporary name, flushed, renamed, and its directory flushed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa

from analyzers.store.interface import StoreError

TEMPORARY: Final = ".tmp"
"""The suffix of a file that is being written; what still has it after a crash is nothing."""


class Disk:
    """The operations on a real disk. A test that breaks the disk breaks one of them.

    Every method raises ``OSError`` when the disk refuses.
    """

    def make_directory(self, path: Path) -> None:
        """Create one directory whose parent exists."""
        path.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        """Create a file, or replace its content; the bytes may still be lost in a crash."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
        finally:
            os.close(handle)

    def sync(self, path: Path) -> None:
        """Flush a file's content."""
        _sync(path, os.O_RDONLY)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name; what had it before is gone."""
        source.replace(target)

    def unlink(self, path: Path) -> None:
        """Remove a file; one that is gone already is no error."""
        path.unlink(missing_ok=True)

    def remove_directory(self, path: Path) -> None:
        """Remove an empty directory."""
        path.rmdir()

    def sync_directory(self, path: Path) -> None:
        """Flush a directory's entries: the names that were given and taken in it."""
        _sync(path, os.O_RDONLY | os.O_DIRECTORY)


def make_directories(disk: Disk, path: Path) -> None:
    """Create a directory and its parents so that their names survive a crash."""
    if path.is_dir():
        return
    make_directories(disk, path.parent)
    disk.make_directory(path)
    disk.sync_directory(path.parent)


def write_durably(disk: Disk, files: Iterable[tuple[Path, bytes]]) -> None:
    """Write files, each all or nothing; on return content and names survive a crash.

    Args:
        disk: Where to.
        files: Path and content; the directories exist.
    """
    folders: dict[Path, None] = {}
    for path, content in files:
        temporary = path.with_name(path.name + TEMPORARY)
        disk.write(temporary, content)
        disk.sync(temporary)
        disk.rename(temporary, path)
        folders[path.parent] = None
    for folder in folders:
        disk.sync_directory(folder)


@contextmanager
def refused_in_words(root: Path, remedy: str) -> Iterator[None]:
    """Turn what the disk refuses while a store is written into an error for people.

    Args:
        root: The store's directory.
        remedy: What to do.

    Raises:
        StoreError: When the disk refuses.
    """
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"cannot write to {root}: {error}", remedy) from error


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
