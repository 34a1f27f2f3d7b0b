"""The text of a configuration, and where in it something stands."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from atalaia.pipeline.errors import PipelineError, Position


def read_text(path: Path) -> str:
    """Return the text of a configuration file.

    Raises:
        PipelineError: When it cannot be read as UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise PipelineError(f"the pipeline {path} cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        problem = f"the pipeline {path} is not UTF-8: {error.reason} at byte {error.start}"
        raise PipelineError(problem, "save it as UTF-8") from error


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

    def position(self, offset: int) -> Position:
        """Return the line and column of a character, counted from 0 through the whole text."""
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.text)
        return Position(self.file, line, offset - start + 1, self.text[start:end].rstrip("\r"))
