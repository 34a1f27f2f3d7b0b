"""Lines, and reading them from a stream with bounded memory."""

from __future__ import annotations

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
        raise PipelineError(f"{path} cannot be read: {error.strerror}", unreadable(path)) from error


def unreadable(path: Path) -> str:
    """Return what to do about a path that could not be opened as a file."""
    return f"name the files in it: {path}/*" if path.is_dir() else "check the path and its permissions"


def read_lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[Line]:
    """Yield the lines of a stream; the last one needs no end.

    Args:
        file: A stream of bytes, at its start.
        longest: How many bytes a line may have, its end not counted.
    """
    offset = 0
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
