"""Cut a stream of bytes into lines as it comes, with bounded memory."""

from __future__ import annotations

from atalaia.pipeline.read_lines import KEPT_OF_LONG, LONGEST_LINE, Line


class LineBuffer:
    """Takes bytes as they come and gives the lines that are whole.

    Args:
        longest: How many bytes a line may have, its end not counted; of a longer one the first bytes are kept.
    """

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._rest = b""
        self._skipped = 0
        self._offset = 0

    def add(self, chunk: bytes) -> list[Line]:
        """Return the lines that end in the chunk."""
        parts = chunk.split(b"\n")
        parts[0] = self._rest + parts[0]
        self._rest = parts.pop()
        lines = [self._line(part, 1) for part in parts]
        if len(self._rest) > self._longest:
            self._skipped += len(self._rest) - KEPT_OF_LONG
            self._rest = self._rest[:KEPT_OF_LONG]
        return lines

    def end(self) -> list[Line]:
        """Return the last line when it has no end: what came is not lost."""
        rest, self._rest = self._rest, b""
        return [self._line(rest, 0)] if rest else []

    def _line(self, content: bytes, end: int) -> Line:
        length = len(content) + self._skipped
        start, self._offset = self._offset, self._offset + length + end
        self._skipped = 0
        if length > self._longest:
            return Line(start, self._offset, content[:KEPT_OF_LONG], too_long=True)
        return Line(start, self._offset, content)
