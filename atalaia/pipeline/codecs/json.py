"""Whole JSON documents. Source: logstash-codec-json 3.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from atalaia.pipeline.codecs.base import (
    Codec,
    CodecContext,
    CodecPlugin,
    DecodeLine,
    LineDecoder,
    TextCodecOptions,
    keep_text,
)
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import JsonError, read_json, write_json
from atalaia.pipeline.options import option_reference
from atalaia.pipeline.settings import Text
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value

_FAILURE: Final = "_jsonparsefailure"
_NO_WHITE_SPACE_IN_JAVA: Final = frozenset("\x85\xa0\u2007\u202f")


class JsonCodecOptions(TextCodecOptions):
    """Options of ``json``.

    Attributes:
        target: Where a decoded object goes; without it, to the root of the event.
    """

    target: Text | None = None


def json_decoding(options: JsonCodecOptions, context: CodecContext) -> DecodeLine:
    """Return the function that decodes a line.

    An object is one event, an array of objects several, a blank line none. Anything else becomes an event with the line
    in ``message`` and the tag ``_jsonparsefailure``; so does, as in Logstash, an object that cannot take its original.
    """
    read, keep = context.text(options)
    place = _placing(options.target)

    def decode(content: bytes, now: Timestamp) -> list[Event]:
        text = read(content)
        if not text or (text.isspace() and _NO_WHITE_SPACE_IN_JAVA.isdisjoint(text)):
            return []
        try:
            events = [place(fields, now) for fields in _objects(read_json(text, trailing=True))]
            if len(events) == 1:
                keep(events[0], text)
                return events
        except (JsonError, EventError):
            failed = Event.create({"message": text, "tags": [_FAILURE]}, now)
            keep(failed, text)
            return [failed]
        for event in events:
            keep_text(event, text)
        return events

    return decode


def encode_json_event(event: Event) -> str:
    """Return the event's fields as compact JSON, without ``@metadata``."""
    return write_json(event.data)


def _objects(value: Value) -> list[dict[str, Value]]:
    """Return the objects of a document, which must be an object or an array of nothing but objects."""
    if isinstance(value, dict):
        return [value]
    items = value if isinstance(value, list) else [value]
    objects = [item for item in items if isinstance(item, dict)]
    if len(objects) < len(items):
        raise JsonError("neither an object nor an array of objects")
    return objects


def _placing(target: str | None) -> Callable[[dict[str, Value], Timestamp], Event]:
    if target is None:
        return Event.create
    reference = option_reference("target", target)

    def place(fields: dict[str, Value], now: Timestamp) -> Event:
        event = Event.create({}, now)
        reference.set(event, fields)
        return event

    return place


def _build(options: JsonCodecOptions, context: CodecContext) -> Codec:
    decoder = LineDecoder(json_decoding(options, context))
    return Codec("json", lambda: decoder, encode_json_event)


PLUGIN = CodecPlugin("json", JsonCodecOptions, _build)
