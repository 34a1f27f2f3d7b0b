"""Read the lines of a file with bounded memory, from where it was read last.

A source is known by device, inode and the fingerprint of its first line, so that a renamed file is the same and a file
that takes the place of another is not. A last line without its end is read as a line: a file that was rotated away may
never get one. Its position is then inside that line; should the line grow later, it is read again as a whole and keeps
its id, so that an event which is stored already is not doubled.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from atalaia.pipeline.errors import PipelineError

LONGEST_LINE: Final = 1 << 20
"""Bytes a line may have; longer ones are not decoded."""
KEPT_OF_LONG: Final = 1 << 10
"""Bytes that are kept of a line that is too long."""
_CHUNK: Final = 1 << 16


class Line(NamedTuple):
    """One line.

    Attributes:
        offset: Where it starts in its source, in bytes.
        end: The first byte after it and its line end.
        content: The line without its end; of a line that is too long, its first bytes.
        too_long: Whether it is longer than allowed.
    """

    offset: int
    end: int
    content: bytes
    too_long: bool = False


def open_source(path: Path) -> BinaryIO:
    """Open a file for reading.

    Raises:
        PipelineError: When it cannot be opened or is a directory.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise PipelineError(f"{path} cannot be read: {error.strerror}", "check the path and its permissions") from error


def source_identity(file: BinaryIO) -> str:
    """Return what tells this file from others, whatever its name; the position is left at its start."""
    status = os.fstat(file.fileno())
    file.seek(0)
    first = file.readline(KEPT_OF_LONG).rstrip(b"\r\n")
    file.seek(0)
    fingerprint = hashlib.sha256(first).hexdigest()[:16]
    return f"{status.st_dev:x}-{status.st_ino:x}-{fingerprint}"


def read_lines(file: BinaryIO, position: int = 0, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """Yield the lines from a position on; one that starts inside a line yields that line from its start.

    A position at the end yields nothing; one beyond it means that the file was emptied, and it is read from its start.

    Args:
        file: A file opened in binary mode.
        position: Where reading stopped before.
        longest: How many bytes a line may have, its end not counted.
    """
    offset = _resume(file, position) if position else 0
    while head := file.readline(longest + 1):
        if len(head) > longest and not head.endswith(b"\n"):
            end = offset + len(head) + _skip_line(file)
            yield Line(offset, end, head[:KEPT_OF_LONG], too_long=True)
        else:
            end = offset + len(head)
            yield Line(offset, end, head.removesuffix(b"\n"))
        offset = end


def _skip_line(file: BinaryIO) -> int:
    """Read past the end of the present line and return how many bytes that took."""
    skipped = 0
    while chunk := file.readline(_CHUNK):
        skipped += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return skipped


def _resume(file: BinaryIO, position: int) -> int:
    """Go to a position, or to the start of the line it lies in when there is more of that line now."""
    size = file.seek(0, os.SEEK_END)
    if position > size:
        return file.seek(0)
    return file.seek(position if position == size else _line_start(file, position))


def _line_start(file: BinaryIO, position: int) -> int:
    """Return where the line that holds the byte before ``position`` starts, unless that byte ends it."""
    end = position
    while end > 0:
        start = max(0, end - _CHUNK)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0
