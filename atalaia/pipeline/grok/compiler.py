"""Compile a grok pattern: ``%{NAME:field:type}`` replaced by definitions, then translated from Onigmo.

Source: the behaviour of jls-grok 0.11.5, which Logstash's grok filter uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import regex

from atalaia.pipeline.grok.conversion import ruby_float, ruby_integer
from atalaia.pipeline.grok.onigmo import compile_translation, translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.suggest import did_you_mean

Captured: TypeAlias = str | int | float | None
"""What a group held, converted; ``None`` when it took no part in the match."""

_REFERENCE = re.compile(
    r"%\{(?P<name>(?P<pattern>[A-z0-9]+)(?::[@\[\]A-z0-9_:.-]+)?)"
    r"(?:=(?P<definition>(?:[^{}\\]|\\.|\{[^{}]*\})+))?[^}]*\}",
    re.ASCII | re.DOTALL,
)
_MOST_NESTED: Final = 100
"""Deeper than any real nesting: definitions that refer to each other in a circle get here."""

_CONVERSIONS: Final[Mapping[str, Callable[[str], Captured]]] = {"int": ruby_integer, "float": ruby_float}


@dataclass(frozen=True, slots=True)
class Capture:
    """One field a pattern fills.

    Attributes:
        field: The field reference, as written.
        group: The group's number in the compiled expression.
        convert: Makes a number of the text; ``None`` leaves it.
    """

    field: str
    group: int
    convert: Callable[[str], Captured] | None


@dataclass(frozen=True, slots=True)
class GrokPattern:
    """A compiled pattern.

    Attributes:
        source: The pattern as written.
        expression: What is searched for.
        captures: The fields it fills, in Logstash's order: by name in order of appearance.
        memoryless: For a pattern that Onigmo may search in exponential time, the expression that does so, too.
        plain: The groups' places, when nothing is converted.
    """

    source: str
    expression: regex.Pattern[str]
    captures: tuple[Capture, ...]
    memoryless: regex.Pattern[str] | None = None
    plain: tuple[int, ...] | None = None

    def match(self, text: str, timeout: float | None = None) -> list[Captured] | None:
        """Return what the captures held, in their order, or ``None`` when nothing in the text matches.

        Args:
            text: Where to search.
            timeout: Seconds after which the search is given up.

        Raises:
            TimeoutError: When it took longer.
        """
        found = self.expression.search(text, timeout=timeout)
        if found is None:
            return None
        groups = found.groups()
        if self.plain is not None:
            return [groups[index] for index in self.plain]
        return [_converted(capture, groups[capture.group - 1]) for capture in self.captures]

    def check_time(self, text: str, timeout: float) -> None:
        """Search again for what was not found, as slowly as Onigmo would.

        Raises:
            TimeoutError: When Onigmo would not have found out in time.
        """
        if self.memoryless is not None:
            self.memoryless.search(text, timeout=timeout)


def compile_pattern(source: str, definitions: Mapping[str, str], *, named_only: bool = True) -> GrokPattern:
    """Compile a pattern.

    Args:
        source: The pattern.
        definitions: The expression each name stands for.
        named_only: Whether ``%{NAME}`` without a field captures nothing; otherwise it fills a field ``NAME``.

    Raises:
        ExpressionError: When a name is not defined, definitions go in a circle, or the expression is malformed.
    """
    expanded = _Expansion(dict(definitions), named_only=named_only).expand(source)
    translation = translate(expanded)
    expression = compile_translation(translation, dot_all=True)
    slow = compile_translation(translate(expanded, memoryless=True), dot_all=True) if translation.explosive else None
    captures = _captures(translation.groups, expression)
    converted = any(capture.convert is not None for capture in captures)
    plain = None if converted else tuple(capture.group - 1 for capture in captures)
    return GrokPattern(source, expression, captures, slow, plain)


@dataclass(slots=True)
class _Expansion:
    definitions: dict[str, str]
    named_only: bool

    def expand(self, text: str, depth: int = 0) -> str:
        if depth > _MOST_NESTED:
            raise ExpressionError(f"the definitions refer to each other in a circle: {text[:80]!r}")
        return _REFERENCE.sub(lambda match: self._replacement(match, depth), text)

    def _replacement(self, match: re.Match[str], depth: int) -> str:
        name, pattern = match["name"], match["pattern"]
        if match["definition"]:
            self.definitions[pattern] = match["definition"]
        if pattern not in self.definitions:
            meant = did_you_mean(pattern, self.definitions)
            remedy = meant or "define it in pattern_definitions or patterns_dir"
            raise ExpressionError(f"pattern {match[0]} not defined", remedy)
        inner = self.expand(self.definitions[pattern], depth + 1)
        return f"(?:{inner})" if self.named_only and ":" not in name else f"(?<{name}>{inner})"


def _captures(groups: tuple[tuple[str, str], ...], expression: regex.Pattern[str]) -> tuple[Capture, ...]:
    """Return the captures by name in order of appearance; of several of one name only the first is converted."""
    numbers = expression.groupindex
    order = {name: place for place, name in reversed(list(enumerate(name for name, _ in groups)))}
    seen: set[str] = set()
    captures: list[Capture] = []
    for name, group in sorted(groups, key=lambda item: order[item[0]]):
        pattern, _, rest = name.partition(":")
        field, _, kind = rest.partition(":")
        convert = None if name in seen else _CONVERSIONS.get(kind.partition(":")[0])
        captures.append(Capture(field or pattern, numbers[group], convert))
        seen.add(name)
    return tuple(captures)


def _converted(capture: Capture, text: str | None) -> Captured:
    return text if text is None or capture.convert is None else capture.convert(text)
