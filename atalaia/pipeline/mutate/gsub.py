"""``gsub`` of the mutate filter: replace every match of an expression.

Source: logstash-filter-mutate 3.6.0 and the replacement syntax of Ruby's ``String#gsub``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.grok.engine import Expression, Match, compile_fast
from atalaia.pipeline.grok.onigmo import translate
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.mutate.places import written
from atalaia.pipeline.mutate.texts import changing_text
from atalaia.pipeline.sprintf import compile_static_reference, compile_template

_REFERENCE: Final = re.compile(r"\\(?:k<([^>]+)>|([0-9&`'\\]))")


def gsub(name: str, expression: str, replacement: str) -> Operation:
    """Compile one substitution; an expression with ``%{`` is compiled for each event.

    Raises:
        ExpressionError: When the expression does not compile.
    """
    reference, template = compile_static_reference(name), compile_template(replacement)
    pattern_of = _pattern(expression)

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if isinstance(value, str):
            field.set(event, pattern_of(event).substitute(template(event), value))
        elif isinstance(value, list):
            pattern, text = pattern_of(event), template(event)
            field.set(event, [pattern.substitute(text, item) if isinstance(item, str) else item for item in value])

    if "%{" in expression or not template.constant:
        return Operation(run, written(name))
    return changing_text(name, run, _compile(expression).substitution(replacement))


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled expression and the names of its groups as they were written."""

    expression: Expression
    groups: tuple[tuple[str, str], ...]

    def substitution(self, replacement: str) -> Callable[[str], str]:
        """Return a function that replaces every match in a text."""
        if "\\" not in replacement:
            return partial(self.expression.sub, replacement)
        numbered = _numbered(replacement, self.expression.groups)
        return partial(self.expression.sub, numbered or (lambda match: self._expand(replacement, match)))

    def substitute(self, replacement: str, text: str) -> str:
        """Return the text with every match replaced."""
        if "\\" not in replacement:
            return self.expression.sub(lambda _match: replacement, text)
        return self.expression.sub(lambda match: self._expand(replacement, match), text)

    def _expand(self, replacement: str, match: Match) -> str:
        r"""Return the replacement with ``\1``, ``\0``, ``\k<name>``, ``\&`` and their like filled in."""
        return _REFERENCE.sub(lambda found: self._referred(found, match), replacement)

    def _referred(self, found: re.Match[str], match: Match) -> str:
        name, sign = found.groups()
        return _part(match, sign) if name is None else self._named(match, name)

    def _named(self, match: Match, name: str) -> str:
        """Return what the last group of that name caught."""
        caught = [match[translated] for written, translated in self.groups if written == name]
        if not caught:
            raise EventError(f"undefined group name reference: {name}")
        return next((text for text in reversed(caught) if text is not None), "")


def _numbered(replacement: str, groups: int) -> Callable[[Match], str] | None:
    """Return what fills a replacement in that has only groups by number in it; ``None`` when it has more.

    Python's own templates would do, and take three times as long.
    """
    parts: list[str | int] = []
    done = 0
    for found in _REFERENCE.finditer(replacement):
        sign = found[2]
        if sign is None or not sign.isdigit() or int(sign) > groups:
            return None
        parts += [replacement[done : found.start()], int(sign)]
        done = found.end()
    parts.append(replacement[done:])
    return _filling([part for part in parts if part != ""])


def _filling(parts: Sequence[str | int]) -> Callable[[Match], str]:
    if len(parts) == 1 and isinstance(parts[0], int):
        only = parts[0]
        return lambda match: str(match[only] or "")

    def fill(match: Match) -> str:
        return "".join([part if isinstance(part, str) else match[part] or "" for part in parts])

    return fill


def _part(match: Match, sign: str) -> str:
    """Return what a backslash and one character stand for."""
    match sign:
        case "\\":
            return "\\"
        case "&":
            return str(match[0])
        case "`":
            return match.string[: match.start()]
        case "'":
            return match.string[match.end() :]
        case _:
            number = int(sign)
            return str(match[number] or "") if number <= match.re.groups else ""


def _compile(expression: str) -> _Pattern:
    translation = translate(expression)
    return _Pattern(compile_fast(translation), translation.groups)


def _pattern(expression: str) -> Callable[[Event], _Pattern]:
    template = compile_template(expression)
    if "%{" not in expression:
        compiled = _compile(expression)
        return lambda _event: compiled

    def compile_for(event: Event) -> _Pattern:
        try:
            return _compile(template(event))
        except ExpressionError as error:
            raise EventError(str(error)) from error

    return compile_for
