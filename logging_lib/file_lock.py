"""Locks on files, which the system releases when their holder dies, however it dies."""

from __future__ import annotations

import fcntl


def lock_if_free(descriptor: int) -> bool:
    """Lock an open file for this process alone, without waiting; return whether it was free.

    Closing the descriptor releases the lock.

    Raises:
        OSError: When the file system has no locks.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
