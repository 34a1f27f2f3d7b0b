"""Text as it is. Source: logstash-codec-plain 3.1."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import (
    Codec,
    CodecContext,
    CodecPlugin,
    DecodeLine,
    Encode,
    LineDecoder,
    TextCodecOptions,
)
from atalaia.pipeline.codecs.event_text import event_text
from atalaia.pipeline.event import Event
from atalaia.pipeline.settings import Text
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.timestamp import Timestamp


class PlainOptions(TextCodecOptions):
    """Options of ``plain``.

    Attributes:
        format: What is written for an event, with ``%{…}``; without it time, host and message.
    """

    format: Text | None = None


def message_decoding(options: TextCodecOptions, context: CodecContext) -> DecodeLine:
    """Return the function that puts a line into ``message``."""
    read, keep = context.text(options)

    def decode(content: bytes, now: Timestamp) -> list[Event]:
        text = read(content)
        event = Event.create({"message": text}, now)
        keep(event, text)
        return [event]

    return decode


def text_encoding(text: str | None, end: str) -> Encode:
    """Return the function that writes an event by a template, or as Logstash prints events."""
    write = event_text if text is None else compile_template(text)
    return lambda event: write(event) + end


def _build(options: PlainOptions, context: CodecContext) -> Codec:
    decoder = LineDecoder(message_decoding(options, context))
    return Codec("plain", lambda: decoder, text_encoding(options.format, ""))


PLUGIN = CodecPlugin("plain", PlainOptions, _build)
