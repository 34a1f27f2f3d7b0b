"""Whole JSON documents. Source: logstash-codec-json 3.1."""

from __future__ import annotations

from collections.abc import Callable

from atalaia.pipeline.codecs.base import CodecOptions, CodecPlugin, Decode, Encode, keep_original
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import JsonError, read_json, write_json
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Text
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_FAILURE = "_jsonparsefailure"


class JsonCodecOptions(CodecOptions):
    """Options of the ``json`` codecs.

    Attributes:
        target: Where a decoded object goes; without it, to the root of the event.
    """

    target: Text | None = None


def decoder(target: str | None, ecs: EcsCompatibility) -> Decode:
    """Return the function that decodes a line.

    An object is one event, an array of objects several, a blank line none. Anything else becomes an event with the line
    in ``message`` and the tag ``_jsonparsefailure``.
    """
    place = _placing(target)

    def decode(line: str, now: Timestamp) -> list[Event]:
        if not line.strip():
            return []
        try:
            objects = _objects(read_json(line, trailing=True))
        except JsonError:
            failed = Event.create({"message": line, "tags": [_FAILURE]}, now)
            keep_original(failed, line, ecs)
            return [failed]
        events = [place(fields, now) for fields in objects]
        if len(events) == 1:
            keep_original(events[0], line, ecs)
        return events

    return decode


def encode_json_event(event: Event) -> str:
    """Return the event's fields as compact JSON, without ``@metadata``."""
    return write_json(event.data)


def _objects(value: Value) -> list[dict[str, Value]]:
    """Return the objects of a document, which must be an object or an array of nothing but objects."""
    items = value if isinstance(value, list) else [value]
    objects = [item for item in items if isinstance(item, dict)]
    if len(objects) < len(items):
        raise JsonError("neither an object nor an array of objects")
    return objects


def _placing(target: str | None) -> Callable[[dict[str, Value], Timestamp], Event]:
    if target is None:
        return Event.create
    reference = FieldReference.parse(target)

    def place(fields: dict[str, Value], now: Timestamp) -> Event:
        event = Event.create({}, now)
        reference.set(event, fields)
        return event

    return place


def _build(options: JsonCodecOptions, ecs: EcsCompatibility) -> tuple[Decode, Encode]:
    return decoder(options.target, ecs), encode_json_event


PLUGIN = CodecPlugin("json", JsonCodecOptions, _build)
