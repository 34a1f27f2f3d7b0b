"""An event as one line of text, for codecs that are told nothing better. Source: ``Event.toString`` of Logstash 9."""

from __future__ import annotations

from atalaia.pipeline.event import Event
from atalaia.pipeline.java import hash_order, java_text
from atalaia.pipeline.values import Value


def event_text(event: Event) -> str:
    """Return time, host and message, each as Java prints it; a missing time is left out."""
    host_and_message = f"{_field(event, 'host')} {_field(event, 'message')}"
    return host_and_message if event.timestamp is None else f"{event.timestamp} {host_and_message}"


def _field(event: Event, name: str) -> str:
    value = event.data.get(name)
    return f"%{{{name}}}" if value is None else java_text(_ordered(value))


def _ordered(value: Value) -> Value:
    """Return a value with the names of objects in the order in which Java prints them."""
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in hash_order(value)}
    return [_ordered(item) for item in value] if isinstance(value, list) else value
