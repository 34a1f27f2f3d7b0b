"""One open log file: the descriptor, how long it may be used unasked, and whether its end is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o640
DIRECTORY_MODE: Final = 0o750
"""Of files and of the directory where they are made, less the process's umask."""

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK
# A read of the last byte must not make the kernel note the time of the access; only the file's owner may ask for that.
_QUIET: Final = getattr(os, "O_NOATIME", 0)
_TRUSTED_FOR: Final = timedelta(milliseconds=100)
_LOOKS: Final = 8
_NEAR: Final = 1 << 16


class Descriptor:
    """A file descriptor that is closed when nobody uses it any more.

    A thread that writes holds a reference; so no other thread can close the number under it, and have its line go
    to whatever file or socket gets that number next.

    Attributes:
        number: The descriptor.
        inode: Device and inode of what it was opened on.

    Raises:
        OSError: It cannot be opened, or is no regular file (a pipe would block who writes to it).
    """

    __slots__ = ("inode", "number")

    def __init__(self, path: Path) -> None:
        try:
            self.number = os.open(path, _FLAGS | _QUIET, FILE_MODE)
        except PermissionError:
            self.number = os.open(path, _FLAGS, FILE_MODE)
        status = os.fstat(self.number)
        self.inode = (status.st_dev, status.st_ino)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))

    def __del__(
        self,
        close: Callable[[int], None] = os.close,  # bound here: at the interpreter's end the module is empty
        fstat: Callable[[int], os.stat_result] = os.fstat,
    ) -> None:
        try:
            status = fstat(self.number)
            # A program that becomes a daemon closes all descriptors: the number may be another file's by now.
            if (status.st_dev, status.st_ino) == self.inode:
                close(self.number)
        except (AttributeError, OSError):  # it was never opened, or is closed already
            return


@dataclass(slots=True)
class OpenFile:
    """A day's file, open.

    Attributes:
        descriptor: Open for reading and appending.
        path: Where it was opened.
        day: The UTC day it belongs to.
        since: From when on it may be written to without a look at the path.
        until: Up to when; a tenth of a second later, and never past the day.
        end: The size after this process's last line; another size means that others have written.
    """

    descriptor: Descriptor
    path: Path
    day: date
    since: datetime
    until: datetime
    end: int = field(default=0)

    def trust(self, now: datetime) -> None:
        """Let the file be used without a look at the path for the next tenth of a second of the same day."""
        midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
        self.since = max(midnight, now - _TRUSTED_FOR)
        self.until = min(midnight + timedelta(days=1), now + _TRUSTED_FOR)

    def distrust(self) -> None:
        """Have the path looked at before the next line."""
        self.until = self.since

    def is_at_its_path(self) -> bool:
        """Tell whether the path still leads to this file, and the descriptor too.

        The file may have been deleted or renamed; the descriptor may have been closed, by a program that becomes a
        daemon, and its number given to another file.
        """
        try:
            ways = self.path.stat(), os.fstat(self.descriptor.number)
        except OSError:
            return False
        return all((found.st_dev, found.st_ino) == self.descriptor.inode for found in ways)

    def append(self, line: bytes) -> bool:
        """Append one line with one ``write``, which the kernel keeps whole between processes.

        Where another process was killed within its line, or the disk was full within it, a newline goes first: the
        fragment then ends there and spoils no line but its own. Where that happened between the look and the write,
        which may have had to wait for the other, the line is joined to the fragment, and is written once more.

        Returns:
            Whether it was written; false where the descriptor has been closed by somebody else.

        Raises:
            OSError: The disk refuses. A part of the line may have been written; the next line, of whatever process,
                ends it.
        """
        descriptor = self.descriptor
        size = self._size()
        if size is None:
            return False
        # Where nobody has written since, the end is this process's own, and whole.
        data = line if size == self.end or ends_whole(descriptor.number, size) else b"\n" + line
        written = os.write(descriptor.number, data)
        if written < len(data) - 1:  # where only the newline is missing, the next line brings it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.end = end = size + len(data)
        grown = self._size()
        if grown is None or grown <= end:
            return True
        # Others have written since the look.
        return begins_whole(descriptor.number, (size, grown), data) or self.append(line)

    def _size(self) -> int | None:
        """Return the file's size in bytes; ``None`` where the descriptor leads nowhere.

        By ``lseek``: where the kernel gives a file finer timestamps once somebody has asked for them (Linux 6.13 and
        later), an ``fstat`` before each line makes each write twice as dear.
        """
        try:
            return os.lseek(self.descriptor.number, 0, os.SEEK_END)
        except OSError:
            return None


def open_file(path: Path, day: date, now: datetime) -> OpenFile:
    """Open a day's file; make it, and its directory, where they are missing.

    Raises:
        OSError: It cannot be made or opened, or is no regular file.
    """
    try:
        descriptor = Descriptor(path)
    except FileNotFoundError:
        path.parent.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        descriptor = Descriptor(path)
    opened = OpenFile(descriptor, path, day, now, now)
    opened.trust(now)
    return opened


def ends_whole(number: int, size: int) -> bool:
    """Tell whether a file of that size ends with a whole line.

    A line that another process is just writing looks unfinished too. Changing the mode to what it is waits for that
    write, because both take the inode's lock; a file that has not grown by then ends in a fragment.

    Args:
        number: A descriptor open for reading.
        size: The file's size in bytes, as it was seen.
    """
    for _ in range(_LOOKS):
        if size == 0 or os.pread(number, 1, size - 1) in {b"\n", b""}:  # nothing: the file has been cut meanwhile
            return True
        with contextlib.suppress(OSError):  # another user's file, say: without the wait it is only less certain
            os.fchmod(number, stat.S_IMODE(os.fstat(number).st_mode))
        grown = os.fstat(number).st_size
        if grown == size:
            return False
        size = grown
    return True


def begins_whole(number: int, sizes: tuple[int, int], data: bytes) -> bool:
    """Tell whether a line that was just written begins where a line may begin.

    Args:
        number: A descriptor open for reading.
        sizes: The file's size in bytes before, where it ended whole, and after the line was written.
        data: What was written.
    """
    start, end = sizes
    # It is near the end: what another wrote while this process waited for it, megabytes perhaps, comes before.
    length = min(end - start, len(data) + _NEAR)
    before, found, _ = os.pread(number, length, end - length).partition(data)
    return not found or not before or before.endswith(b"\n") or data.startswith(b"\n")
