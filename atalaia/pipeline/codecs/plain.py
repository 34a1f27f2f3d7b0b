"""Text as it is. Source: logstash-codec-plain 3.1."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import CodecOptions, CodecPlugin, Decode, Encode, keep_original
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.settings import Text
from atalaia.pipeline.sprintf import compile_template
from atalaia.pipeline.timestamp import Timestamp


class PlainOptions(CodecOptions):
    """Options of ``plain`` and ``line``.

    Attributes:
        format: What is written for an event, with ``%{…}``; without it time, host and message.
    """

    format: Text | None = None


def message_decoder(ecs: EcsCompatibility) -> Decode:
    """Return the function that puts a line into ``message``."""

    def decode(line: str, now: Timestamp) -> list[Event]:
        event = Event.create({"message": line}, now)
        keep_original(event, line, ecs)
        return [event]

    return decode


def text_encoder(text: str | None, end: str) -> Encode:
    """Return the function that writes an event by a template."""
    template = compile_template("%{@timestamp} %{host} %{message}" if text is None else text)
    return lambda event: template(event) + end


def _build(options: PlainOptions, ecs: EcsCompatibility) -> tuple[Decode, Encode]:
    return message_decoder(ecs), text_encoder(options.format, "")


PLUGIN = CodecPlugin("plain", PlainOptions, _build)
