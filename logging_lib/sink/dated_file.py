"""The durable spool: one NDJSON file a day, safe for several processes, and never in the way of a request."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from logging_lib.clock import Clock, system_clock
from logging_lib.forks import in_child
from logging_lib.record import Identity
from logging_lib.sink.losses import Loss, Losses, loss_line
from logging_lib.sink.open_file import OpenFile, open_file
from logging_lib.sink.retention import Retention


def complain_on_stderr(message: str) -> None:
    """Write one line to standard error; where that is gone too there is nobody left to tell."""
    try:
        print(f"atalaia: {message}", file=sys.stderr)  # noqa: T201 - the log itself is what has failed
    except (OSError, ValueError, RuntimeError):  # the last: a signal came while the stream was being written
        return


def spool_path(directory: Path, service: str, day: date) -> Path:
    """Return the file that holds the lines a service wrote on a UTC day."""
    return directory / f"{service}-{day.isoformat()}.ndjson"


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a dated file behaves.

    Attributes:
        retention_days: Files of days further back than this are deleted; 0 keeps them for ever.
        complain: Receives the messages for standard error.
    """

    retention_days: int = 0
    complain: Callable[[str], None] = complain_on_stderr


class DatedFile:
    """Appends lines to ``<directory>/<service>-YYYY-MM-DD.ndjson``; the date is the UTC day of the writing.

    Each line is one ``write`` on a descriptor opened with ``O_APPEND``, which the kernel keeps whole between
    processes. No lock is taken: any number of threads, greenlets, forks, signal handlers and ``__del__`` methods may
    write at once. The file is opened anew when the day changes and, within a tenth of a second, when
    somebody has deleted or renamed it.

    When the disk refuses (full, read-only, gone), lines are dropped and counted. Standard error hears of it when that
    starts and, with the number, when writing works again; the file itself then says how many lines are missing
    before the next line is written.

    Args:
        directory: Where the files go; created when missing.
        identity: Who logs; the service is the first part of the file's name.
        clock: Tells the day.
        options: How long files are kept, and how losses are told.
    """

    def __init__(
        self,
        directory: Path,
        identity: Identity,
        clock: Clock = system_clock,
        options: FileOptions | None = None,
    ) -> None:
        self._directory = directory
        self._service = identity.service
        self._loss_line = loss_line(identity)
        self._clock = clock
        self._options = options or FileOptions()
        self._retention = Retention(directory, identity.service, self._options.retention_days, self._options.complain)
        self._file: OpenFile | None = None
        self._losses = Losses()
        self._failing = False
        self._complained = False
        in_child(self, DatedFile.after_fork)

    @property
    def unreported(self) -> int:
        """How many lines this process has dropped and not yet told of in the file."""
        return self._losses.lines()

    def probe(self) -> None:
        """Open today's file and delete the old ones now, so that a directory that cannot be written is known at start.

        Raises:
            OSError: The directory cannot be made or the file cannot be opened.
        """
        now = self._clock().astimezone(UTC)
        self._file = self._open(now)
        self._retention.sweep(now)

    def write(self, line: bytes) -> None:
        """Append one line, its newline included. A refusal by the disk is counted, never raised."""
        try:
            if self._failing:
                self._tell_losses()
            self._append(line)
        except OSError as error:
            self._count(error)

    def close(self) -> None:
        """Close the file, telling of losses first where that works now; a later write opens it again."""
        try:
            if self._failing:
                self._tell_losses()
        except OSError as error:
            lost = self._losses.lines()
            self._options.complain(f"{lost} lines were dropped from the log in {self._directory} ({error})")
        self._file = None

    def after_fork(self) -> None:
        """Begin anew in the child of a fork: its parent tells of its own losses, and a daemon may close descriptors."""
        self._losses = Losses()
        self._failing = self._complained = False
        if self._file is not None:
            self._file.distrust()

    def _append(self, line: bytes) -> None:
        now = self._clock()
        file = self._file
        if file is None or not file.since <= now < file.until:
            file = self._renewed(now.astimezone(UTC))
        if not file.append(line) and not self._open(now.astimezone(UTC)).append(line):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def _renewed(self, now: datetime) -> OpenFile:
        """Return the file that belongs to the instant: the open one where it still does."""
        file = self._file
        if file is not None and file.day == now.date() and file.is_at_its_path():
            file.trust(now)
            return file
        opened = self._open(now)
        self._retention.on_day(now)
        return opened

    def _open(self, now: datetime) -> OpenFile:
        self._file = None  # before the next one is opened: the descriptors of the process may be used up
        day = now.date()
        file = self._file = open_file(spool_path(self._directory, self._service, day), day, now)
        return file

    def _count(self, error: OSError) -> None:
        now = self._clock()
        self._losses.add(Loss(1, now, now, error.strerror or str(error)))
        self._failing = True
        if not self._complained:  # another thread may be trying to tell of losses, so this is no longer ``_failing``
            self._complained = True
            self._options.complain(
                f"cannot write the log in {self._directory} ({error}); dropping lines until it works again"
            )

    def _tell_losses(self) -> None:
        """Write how many lines are missing, before the first line that comes after them.

        Raises:
            OSError: The disk still refuses; the losses stay counted.
        """
        self._failing = False  # first, so that a line that fails meanwhile in another thread sets it again
        lost = self._losses.take()
        if lost is None:
            return
        try:
            self._append(self._loss_line(lost, self._clock()))
        except OSError:
            self._losses.add(lost)
            self._failing = True
            raise
        self._complained = False
        self._options.complain(f"the log in {self._directory} can be written again; {lost.lines} lines were dropped")
