"""Between the values of events and plain JSON; every result is an independent copy."""

from __future__ import annotations

from collections.abc import Mapping

from analyzers.store.document import JsonValue
from atalaia.pipeline.json_text import plain_json
from atalaia.pipeline.values import Value


def json_object(fields: Mapping[str, Value]) -> dict[str, JsonValue]:
    """Return fields with nothing but JSON in them."""
    return {name: plain_json(value) for name, value in fields.items()}


def event_object(fields: Mapping[str, JsonValue]) -> dict[str, Value]:
    """Return an object as an event holds it."""
    return {name: _event_value(value) for name, value in fields.items()}


def _event_value(value: JsonValue) -> Value:
    if isinstance(value, dict):
        return event_object(value)
    return [_event_value(item) for item in value] if isinstance(value, list) else value
