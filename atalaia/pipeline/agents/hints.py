"""Which fixed texts an expression cannot do without, so that most expressions need not be tried at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from atalaia.pipeline.agents.syntax import TOKEN

NO_HINT: Final = ("",)
"""Of an expression of which nothing is known; the empty text is in every text."""

_Need: TypeAlias = frozenset[str]
"""Texts of which one must occur; empty when nothing is known."""

_NOTHING: Final[_Need] = frozenset()
SHORTEST: Final = 2
"""Length of the shortest hint, in characters."""

_COMMON: Final = frozenset(
    ["android", "applewebkit", "build", "compatible", "linux", "mobile", "mozilla", "nt", "opera", "safari", "windows"]
)
"""Words that are in so many agents that they are the last choice."""

_EITHER_CASE: Final = re.compile(r"\[([A-Za-z])([A-Za-z])\]")
_FLAGS: Final = re.compile(r"\(\?[A-Za-z-]+[:)]")
"""Flags can give every other element another meaning."""

_NO_LITERALS: Final = ".^$"
_REPETITION: Final = re.compile(r"(?:[*+?]|\{(\d+)(?:,\d*)?\})[?+]?")


def hints(expression: str) -> tuple[str, ...]:
    """Return texts in lower case; what the expression matches contains one of them, whatever its case.

    The answer is :data:`NO_HINT` when there are none. The expression must be well formed.
    """
    elements = TOKEN.findall(expression)
    if any(map(_FLAGS.fullmatch, elements)):
        return NO_HINT
    return tuple(sorted(_Reader(elements).alternatives())) or NO_HINT


class _Reader:
    """Reads the elements of an expression from left to right."""

    def __init__(self, elements: Iterable[str]) -> None:
        self._elements = [*elements][::-1]

    def alternatives(self) -> _Need:
        """Return what any of the alternatives up to the end of the group needs."""
        needs = [self._sequence()]
        while self._elements and self._elements[-1] == "|":
            self._elements.pop()
            needs.append(self._sequence())
        return _NOTHING.union(*needs) if all(needs) else _NOTHING

    def _sequence(self) -> _Need:
        needs: list[_Need] = []
        run = ""
        while self._elements and self._elements[-1] not in ("|", ")"):
            literal, need = self._element()
            least, repeated = self._repetition()
            run += literal if least else ""
            if repeated or not literal:
                needs += [frozenset([run]), need if least else _NOTHING]
                run = ""
        return _best([*needs, frozenset([run])])

    def _element(self) -> tuple[str, _Need]:
        """Return the character that the next element stands for, or what the next element needs."""
        token = self._elements.pop()
        if token.startswith("("):
            inner = self.alternatives()
            self._elements.pop()  # the closing parenthesis
            return "", _NOTHING if token.endswith(("=", "!")) else inner
        return _literal(token), _NOTHING

    def _repetition(self) -> tuple[int, bool]:
        """Return how often the element must occur at least, and whether it may occur more than once or not at all."""
        found = _REPETITION.fullmatch(self._elements[-1]) if self._elements else None
        if found is None:
            return 1, False
        token = self._elements.pop()
        return int(found[1]) if found[1] else int(token.startswith("+")), True


def _literal(token: str) -> str:
    either = _EITHER_CASE.fullmatch(token)
    if either is not None:
        return either[1] if either[1].lower() == either[2].lower() else ""
    if token.startswith("\\"):
        return token[1] if not token[1].isalnum() and token.isascii() else ""
    return token if len(token) == 1 and token.isascii() and token not in _NO_LITERALS else ""


def _best(needs: Iterable[_Need]) -> _Need:
    """Return the need that fewest agents fulfil: one of rare words, of long texts, of few texts."""
    useful = [frozenset(text.lower() for text in need) for need in needs if need and min(map(len, need)) >= SHORTEST]
    return max(useful, key=_rank, default=_NOTHING)


def _rank(need: _Need) -> tuple[bool, int, int]:
    rare = not any(_COMMON.issuperset(re.findall(r"[a-z]+", text)) for text in need)
    return rare, min(map(len, need)), -len(need)
