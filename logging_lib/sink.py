"""The durable spool: one NDJSON file a day, safe for several processes, and never in the way of a request."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Callable
from datetime import UTC, date
from pathlib import Path
from typing import Final

from logging_lib.clock import Clock, system_clock

_FILE_MODE: Final = 0o640
_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC


def complain_on_stderr(message: str) -> None:
    """Write one line to standard error; where that is gone too there is nobody left to tell."""
    try:
        print(f"atalaia: {message}", file=sys.stderr)  # noqa: T201 - the log itself is what has failed
    except (OSError, ValueError):
        return


def spool_path(directory: Path, service: str, day: date) -> Path:
    """Return the file that holds the lines a service wrote on a UTC day."""
    return directory / f"{service}-{day.isoformat()}.ndjson"


class DatedFile:
    """Appends lines to ``<directory>/<service>-YYYY-MM-DD.ndjson``; the date is the UTC day of the writing.

    Each line is one ``write`` on a descriptor opened with ``O_APPEND``, which the kernel keeps whole between
    processes. The file is opened anew when the day changes or when somebody has deleted it. When the disk refuses
    (full, read-only, gone), lines are dropped and counted; standard error hears of it once when it starts and once,
    with the number, when writing works again.

    Args:
        directory: Where the files go; created when missing.
        service: The first part of the file's name.
        clock: Tells the day.
        complain: Receives the two messages about a failing disk.
    """

    def __init__(
        self,
        directory: Path,
        service: str,
        clock: Clock = system_clock,
        complain: Callable[[str], None] = complain_on_stderr,
    ) -> None:
        self._directory = directory
        self._service = service
        self._clock = clock
        self._complain = complain
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._day: date | None = None
        self._torn = False
        self._unreported = 0
        self.dropped = 0
        _renew_lock_after_fork(self)

    def probe(self) -> None:
        """Open today's file now, so that a directory that cannot be written is known at start.

        Raises:
            OSError: The directory cannot be made or the file cannot be opened.
        """
        with self._lock:
            self._open_for(self._today())

    def write(self, line: bytes) -> None:
        """Append one line, its newline included. A refusal by the disk is counted, never raised."""
        with self._lock:
            try:
                self._append(line)
            except OSError as error:
                self._count_drop(error)
            else:
                self._report_recovery()

    def close(self) -> None:
        """Close the file; a later write opens it again."""
        with self._lock:
            self._close()

    def renew_lock(self) -> None:
        """Replace the lock; for the child of a fork, where another thread of the parent may have held it."""
        self._lock = threading.Lock()

    def _today(self) -> date:
        return self._clock().astimezone(UTC).date()

    def _append(self, line: bytes) -> None:
        descriptor = self._open_for(self._today())
        # After a write that broke off inside a line, a newline first keeps the fragment from spoiling this line too.
        data = b"\n" + line if self._torn else line
        written = os.write(descriptor, data)
        while written < len(data):
            self._torn = True
            written += os.write(descriptor, data[written:])
        self._torn = False

    def _open_for(self, day: date) -> int:
        if self._descriptor is not None and self._day == day and os.fstat(self._descriptor).st_nlink > 0:
            return self._descriptor
        self._close()
        self._directory.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(spool_path(self._directory, self._service, day), _FLAGS, _FILE_MODE)
        self._day = day
        self._torn = False
        return self._descriptor

    def _close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _count_drop(self, error: OSError) -> None:
        self.dropped += 1
        self._unreported += 1
        if self._unreported == 1:
            self._complain(f"cannot write the log in {self._directory} ({error}); dropping lines until it works again")

    def _report_recovery(self) -> None:
        if self._unreported:
            lost, self._unreported = self._unreported, 0
            self._complain(f"the log in {self._directory} can be written again; {lost} lines were dropped")


def _renew_lock_after_fork(file: DatedFile) -> None:
    """Let a forked child use the file even if a thread of its parent was writing at that moment."""
    reference = weakref.ref(file)

    def renew() -> None:
        living = reference()
        if living is not None:
            living.renew_lock()

    os.register_at_fork(after_in_child=renew)
