"""What an ``http`` output sends of an event. Source: logstash-output-http 6, ``event_body`` and ``map_event``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote_plus

from atalaia.pipeline.event import Event
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.json_text import encode_json
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.values import Value

BodyOf: TypeAlias = Callable[[Event], bytes]
FieldsOf: TypeAlias = Callable[[Event], dict[str, Value]]


def compile_mapping(mapping: dict[str, Value]) -> FieldsOf:
    """Return what makes fields of an event by a mapping, ``%{…}`` filled in at any depth."""
    parts = {name: _compile(value) for name, value in mapping.items()}
    return lambda event: {name: part(event) for name, part in parts.items()}


def json_body(fields: FieldsOf) -> BodyOf:
    """Return what makes a JSON object."""
    return lambda event: encode_json(fields(event))


def form_body(fields: FieldsOf) -> BodyOf:
    """Return what makes a form: names and values escaped as Ruby's ``CGI.escape`` does."""

    def body(event: Event) -> bytes:
        pairs = (f"{_escaped(name)}={_escaped(_text(value))}" for name, value in fields(event).items())
        return "&".join(pairs).encode()

    return body


def message_body(message: str) -> BodyOf:
    """Return what makes a text."""
    template = compile_template(message)
    return lambda event: _utf_8(template(event))


def _compile(value: Value) -> Callable[[Event], Value]:
    if isinstance(value, dict):
        return compile_mapping(value)
    if isinstance(value, list):
        parts = [_compile(item) for item in value]
        return lambda event: [part(event) for part in parts]
    return compile_template(str(value))


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else ruby_text(value)


def _escaped(text: str) -> str:
    return quote_plus(_utf_8(text))


def _utf_8(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")
