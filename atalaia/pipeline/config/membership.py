"""Compile ``in``, with the semantics of Logstash's ``EventCondition``."""

from __future__ import annotations

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.comparing import same
from atalaia.pipeline.config.operands import Getter, Test, constant_of, selector_of
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import java_text
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.values import Value


def membership(node: syntax.Membership, variables: Variables) -> Test:
    """Compile ``in``, whether it is negated or not.

    Raises:
        ConfigurationError: When a side cannot stand in a condition.
    """
    match node.left, node.right:
        case syntax.Selector(), syntax.Selector():
            return _field_in_field(node.left, node.right)
        case syntax.Selector(), syntax.Array():
            return _field_in_list(selector_of(node.left), constant_of(node.right, variables))
        case syntax.Selector(), _:
            return _field_in_constant(selector_of(node.left), java_text(constant_of(node.right, variables)))
        case _, syntax.Selector():
            return _constant_in_field(constant_of(node.left, variables), selector_of(node.right))
        case _:
            verdict = same(constant_of(node.left, variables), constant_of(node.right, variables))
            return lambda _event: verdict


def _field_in_list(get: Getter, items: Value) -> Test:
    """Compare by text: the number 5 is in ``["5", "6"]``."""
    texts = frozenset(java_text(item) for item in items) if isinstance(items, list) else frozenset[str]()

    def inside(event: Event) -> bool:
        value = get(event)
        return value is not None and java_text(value) in texts

    return inside


def _field_in_constant(get: Getter, text: str) -> Test:
    def inside(event: Event) -> bool:
        value = get(event)
        return isinstance(value, str) and value in text

    return inside


def _constant_in_field(constant: Value, get: Getter) -> Test:
    def inside(event: Event) -> bool:
        value = get(event)
        if isinstance(value, list):
            return any(same(item, constant) for item in value)
        return isinstance(value, str) and isinstance(constant, str) and constant in value

    return inside


def _field_in_field(left: syntax.Selector, right: syntax.Selector) -> Test:
    """Test ``[a] in [b]``: an item of a list, a part of a text, or the same value; never for a list or an object."""
    one, other = FieldReference.parse(left.text), FieldReference.parse(right.text)

    def inside(event: Event) -> bool:
        value, container = one.get(event), other.get(event)
        if isinstance(value, list | dict):
            return False
        if isinstance(value, str) and isinstance(container, str):
            return value in container
        if isinstance(container, list):
            if not one.includes(event):
                raise EventError(f"{left.text} in {right.text} stops Logstash: {left.text} is missing", "test it first")
            return any(same(value, item) for item in container)
        return value is not None and same(value, container)

    return inside
