"""The bytes of a file from any position on, whether it is plain or compressed; positions count what comes out."""

from __future__ import annotations

import gzip
import os
import stat
import zlib
from pathlib import Path
from typing import Final, Protocol, TypeAlias

_GZIP: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 17

Key: TypeAlias = tuple[int, int]
"""Device and inode: what tells files apart as long as both exist."""


class Content(Protocol):
    """An open file's content."""

    @property
    def compressed(self) -> bool:
        """Whether the file is compressed."""
        ...

    @property
    def problem(self) -> str | None:
        """Why a compressed file cannot be read further than it was, once that has been noticed."""
        ...

    def read_at(self, offset: int, size: int) -> bytes:
        """Return ``size`` bytes from ``offset`` on; fewer only where the content ends.

        Raises:
            OSError: When the disk refuses.
        """
        ...

    def length(self) -> int:
        """Return where the content ends; a compressed file is read to its end for that.

        Raises:
            OSError: When the disk refuses.
        """
        ...

    def status(self) -> os.stat_result:
        """Return what the system knows of the open file, whatever its name is now."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class PlainContent:
    """A file as it is.

    Args:
        descriptor: The open file; owned from now on.
    """

    compressed = False
    problem: str | None = None

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read_at(self, offset: int, size: int) -> bytes:
        """See :meth:`Content.read_at`."""
        data = os.pread(self._descriptor, size, offset)
        while len(data) < size and (more := os.pread(self._descriptor, size - len(data), offset + len(data))):
            data += more
        return data

    def length(self) -> int:
        """See :meth:`Content.length`."""
        return self.status().st_size

    def status(self) -> os.stat_result:
        """See :meth:`Content.status`."""
        return os.fstat(self._descriptor)

    def close(self) -> None:
        """See :meth:`Content.close`."""
        os.close(self._descriptor)


class GzipContent:
    """What a gzip file holds, all its members one after the other; it is cheap to read forwards only.

    Args:
        descriptor: The open file; owned from now on.
    """

    compressed = True

    def __init__(self, descriptor: int) -> None:
        self._raw = os.fdopen(descriptor, "rb")
        self.problem: str | None = None
        self._rewind()

    def read_at(self, offset: int, size: int) -> bytes:
        """See :meth:`Content.read_at`."""
        if offset < self._start:
            self._rewind()
        while self._start + len(self._window) < offset + size and self._fill(offset):
            pass
        begin = offset - self._start
        return self._window[begin : begin + size] if begin >= 0 else b""

    def length(self) -> int:
        """See :meth:`Content.length`."""
        while self._fill(self._start + len(self._window)):
            pass
        return self._start + len(self._window)

    def status(self) -> os.stat_result:
        """See :meth:`Content.status`."""
        return os.fstat(self._raw.fileno())

    def close(self) -> None:
        """See :meth:`Content.close`."""
        self._raw.close()

    def _rewind(self) -> None:
        self._raw.seek(0)
        self._file = gzip.GzipFile(fileobj=self._raw, mode="rb")
        self._start, self._window, self._ended = 0, b"", False

    def _fill(self, keep_from: int) -> bool:
        """Decompress some more; forget what lies before ``keep_from``. Return whether there was more."""
        chunk = b"" if self._ended else self._decompress()
        if not chunk:
            self._ended = True
            return False
        end = self._start + len(self._window)
        if keep_from >= end:
            self._start, self._window = end, chunk
        else:
            self._window = self._window[max(0, keep_from - self._start) :] + chunk
            self._start = max(self._start, keep_from)
        return True

    def _decompress(self) -> bytes:
        try:
            return self._file.read1(_CHUNK)
        except EOFError:
            self.problem = "the archive is cut off"
        except (gzip.BadGzipFile, zlib.error) as error:
            self.problem = f"the archive is damaged: {error}"
        return b""


class NotRegularError(OSError):
    """What a path leads to is neither a file nor a directory: a pipe, a socket, a device."""


def open_content(path: str | Path) -> Content:
    """Open a file; gzip is known by its first two bytes, whatever the name.

    Raises:
        NotRegularError: When it is no regular file; nothing of it is read.
        OSError: When it cannot be opened.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRegularError(f"{path} is not a regular file")
        compressed = os.pread(descriptor, len(_GZIP), 0) == _GZIP
    except OSError:
        os.close(descriptor)
        raise
    return GzipContent(descriptor) if compressed else PlainContent(descriptor)
