r"""Translate Onigmo expressions (Ruby syntax), which Logstash uses, into those of the ``regex`` module.

What differs and is translated: ``\w \d \s`` are ASCII while ``\b`` and POSIX classes are Unicode; ``^`` and ``$`` hold
at every line, ``^`` not after the last newline; ``\z``, ``\Z``, ``\h``, ``\R``; ``(?m)`` lets the dot match newlines;
an option without a body holds to the end of its group, alternatives included; named groups may have any name, several
the same, and plain groups do not capture beside them; ``{n,m}+`` is not possessive, ``{n}?`` is optional, and
quantifiers may be stacked. What cannot be translated is refused, never guessed.

Source: Onigmo's ``doc/RE``, and what Logstash 9.5.2 was seen to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import regex

from atalaia.pipeline.grok.onigmo_cursor import Cursor
from atalaia.pipeline.grok.onigmo_sets import CONTROLS, SHORTHANDS, ExpressionError, literal, unicode_property

_ANCHORS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": r"\A",
        "z": r"\Z",
        "Z": r"(?=\n?\Z)",
        "b": r"\b",
        "B": r"\B",
        "G": r"\G",
        "K": r"\K",
        "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
        "X": r"\X",
    },
)
_LINE_START: Final = r"(?:^(?!(?<=\n)\Z))"
_LOOK_AND_ATOMIC: Final = ("?<=", "?<!", "?=", "?!", "?>", "?:")
_GROUP_NAME = re.compile(r"\?(?:<(?P<angle>[^>]+)>|'(?P<quote>[^']+)')")
_OPTIONS = re.compile(r"\?(?P<on>[imx]*)(?:-(?P<off>[imx]*))?(?P<end>[:)])")
_INTERVAL = re.compile(r"\{(\d*)(?:(,)(\d*))?\}")
_NAMED_GROUP = re.compile(r"(?<!\\)(?:\\\\)*\(\?(?:<(?![=!])|')")


@dataclass(frozen=True, slots=True)
class Translation:
    """An expression for the ``regex`` module (version 1, MULTILINE).

    Attributes:
        text: The expression.
        groups: Onigmo's group name and the translated one, in the order of their opening parentheses.
        explosive: Whether it repeats nothing but repetitions, as ``(a+)+`` and ``(a+a+)+`` do: Onigmo takes exponential
            time to see that such an expression does not match, the ``regex`` module does not.
    """

    text: str
    groups: tuple[tuple[str, str], ...]
    explosive: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """One translated part; ``endless`` when it is nothing but unbounded repetitions."""

    text: str
    endless: bool = False


def translate(expression: str, *, memoryless: bool = False) -> Translation:
    """Translate an expression.

    Args:
        expression: In Onigmo's Ruby syntax.
        memoryless: Write repetitions of repetitions so that the ``regex`` module cannot shorten the search; the
            expression matches the same, in Onigmo's time.

    Raises:
        ExpressionError: When the expression is malformed or uses what is not supported.
    """
    parser = _Parser(Cursor(expression), named=_NAMED_GROUP.search(expression) is not None, memoryless=memoryless)
    return Translation(parser.whole(), tuple(parser.groups), parser.explosive)


def compile_expression(expression: str, *, dot_all: bool = False) -> regex.Pattern[str]:
    """Translate and compile an expression, for conditions and ``gsub``; with ``dot_all`` the dot matches newlines."""
    return compile_translation(translate(expression), dot_all=dot_all)


def compile_translation(translation: Translation, *, dot_all: bool) -> regex.Pattern[str]:
    """Compile a translated expression.

    Raises:
        ExpressionError: When the ``regex`` module refuses it (an unknown property, a reversed range).
    """
    flags = regex.VERSION1 | regex.MULTILINE | (regex.DOTALL if dot_all else 0)
    try:
        return regex.compile(translation.text, flags)
    except regex.error as error:
        raise ExpressionError(f"the expression cannot be compiled: {error}") from error


@dataclass(slots=True)
class _Parser:
    cursor: Cursor
    named: bool
    memoryless: bool
    groups: list[tuple[str, str]] = field(default_factory=list)
    explosive: bool = False
    extended: bool = False

    def whole(self) -> str:
        text = self._alternatives().text
        if not self.cursor.done:
            raise self.cursor.error("a closing parenthesis too many")
        return text

    def _alternatives(self) -> _Piece:
        branches = [self._sequence()]
        while self.cursor.take("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _Piece("|".join(branch.text for branch in branches))

    def _sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while not self.cursor.done and self.cursor.peek() not in "|)":
            if not (self.extended and self.cursor.skip_blank()):
                pieces.append(self._quantified(self._atom()))
        pieces = [piece for piece in pieces if piece.text]
        return _Piece("".join(piece.text for piece in pieces), bool(pieces) and all(piece.endless for piece in pieces))

    def _atom(self) -> _Piece:
        character = self.cursor.next()
        if character == "(":
            return self._group()
        if character == "[":
            return _Piece(self.cursor.character_set())
        if character == "\\":
            return _Piece(self._escape())
        if character in "*+?":
            raise self.cursor.error(f"nothing to repeat before {character!r}")
        if character == "^":
            return _Piece(_LINE_START)
        return _Piece(character if character in ".$" else literal(character))

    def _escape(self) -> str:
        if self.cursor.done:
            raise self.cursor.error("a backslash at the end")
        letter = self.cursor.next()
        if letter in _ANCHORS:
            return _ANCHORS[letter]
        if letter in SHORTHANDS:
            return f"[{SHORTHANDS[letter]}]"
        if letter in "pP":
            return f"[{unicode_property(self.cursor.braced(), negated=letter == 'P')}]"
        if letter == "k":
            return self._back_reference(self.cursor.delimited())
        if letter in "123456789":
            return self._numbered(letter)
        if letter in "gMCc":
            raise self.cursor.error(f"\\{letter} is not supported")
        return literal(CONTROLS.get(letter) or self.cursor.coded(letter))

    def _numbered(self, digit: str) -> str:
        if self.named:
            raise self.cursor.error("a numbered back reference beside named groups")
        return f"(?:\\{digit})"

    def _back_reference(self, name: str) -> str:
        """Return a reference to any group of that name, the last one first."""
        groups = [group for given, group in self.groups if given == name]
        if not groups:
            raise self.cursor.error(f"a back reference to {name!r}, which is not a group before it")
        return f"(?:{'|'.join(f'(?P={group})' for group in reversed(groups))})"

    def _group(self) -> _Piece:
        for opening in _LOOK_AND_ATOMIC:
            if self.cursor.take(opening):
                return self._body(opening)
        if self.cursor.take("?#"):
            self.cursor.skip_past(")")
            return _Piece("")
        if match := self.cursor.match(_GROUP_NAME):
            return self._named_group(match["angle"] or match["quote"])
        if match := self.cursor.match(_OPTIONS):
            return self._optioned(match["on"], match["off"] or "", to_end=match["end"] == ")")
        if self.cursor.peek() == "?":
            raise self.cursor.error(f"the group (?{self.cursor.peek(1)}…) is not supported")
        return self._body("?:" if self.named else "")

    def _body(self, opening: str) -> _Piece:
        """Read a group to its end; its options end with it."""
        extended = self.extended
        inner = self._alternatives()
        self.extended = extended
        if not self.cursor.take(")"):
            raise self.cursor.error("a closing parenthesis is missing")
        return _Piece(f"({opening}{inner.text})", inner.endless and opening in {"", "?:"})

    def _named_group(self, name: str) -> _Piece:
        if not (name[0].isalpha() or name[0] == "_"):
            raise self.cursor.error(f"the group's name {name!r} does not begin with a letter")
        group = f"g{len(self.groups)}"
        self.groups.append((name, group))
        inner = self._body("")
        return _Piece(f"(?P<{group}>{inner.text[1:]}", inner.endless)

    def _optioned(self, on: str, off: str, *, to_end: bool) -> _Piece:
        """Read what options hold for: their own group, or the rest of the group they stand in."""
        outer, self.extended = self.extended, ("x" in on) or (self.extended and "x" not in off)
        opening = "?" + _flags(on) + (f"-{_flags(off)}" if _flags(off) else "") + ":"
        if not to_end:
            piece = self._body(opening)
            self.extended = outer
            return piece
        return _Piece(f"({opening}{self._alternatives().text})")

    def _quantified(self, atom: _Piece) -> _Piece:
        piece, stacked = atom, False
        while quantifier := self._quantifier():
            base = f"(?:{piece.text})" if stacked or not piece.text else piece.text
            endless = quantifier[0] in "*+" or ",}" in quantifier
            if endless and piece.endless:
                self.explosive = True
                base = self._forgetful(base)
            piece, stacked = _Piece(base + quantifier, endless), True
        return piece

    def _forgetful(self, repeated: str) -> str:
        """Wrap what is repeated in a reference to an empty group, which keeps the engine from remembering failures."""
        if not self.memoryless:
            return repeated
        name = f"e{self.cursor.position}"
        return f"(?:(?P<{name}>){repeated}(?P={name}))"

    def _quantifier(self) -> str:
        """Return the next quantifier in the ``regex`` module's syntax; an empty text where there is none."""
        if self.extended:
            self.cursor.skip_blank()
        for sign in "*+?":
            if self.cursor.take(sign):
                return sign + (self.cursor.take("?") or self.cursor.take("+"))
        match = self.cursor.match(_INTERVAL)
        if match is None or not (match[1] or match[3]):
            return self.cursor.give_back(match)
        low = match[1] or "0"
        if match[2] is None:
            return f"{{{low}}}"
        return f"{{{low},{match[3]}}}" + self.cursor.take("?")


def _flags(options: str) -> str:
    """Return Ruby's options as the ``regex`` module's; ``x`` is dealt with while reading."""
    return options.replace("m", "s").replace("x", "")
