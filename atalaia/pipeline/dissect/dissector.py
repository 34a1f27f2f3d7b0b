"""Take a text apart by a dissection and put what is found into an event. Source: logstash-filter-dissect 1.3.0."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from atalaia.pipeline.dissect.mapping import Kind, MappedField, parse_mapping
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import java_text
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.sprintf import compile_static_reference

_Write: TypeAlias = Callable[[Event, Sequence[str]], None]
"""Puts one of the texts found into an event."""


@dataclass(frozen=True, slots=True)
class Dissector:
    """A dissection, compiled.

    Attributes:
        fields: Its fields, from left to right.
        writes: What puts the fields into an event, in Logstash's order.
    """

    fields: tuple[MappedField, ...]
    writes: tuple[_Write, ...]

    @classmethod
    def compile(cls, text: str) -> Self:
        """Compile a dissection.

        Raises:
            MappingError: When it is malformed.
        """
        fields = parse_mapping(text)
        kept = [index for index, field in enumerate(fields) if field.kind is not Kind.SKIP]
        kept.sort(key=lambda index: (fields[index].kind, fields[index].order))
        return cls(fields, tuple(_write(fields, index) for index in kept))

    def split(self, text: str) -> list[str] | None:
        """Return what each field finds, or ``None`` when a delimiter is missing.

        A text that begins with the delimiter after the first field gives that field nothing, and the search goes on
        with that same delimiter, as in Logstash.
        """
        if not self.fields or not text.startswith(self.fields[0].delimiter):
            return None
        left = len(self.fields[0].delimiter)
        found: list[str] = []
        for field, following in zip(self.fields, self.fields[1:], strict=False):
            delimiter = following.delimiter
            position = text.find(delimiter, left) if delimiter else -1
            if position < 0:
                return None
            found.append(text[left:position])
            if position > 0:
                left = position + len(delimiter)
            if field.padded:
                left = _skip(text, delimiter, left)
        found.append(text[left:])
        return found

    def fill(self, event: Event, found: Sequence[str]) -> None:
        """Put what the fields found into an event.

        Raises:
            EventError: When a place cannot be set; those before it are.
        """
        for write in self.writes:
            write(event, found)


def _skip(text: str, delimiter: str, start: int) -> int:
    """Return where a text goes on after any number of delimiters."""
    while text.startswith(delimiter, start):
        start += len(delimiter)
    return start


def _write(fields: Sequence[MappedField], index: int) -> _Write:
    field = fields[index]
    reference = compile_static_reference(field.name)
    if field.kind is Kind.NORMAL:
        return lambda event, found: reference(event).set(event, found[index])
    if field.kind is Kind.APPEND:
        joint = field.delimiter or " "
        return lambda event, found: _append(event, reference(event), joint, found[index])
    others = (other for other, named in enumerate(fields) if named.name == field.name and other != index)
    return _indirect(reference, next(others, None), index)


def _append(event: Event, target: FieldReference, joint: str, text: str) -> None:
    if target.includes(event):
        present = target.get(event)
        if present is None:
            raise EventError(f"nothing can be appended to {target.text}: it is null")
        text = f"{java_text(present)}{joint}{text}"
    target.set(event, text)


def _indirect(reference: Callable[[Event], FieldReference], other: int | None, index: int) -> _Write:
    """Return what sets the field whose name another field of the event, or of the dissection, holds."""

    def write(event: Event, found: Sequence[str]) -> None:
        key = reference(event)
        if key.includes(event):
            value = key.get(event)
            name = "null" if value is None else java_text(value)
        else:
            name = "" if other is None else found[other]
        if name:
            FieldReference.parse(name).set(event, found[index])

    return write
