"""What runs print: followed while they run, in bounded memory and on a bounded part of the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_TAIL: Final = 2000
"""Characters of the output that are kept."""
_CHUNK: Final = 1 << 20
"""Bytes of output read at once."""
_CHUNKS: Final = 4
"""So many are read before the scheduler looks after other jobs again, however much a run prints."""
_LONGEST_LINE: Final = 1 << 16
"""Bytes of a line; a longer one is passed on in parts."""
_LARGEST: Final = 1 << 26
"""Bytes of output that stand on the disk; what has been passed on is then cut off."""


class Output:
    """Follows a file that a run writes.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._rest = b""
        self.tail = ""

    def lines(self, *, all_of_it: bool = False) -> Iterator[str]:
        """Yield whole lines; with ``all_of_it`` an unfinished last one, too."""
        most = self._path.stat().st_size // _CHUNK + 1 if all_of_it else _CHUNKS  # what it left behind may print on
        for _ in range(most):
            if not (chunk := self._more()):
                break
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            for line in whole:
                yield from self._parts(line)
            if len(self._rest) > _LONGEST_LINE:
                yield from self._parts(self._rest)
                self._rest = b""
        if all_of_it and self._rest:
            yield self._line(self._rest)
            self._rest = b""

    def _more(self) -> bytes:
        with self._path.open("rb") as file:
            file.seek(self._read)
            chunk = file.read(_CHUNK)
        self._read += len(chunk)
        if not chunk and self._read >= _LARGEST:  # what is printed in this very moment is not passed on
            os.truncate(self._path, 0)
            self._read = 0
        return chunk

    def _parts(self, line: bytes) -> Iterator[str]:
        for start in range(0, len(line) or 1, _LONGEST_LINE):
            yield self._line(line[start : start + _LONGEST_LINE])

    def _line(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace")
        self.tail = f"{self.tail}{text}\n"[-_TAIL:]
        return text


def appending(path: str, flags: int) -> int:
    """Open so that every write goes to the end, also after somebody has cut the file."""
    return os.open(path, flags | os.O_APPEND, 0o600)
