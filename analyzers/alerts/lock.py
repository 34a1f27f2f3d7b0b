"""One process at a time, by a lock on a file that ends with the process."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from logging_lib.errors import AtalaiaError
from logging_lib.file_lock import lock_if_free

_PAUSE: Final = 0.05
"""Seconds between two looks at whether the lock is free."""


def acquire(path: Path, patience: timedelta) -> int:
    """Return the descriptor of the locked file; closing it releases the lock.

    Args:
        path: The lock's file; who holds it writes its process id there.
        patience: How long to wait for another process.

    Raises:
        AtalaiaError: When another process still holds it then.
        OSError: When the file cannot be opened.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + patience.total_seconds()
    while not lock_if_free(descriptor):
        if time.monotonic() >= deadline:
            holder = os.pread(descriptor, 64, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise AtalaiaError(
                f"another check (process {holder}) holds {path} since before {patience.total_seconds():g} s",
                "wait until it ends",
            )
        time.sleep(_PAUSE)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor
