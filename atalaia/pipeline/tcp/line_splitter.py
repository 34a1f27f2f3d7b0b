"""From the bytes of a connection to its lines, with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.read_lines import KEPT_OF_LONG, LONGEST_LINE, Line
from atalaia.pipeline.tcp.line_memory import LineMemory


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A line that had to give way to others before it was finished.

    Attributes:
        content: Its first bytes.
    """

    content: bytes


Piece: TypeAlias = Line | GivenUp


class LineSplitter:
    """Splits at what ends a line. A line beyond the longest is reported at once, and the rest of it skipped.

    Args:
        memory: The memory for unfinished lines.
        separator: What ends a line.
        longest: Bytes a line may have.
    """

    def __init__(self, memory: LineMemory, separator: bytes = b"\n", longest: int = LONGEST_LINE) -> None:
        self._memory = memory
        self._separator = separator
        self._overlap = len(separator) - 1
        self._longest = longest
        self._kept = min(KEPT_OF_LONG, longest)
        self._held = bytearray()  # the unfinished line, or while the rest of a line is skipped its last bytes
        self._offset = 0  # where what is held starts
        self._skipping = False
        self._given_up: GivenUp | None = None

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Yield the lines that ``data`` finishes; the rest is held once all of them were asked for."""
        if self._overlap:
            data = self._take_back() + data
        start, width = 0, len(self._separator)
        while (found := data.find(self._separator, start)) >= 0:
            yield from self._finish(data[start:found], width)
            start = found + width
        yield from self._hold(data[start:])

    def end(self) -> Iterator[Piece]:
        """Yield the last line when it has no end of its own."""
        if self._held or self._given_up is not None:
            yield from self._finish(b"", 0)

    def give_up(self) -> None:
        """Let go of the unfinished line; it is reported with the next bytes, or at the end."""
        self._given_up = GivenUp(bytes(self._held[: self._kept]))
        self._skip()

    def _take_back(self) -> bytes:
        """Take the last bytes out of what is held: a separator may have begun in them."""
        tail = bytes(self._held[-self._overlap :])
        del self._held[-self._overlap :]
        return tail

    def _finish(self, rest: bytes, width: int) -> Iterator[Piece]:
        """End a line, after which there is an end of so many bytes."""
        yield from self._given_up_line()
        if self._skipping:
            self._skipping = False
            self._let_go(len(rest) + width)
            return
        content = bytes(self._held) + rest if self._held else rest
        start = self._offset
        self._let_go(len(rest) + width)
        too_long = len(content) > self._longest
        yield Line(start, self._offset, content[: self._kept] if too_long else content, too_long)

    def _hold(self, rest: bytes) -> Iterator[Piece]:
        yield from self._given_up_line()
        self._held += rest
        if self._skipping:
            self._skip()
        elif len(self._held) > self._longest + self._overlap:  # its last bytes may be no part of it
            start, content = self._offset, bytes(self._held[: self._kept])
            self._skip()
            yield Line(start, self._offset, content, too_long=True)
        elif rest:
            self._memory.hold(self, len(self._held))

    def _given_up_line(self) -> Iterator[Piece]:
        if self._given_up is not None:
            given_up, self._given_up = self._given_up, None
            yield given_up

    def _skip(self) -> None:
        """Skip up to the next separator; what may be the beginning of one stays."""
        self._skipping = True
        tail = self._take_back() if self._overlap else b""
        self._let_go(0)
        self._held += tail

    def _let_go(self, more: int) -> None:
        """Let go of what is held; so many bytes after it are done with as well."""
        self._offset += len(self._held) + more
        self._held = bytearray()
        self._memory.release(self)
