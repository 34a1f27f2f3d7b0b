"""What an input adds to its events beside what stands in the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.decorate import Decorate
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.values import Value

Describe: TypeAlias = Callable[[Event, str], None]
"""Adds what an input knows of an event's origin; the text is the path of the file, or the peer, or empty."""


def set_if_absent(field: FieldReference, event: Event, text: str) -> None:
    """Give a field a value unless it is there, or cannot be: a parent of it may be a scalar."""
    if field.includes(event):
        return
    try:
        field.set(event, text)
    except EventError:
        return  # as Logstash: what the line itself says comes first


def adding(field: FieldReference) -> Callable[[Event, str], None]:
    """Return :func:`set_if_absent` for a field, with a short way for events that have nothing there at all."""
    first, *others = (*field.parents, field.key)

    def add(event: Event, text: str) -> None:
        if first in event.data:
            set_if_absent(field, event, text)
            return
        value: Value = text
        for name in reversed(others):
            value = {name: value}
        event.data[first] = value

    return add


def finishing(describe: Describe, kind: str | None, decorate: Decorate) -> Describe:
    """Return what adds the origin, then the type, then the input's common options."""
    if kind is None and not decorate.steps:
        return describe

    def finish(event: Event, path: str) -> None:
        describe(event, path)
        if kind is not None and "type" not in event.data:
            event.data["type"] = kind
        decorate(event)

    return finish
