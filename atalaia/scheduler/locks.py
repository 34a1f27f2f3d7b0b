"""Locks that the system releases when their holder dies, however it dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from atalaia.scheduler.errors import ScheduleError
from logging_lib.file_lock import lock_if_free


def try_lock(path: Path) -> int | None:
    """Take a lock and return its file descriptor; ``None`` when somebody else holds it.

    Raises:
        ScheduleError: When the file cannot be opened.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ScheduleError(f"cannot open the lock {path}: {error.strerror}", "name another --state") from error
    if lock_if_free(file):
        return file
    os.close(file)
    return None


def is_locked(path: Path) -> bool:
    """Whether somebody holds a lock now."""
    if not path.exists():
        return False
    file = try_lock(path)
    if file is None:
        return True
    os.close(file)
    return False


@contextmanager
def trying(path: Path) -> Iterator[bool]:
    """Hold a lock while the block runs; yield whether it was to be had."""
    file = try_lock(path)
    try:
        yield file is not None
    finally:
        if file is not None:
            os.close(file)
