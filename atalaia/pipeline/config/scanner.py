"""Walk through the text of a configuration: white space, comments, marks, brackets; and say what was expected where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from atalaia.pipeline.config.mistakes import Place, correction
from atalaia.pipeline.config.source import Source
from atalaia.pipeline.errors import ConfigurationError, Note, Position

WHITE: Final = " \t\r\n"
DEEPEST: Final = 60
"""How far braces, brackets and parentheses may be nested; far beyond what a person can read."""

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_COMMENT: Final = re.compile(r"#[^\r\n]*(?:\r?\n|\Z)")
_FOUND: Final = re.compile(r"[$%]\{[^}\s]*\}|[\w.@/-]+|&&|\|\||[=!<>~]{2}|.", re.DOTALL)
_LONGEST_FOUND: Final = 40


class Scanner:
    """A place in a text that moves forward.

    Args:
        source: The text.
        escapes: Whether escapes in quotes stand for what they say (Logstash's ``config.support_escapes``).
    """

    def __init__(self, source: Source, *, escapes: bool = False) -> None:
        self.source = source
        self.text = source.text
        self.escapes = escapes
        self.offset = 0
        self._open: list[tuple[int, str]] = []
        self._long_text: tuple[int, int] | None = None

    @property
    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.offset >= len(self.text)

    @property
    def character(self) -> str:
        """The next character; empty at the end."""
        return self.text[self.offset : self.offset + 1]

    def skip(self) -> None:
        """Pass over white space and comments."""
        while True:
            if self.match(_SPACE) is None and self.character != "#":
                return
            if self.character == "#" and self.match(_COMMENT) is None:
                end = self.text.index("\r", self.offset)
                raise self.refusal("a comment ends at a line feed, here stands a carriage return alone", offset=end)

    def looking_at(self, mark: str) -> bool:
        """Tell whether this stands next."""
        return self.text.startswith(mark, self.offset)

    def take(self, mark: str) -> bool:
        """Pass over a mark when it stands next, and tell whether it did."""
        if not self.looking_at(mark):
            return False
        self.offset += len(mark)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass over what the pattern matches here; ``None`` when it does not."""
        found = pattern.match(self.text, self.offset)
        if found is not None:
            self.offset = found.end()
        return found

    def peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return what the pattern matches here without passing over it."""
        return pattern.match(self.text, self.offset)

    def position(self, offset: int | None = None) -> Position:
        """Return the line and column of a place, by default of this one."""
        return self.source.position(self.offset if offset is None else offset)

    def note_text(self, start: int) -> None:
        """Remember a quoted text that runs over several lines: its end may be a quote that was meant to begin one."""
        if "\n" in self.text[start : self.offset]:
            self._long_text = (start, self.offset)

    @contextmanager
    def enclosed(self, opening: str, what: str) -> Iterator[None]:
        """Pass over an opening bracket, white space after it, whatever the block reads, and nothing more.

        The block passes over the closing bracket. While it reads, an end of the file is blamed on this bracket.

        Raises:
            ConfigurationError: When brackets are nested too deep.
        """
        self._open.append((self.offset, what))
        if len(self._open) > DEEPEST:
            raise self.refusal(f"this is nested more than {DEEPEST} deep", remedy="split it up")
        self.offset += len(opening)
        self.skip()
        yield
        self._open.pop()

    def expected(self, what: str, place: Place) -> ConfigurationError:
        """Return the complaint that something else stands here; it says what to write for another language's word."""
        remedy = "" if self.at_end else correction(place, self.text, self.offset)
        return self.refusal(f"expected {what}, found {self._found()}", remedy=remedy)

    def refusal(
        self, problem: str, *, remedy: str = "", offset: int | None = None, notes: tuple[Note, ...] = ()
    ) -> ConfigurationError:
        """Return a complaint about a place, by default this one; at the end of the file it names what is still open."""
        place = self.offset if offset is None else offset
        if place >= len(self.text):
            return self._refusal_at_end(problem, remedy)
        return ConfigurationError(self.position(place), problem, remedy, notes=notes or self._missing_quote(place))

    def open_notes(self) -> tuple[Note, ...]:
        """Return where the innermost bracket stands that is still open, when one is."""
        return tuple(Note(self.position(offset), f"{what} begins here") for offset, what in self._open[-1:])

    def _refusal_at_end(self, problem: str, remedy: str) -> ConfigurationError:
        end = self.position(len(self.text.rstrip()))
        closing = f"close {self._open[-1][1]}" if self._open else ""
        return ConfigurationError(end, problem, remedy or closing, notes=self.open_notes())

    def _missing_quote(self, place: int) -> tuple[Note, ...]:
        """Return where a text of several lines begins that ends right before a place that makes no sense."""
        if self._long_text is None or self.text[self._long_text[1] : place].strip():
            return ()
        return (Note(self.position(self._long_text[0]), "the text that ends there begins here; is a quote missing?"),)

    def _found(self) -> str:
        if self.at_end:
            return "the end of the file"
        found = _FOUND.match(self.text, self.offset)
        text = found[0] if found else self.character
        return repr(text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…")
