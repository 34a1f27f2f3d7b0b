"""Finds the expressions of a list that match an agent, trying as few as possible."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atalaia.pipeline.agents.expressions import Expression
from atalaia.pipeline.agents.hints import NO_HINT, SHORTEST
from atalaia.pipeline.agents.syntax import compile_java


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent's name, prepared for matching.

    Attributes:
        name: The name.
        lowered: The name in lower case.
        pieces: All its pieces of :data:`SHORTEST` characters, in lower case.
    """

    name: str
    lowered: str
    pieces: frozenset[str]

    @classmethod
    def of(cls, name: str) -> Agent:
        """Prepare a name."""
        lowered = name.lower()
        pieces = frozenset(lowered[start : start + SHORTEST] for start in range(len(lowered) - SHORTEST + 1))
        return cls(name, lowered, pieces)


class Matcher:
    """One list, ready to be matched; an expression is compiled when it is first tried.

    Args:
        expressions: The list.
    """

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._expressions = expressions
        self._compiled: dict[int, re.Pattern[str]] = {}
        self._always = {number for number, each in enumerate(expressions) if each.hints == NO_HINT}
        self._hinted: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, expression in enumerate(expressions):
            if expression.hints != NO_HINT:
                for hint in expression.hints:
                    self._hinted[hint[:SHORTEST]].append((hint, number))

    def matches(self, agent: Agent) -> Iterator[tuple[re.Match[str], tuple[str | None, ...]]]:
        """Yield each match in the agent's name with the expression's replacements, in the order of the list."""
        for number in sorted(self._candidates(agent)):
            found = self._pattern(number).search(agent.name)
            if found is not None:
                yield found, self._expressions[number].replacements

    def _candidates(self, agent: Agent) -> set[int]:
        lowered = agent.lowered
        candidates = set(self._always)
        for piece in self._hinted.keys() & agent.pieces:
            candidates.update([number for hint, number in self._hinted[piece] if hint in lowered])
        return candidates

    def _pattern(self, number: int) -> re.Pattern[str]:
        pattern = self._compiled.get(number)
        if pattern is None:
            expression = self._expressions[number]
            pattern = compile_java(expression.text, ignore_case=expression.ignore_case)
            self._compiled[number] = pattern
        return pattern
