"""The values a field can hold, and how Ruby and Java treat them."""

from __future__ import annotations

from typing import TypeAlias

from atalaia.pipeline.timestamp import Timestamp

Value: TypeAlias = "bool | int | float | str | Timestamp | list[Value] | dict[str, Value] | None"
"""What a field can hold."""


def is_tags(value: Value) -> bool:
    """Tell whether a value may stand in ``tags``: text or a list of text."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def as_list(value: Value) -> list[Value]:
    """Return a new list of a value as Ruby's ``Array()`` does: null is empty, an object its pairs."""
    if value is None:
        return []
    if isinstance(value, list):
        return list(value)
    if isinstance(value, dict):
        return [[name, item] for name, item in value.items()]
    return [value]


def copy_value(value: Value) -> Value:
    """Return an independent copy."""
    if isinstance(value, dict):
        return copy_dict(value)
    return [copy_value(item) for item in value] if isinstance(value, list) else value


def copy_dict(value: dict[str, Value]) -> dict[str, Value]:
    """Return an independent copy of an object."""
    return {name: copy_value(item) for name, item in value.items()}
