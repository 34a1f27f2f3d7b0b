"""One writer for each store, across processes."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import psutil

from analyzers.store.embedded.layout import LOCK_FILE
from analyzers.store.interface import StoreError


class BusyError(StoreError):
    """Another process is writing the store; the message names it."""


class WriterLock:
    """The right to write a store, held from creation to :meth:`release`.

    The kernel drops it when the process ends, however it ends; the file itself stays and means nothing.

    Raises:
        BusyError: When another writer holds it; the message names its process id.
        StoreError: When the file system has no locks.
        OSError: When the disk refuses the lock's file.
    """

    def __init__(self, root: Path) -> None:
        path = root / LOCK_FILE
        # Held open for reading only, so that the disk can be made read-only meanwhile.
        self._handle = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
            os.close(self._handle)
            if error.errno not in {errno.EAGAIN, errno.EACCES}:
                raise StoreError(f"cannot lock {root}: {error.strerror}", "keep the store on a local disk") from error
            raise BusyError(
                f"another process (pid {holder or 'unknown'}) is writing to {root}",
                "wait for it or stop it; any number of processes may read meanwhile",
            ) from None
        try:
            path.write_text(f"{os.getpid()}\n", "ascii")
        except OSError:
            self.release()
            raise

    def release(self) -> None:
        """Let another writer in; releasing twice does nothing."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def writing_process(root: Path) -> int | None:
    """Return the id of the process that is writing now, or ``None``; nothing is locked to find out.

    A process of another machine or container is not seen. Of another user's process it is only known that it runs.
    """
    path = (root / LOCK_FILE).resolve()
    try:
        process = psutil.Process(int(path.read_text("ascii")))
        return process.pid if _has_open(process, path) else None
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):  # never written, or by a process that is no more
        return None


def _has_open(process: psutil.Process, path: Path) -> bool:
    try:
        return any(each.path == str(path) for each in process.open_files())
    except psutil.AccessDenied:
        return True
