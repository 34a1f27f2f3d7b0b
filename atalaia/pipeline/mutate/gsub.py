"""``gsub`` of the mutate filter: replace every match of an expression.

Source: logstash-filter-mutate 3.6.0 and the replacement syntax of Ruby's ``String#gsub``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import regex

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.grok.onigmo import compile_expression
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.mutate.operations import Operation
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
            field.set(event, _substitute(pattern_of(event), template(event), value))
        elif isinstance(value, list):
            pattern, text = pattern_of(event), template(event)
            field.set(event, [_substitute(pattern, text, item) if isinstance(item, str) else item for item in value])

    return run


def _pattern(expression: str) -> Callable[[Event], regex.Pattern[str]]:
    template = compile_template(expression)
    if "%{" not in expression:
        compiled = compile_expression(expression)
        return lambda _event: compiled

    def compile_for(event: Event) -> regex.Pattern[str]:
        try:
            return compile_expression(template(event))
        except ExpressionError as error:
            raise EventError(str(error)) from error

    return compile_for


def _substitute(pattern: regex.Pattern[str], replacement: str, text: str) -> str:
    if "\\" not in replacement:
        return pattern.sub(lambda _match: replacement, text)
    return pattern.sub(lambda match: _expand(replacement, match), text)


def _expand(replacement: str, match: regex.Match[str]) -> str:
    r"""Return the replacement with ``\1``, ``\0``, ``\k<name>``, ``\&`` and their like filled in."""
    return _REFERENCE.sub(lambda found: _referred(found, match), replacement)


def _referred(found: re.Match[str], match: regex.Match[str]) -> str:
    name, sign = found.groups()
    if name is not None:
        return _group(match, name)
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


def _group(match: regex.Match[str], name: str) -> str:
    if name not in match.re.groupindex:
        raise EventError(f"undefined group name reference: {name}")
    return str(match[name] or "")
