"""Read an Onigmo expression from left to right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.grok.onigmo_sets import (
    CONTROLS,
    SHORTHANDS,
    ExpressionError,
    literal,
    posix,
    unicode_property,
)

_POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
_HEX: Final = re.compile(r"x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})")
_OCTAL: Final = re.compile(r"[0-7]{1,3}")


@dataclass(slots=True)
class Cursor:
    """A place in an expression.

    Attributes:
        text: The whole expression.
        position: The next character to read, from 0.
    """

    text: str
    position: int = 0

    @property
    def done(self) -> bool:
        """Whether everything has been read."""
        return self.position >= len(self.text)

    def peek(self, ahead: int = 0) -> str:
        """Return a coming character; an empty text at the end."""
        return self.text[self.position + ahead : self.position + ahead + 1]

    def next(self) -> str:
        """Read one character."""
        character = self.text[self.position]
        self.position += 1
        return character

    def take(self, expected: str) -> str:
        """Read a text if it comes next, and return it; an empty text otherwise."""
        if not self.text.startswith(expected, self.position):
            return ""
        self.position += len(expected)
        return expected

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Read what a pattern matches here, if it does."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def give_back(self, match: re.Match[str] | None) -> str:
        """Unread a match that turned out to mean nothing; return an empty text."""
        if match is not None:
            self.position = match.start()
        return ""

    def error(self, problem: str) -> ExpressionError:
        """Return the error that says what is wrong, and where."""
        return ExpressionError(f"{problem}, at character {self.position} of the expression {self.text!r}")

    def skip_past(self, end: str) -> None:
        """Read up to and including a text."""
        found = self.text.find(end, self.position)
        if found < 0:
            raise self.error(f"{end!r} is missing")
        self.position = found + len(end)

    def skip_blank(self) -> bool:
        """Read one blank or a comment to the end of its line, in an extended expression; tell whether there was one."""
        if self.peek() == "#":
            end = self.text.find("\n", self.position)
            self.position = len(self.text) if end < 0 else end + 1
            return True
        return bool(self.take(self.peek())) if self.peek().isspace() else False

    def braced(self) -> str:
        """Read ``{name}``."""
        return self._between("{", "}")

    def delimited(self) -> str:
        """Read ``<name>`` or ``'name'``."""
        return self._between("'", "'") if self.peek() == "'" else self._between("<", ">")

    def _between(self, start: str, end: str) -> str:
        if not self.take(start):
            raise self.error(f"{start!r} was expected")
        first = self.position
        self.skip_past(end)
        return self.text[first : self.position - len(end)]

    def coded(self, letter: str) -> str:
        r"""Return the character of ``\xHH``, ``\uHHHH`` or ``\0``, or the escaped character itself."""
        self.position -= 1
        if match := self.match(_HEX):
            return chr(int(next(digits for digits in match.groups() if digits), 16))
        if letter == "0" and (match := self.match(_OCTAL)):
            return chr(int(match[0], 8))
        return self.next()

    def character_set(self) -> str:
        """Read a set after its opening bracket; return it whole for the ``regex`` module, version 1."""
        negation = self.take("^")
        operands: list[list[str]] = [[]]
        if self.take("]"):
            operands[0].append(literal("]"))
        while not self.take("]"):
            if self.done:
                raise self.error("a closing bracket is missing")
            if self.take("&&"):
                operands.append([])
            else:
                operands[-1].append(self._member())
        if len(operands) == 1:
            return f"[{negation}{''.join(operands[0])}]"
        return f"[{negation}{'&&'.join(_set(operand) for operand in operands)}]"

    def _member(self) -> str:
        """Read a character, a range, a class or a nested set."""
        if match := self.match(_POSIX):
            return posix(match[2], negated=bool(match[1]))
        if self.take("["):
            return self.character_set()
        if self.peek() == "\\" and self.peek(1) in {*SHORTHANDS, "p", "P"}:
            self.position += 1
            return self._class_escape(self.next())
        first = self._character()
        if self.peek() == "-" and self.peek(1) not in {"]", ""} and not self._class_follows():
            self.position += 1
            return f"{literal(first)}-{literal(self._character())}"
        return literal(first)

    def _class_follows(self) -> bool:
        """Tell whether a class or set stands after the coming hyphen, which is then a character."""
        return self.peek(1) == "[" or (self.peek(1) == "\\" and self.peek(2) in {*SHORTHANDS, "p", "P"})

    def _class_escape(self, letter: str) -> str:
        if letter in "pP":
            return unicode_property(self.braced(), negated=letter == "P")
        return SHORTHANDS[letter]

    def _character(self) -> str:
        character = self.next()
        if character != "\\":
            return character
        if self.done:
            raise self.error("a backslash at the end")
        letter = self.next()
        return "\b" if letter == "b" else CONTROLS.get(letter) or self.coded(letter)


def _set(members: list[str]) -> str:
    return f"[{''.join(members)}]"
