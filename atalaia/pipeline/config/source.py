"""The text of a configuration, and where in it something stands."""

from __future__ import annotations

from bisect import bisect_right

from atalaia.pipeline.errors import Position


class Source:
    """A configuration file in memory.

    Args:
        text: The whole file.
        file: Its name in messages.
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]

    def offset(self, line: int, column: int) -> int:
        """Return where in the whole text a line and column (both from 1) are."""
        return self._starts[line - 1] + column - 1

    def position(self, offset: int) -> Position:
        """Return the line and column of a character, counted from 0 through the whole text."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return Position(self.file, line, offset - start + 1, self.text[start:end].rstrip("\r"))
