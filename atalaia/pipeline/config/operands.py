"""What conditions are made of: a field of the event or a constant on each side, and a test of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError, Refusal
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.values import Value

Getter: TypeAlias = Callable[[Event], Value]
"""Returns what stands there for an event; null where a field is missing."""

Test: TypeAlias = Callable[[Event], bool]
"""Tells whether a condition holds for an event."""


def selector_of(selector: syntax.Selector) -> Getter:
    """Return what reads a field."""
    return FieldReference.parse(selector.text).get


def constant_of(operand: syntax.Value | syntax.Selector, variables: Variables) -> Value:
    """Return the value of an operand that is no field.

    Raises:
        ConfigurationError: When it is nothing that can stand in a condition.
    """
    match operand:
        case syntax.String() | syntax.Word():
            return variables.replace(operand.text, operand.position)
        case syntax.Number():
            return operand.value
        case syntax.Array():
            return [constant_of(item, variables) for item in operand.items]
        case _:
            raise ConfigurationError(operand.position, "this cannot stand in a condition", code=Refusal.BAD_CONDITION)


def operand_of(operand: syntax.Operand, variables: Variables) -> Getter:
    """Return what reads a field, or gives a constant; raises as :func:`constant_of`."""
    if isinstance(operand, syntax.Selector):
        return selector_of(operand)
    value = constant_of(operand, variables)
    return lambda _event: value
