"""Write a syntax tree as a person might have: any white space and comments, parentheses where they are needed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from atalaia.pipeline.config import tree as syntax

Gap: TypeAlias = Callable[[], str]
"""Returns what to write between two tokens: white space, comments."""


def write_configuration(tree: syntax.Configuration, gap: Gap) -> str:
    """Return a text that says what the tree says."""
    return gap() + "".join(_section(section, gap) + gap() for section in tree.sections)


def closed(text: str, quote: str) -> bool:
    """Tell whether a text between these quotes ends where it should: at the second one."""
    return re.fullmatch(rf"{quote}(?:\\{quote}|[^{quote}])*+{quote}", f"{quote}{text}{quote}") is not None


def _section(section: syntax.Section, gap: Gap) -> str:
    return f"{section.kind}{gap()}{{{_body(section.body, gap)}}}"


def _body(statements: tuple[syntax.Statement, ...], gap: Gap) -> str:
    return gap() + "".join(_statement(statement, gap) + gap() for statement in statements)


def _statement(statement: syntax.Statement, gap: Gap) -> str:
    return _plugin(statement, gap) if isinstance(statement, syntax.Plugin) else _branch(statement, gap)


def _branch(branch: syntax.Branch, gap: Gap) -> str:
    return gap().join(_arm(arm, gap, first=place == 0) for place, arm in enumerate(branch.arms))


def _arm(arm: syntax.Arm, gap: Gap, *, first: bool) -> str:
    keyword = "if" if first else "else" if arm.condition is None else f"else{gap()}if"
    condition = "" if arm.condition is None else f"{gap()}{_condition(arm.condition, gap)}"
    return f"{keyword}{condition}{gap()}{{{_body(arm.body, gap)}}}"


def _plugin(plugin: syntax.Plugin, gap: Gap) -> str:
    options = "".join(
        f"{_key(each.name)}{gap()}=>{gap()}{_value(each.value, gap)} {gap()}" for each in plugin.attributes
    )
    return f"{plugin.name}{gap()}{{{gap()}{options}}}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII) else _quoted(name)


def _value(value: syntax.Value, gap: Gap) -> str:
    match value:
        case syntax.Word():
            return value.text
        case syntax.String():
            return _quoted(value.text)
        case syntax.Number():
            return str(value.value)
        case syntax.Array():
            return f"[{gap()}{f'{gap()},{gap()}'.join(_value(item, gap) for item in value.items)}{gap()}]"
        case syntax.Hash():
            entries = "".join(
                f"{_quoted(name)}{gap()}=>{gap()}{_value(item, gap)}{gap()}" for name, item in value.entries
            )
            return f"{{{gap()}{entries}}}"
        case _:
            return _plugin(value, gap)


def _quoted(text: str) -> str:
    quote = '"' if closed(text, '"') else "'"
    return f"{quote}{text}{quote}"


def _condition(condition: syntax.Condition, gap: Gap) -> str:
    match condition:
        case syntax.Joined():
            left, right = _grouped(condition.left, gap), _grouped(condition.right, gap)
            return f"{left}{gap()}{condition.operator}{gap()}{right}"
        case syntax.Not():
            inner = condition.inner
            alone = inner.text if isinstance(inner, syntax.Selector) else None
            return f"!{gap()}{alone or _grouped(inner, gap, always=True)}"
        case syntax.Comparison():
            return f"{_operand(condition.left, gap)}{gap()}{condition.operator}{gap()}{_operand(condition.right, gap)}"
        case syntax.Membership():
            operator = "not in" if condition.negated else "in"
            return f"{_operand(condition.left, gap)}{gap()}{operator}{gap()}{_operand(condition.right, gap)}"
        case syntax.Match():
            operator = "!~" if condition.negated else "=~"
            return f"{_operand(condition.left, gap)}{gap()}{operator}{gap()}{_quoted(condition.pattern.text)}"
        case _:
            return _operand(condition, gap)


def _grouped(condition: syntax.Condition, gap: Gap, *, always: bool = False) -> str:
    written = _condition(condition, gap)
    return f"({gap()}{written}{gap()})" if always or isinstance(condition, syntax.Joined) else written


def _operand(operand: syntax.Operand, gap: Gap) -> str:
    return operand.text if isinstance(operand, syntax.Selector) else _value(operand, gap)
