"""Texts with references in them: ``%{field}``, ``%{+yyyy.MM.dd}``, ``%{{uuuu-MM}}``, ``%{+%s}``.

The rules are those of Logstash's ``StringInterpolation``: a reference to nothing (or null) stays as it is written, a
list prints its items joined by commas, an object prints as JSON, a float as Java prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import java_text, joined_text
from atalaia.pipeline.java_dates import DatePattern, java_time_pattern, joda_pattern
from atalaia.pipeline.json_text import write_json
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value


@dataclass(frozen=True, slots=True)
class LiteralPart:
    """Text as it is written."""

    text: str

    def __call__(self, _event: Event) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, slots=True)
class FieldPart:
    """``%{field}``.

    Attributes:
        reference: The field.
        unresolved: What stands there when the field is missing or null.
    """

    reference: FieldReference
    unresolved: str

    def __call__(self, event: Event) -> str:
        """Return the field's value as text."""
        value = self.reference.get(event)
        return self.unresolved if value is None else value_text(value)


Part: TypeAlias = LiteralPart | FieldPart | Callable[[Event], str]
"""A piece of a text; any other function is a date, or a malformed reference that raises when it is used."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text, compiled; call it with an event.

    Attributes:
        text: As it was written.
        parts: What makes up the result; empty for a text without references.
    """

    text: str
    parts: tuple[Part, ...]

    @property
    def constant(self) -> bool:
        """Whether the result is the same for every event."""
        return not self.parts

    def __call__(self, event: Event) -> str:
        """Return the text for this event.

        Raises:
            EventError: When a reference in it is malformed, or a date is asked of an event without ``@timestamp``.
        """
        return "".join([part(event) for part in self.parts]) if self.parts else self.text


def compile_template(text: str) -> Template:
    """Compile a text; malformed references raise only when the template is used, as in Logstash."""
    parts: list[Part] = []
    done = 0
    start = text.find("%{")
    end = text.find("}", start)
    while start > -1 and end > -1:
        if start > done:
            parts.append(LiteralPart(text[done:start]))
        part, done = _interpolation(text, start, end)
        parts.append(part)
        start = text.find("%{", done)
        end = text.find("}", start)
    if parts and done < len(text):
        parts.append(LiteralPart(text[done:]))
    return Template(text, tuple(parts))


def compile_reference(text: str) -> Callable[[Event], FieldReference]:
    """Compile a field name that may hold ``%{…}`` to a function that returns the reference meant for an event.

    A malformed name raises :class:`EventError` for each event, not at load, as in Logstash.
    """
    template = compile_template(text)
    if not template.constant:
        return lambda event: FieldReference.parse(template(event))
    try:
        reference = FieldReference.parse(text)
    except EventError as error:
        return _raising(error)
    return lambda _event: reference


def constant_reference(text: str) -> FieldReference | None:
    """Return the reference a name means for every event; ``None`` when it depends on the event or is malformed."""
    return static_reference(text) if compile_template(text).constant else None


def static_reference(text: str) -> FieldReference | None:
    """Return the reference a name means as it is written; ``None`` when it is malformed."""
    try:
        return FieldReference.parse(text)
    except EventError:  # raised again, for each event, by the function that uses the name
        return None


def value_text(value: Value) -> str:
    """Return a value other than null as it stands in a text."""
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    if isinstance(value, list):
        return joined_text(value)
    if isinstance(value, dict):
        return write_json(value, sort_keys=True) if value else "{}"
    return java_text(value)


def _interpolation(text: str, start: int, end: int) -> tuple[Part, int]:
    """Return the part for the ``%{`` at ``start`` and where the text goes on."""
    inner = text[start + 2 : end]
    if "+%s".startswith(inner):  # also "%{}": Logstash compares only as many characters as there are
        return _epoch_seconds, end + 1
    if inner.startswith("{") and text[end + 1 : end + 2] == "}":
        return _date(java_time_pattern(inner[1:]), text), end + 2
    if inner.startswith("+"):
        return _date(joda_pattern(inner[1:]), text), end + 1
    return _field(inner), end + 1


def _raising(error: EventError) -> Callable[[Event], FieldReference]:
    def fail(_event: Event) -> FieldReference:
        raise EventError(error.message, error.remedy)

    return fail


def _field(name: str) -> Part:
    try:
        return FieldPart(FieldReference.parse(name), f"%{{{name}}}")
    except EventError as error:
        fail = _raising(error)
        return lambda event: str(fail(event))


def compile_static_reference(name: str) -> Callable[[Event], FieldReference]:
    """Compile a reference as it is written: ``%{…}`` in it has no meaning."""
    try:
        reference = FieldReference.parse(name)
    except EventError as error:
        return _raising(error)
    return lambda _event: reference


def _timestamp(event: Event, text: str) -> Timestamp:
    timestamp = event.timestamp
    if timestamp is None:
        raise EventError(f"{text!r} needs @timestamp, which this event has not")
    return timestamp


def _epoch_seconds(event: Event) -> str:
    return str(_timestamp(event, "%{+%s}").epoch_seconds)


def _date(pattern: DatePattern, text: str) -> Part:
    return lambda event: pattern(_timestamp(event, text))
