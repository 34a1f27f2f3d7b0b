"""Text, one event a line. Source: logstash-codec-line 3.1."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import CodecPlugin, Decode, Encode
from atalaia.pipeline.codecs.plain import PlainOptions, message_decoder, text_encoder
from atalaia.pipeline.ecs import EcsCompatibility


def _build(options: PlainOptions, ecs: EcsCompatibility) -> tuple[Decode, Encode]:
    return message_decoder(ecs), text_encoder(options.format, "\n")


PLUGIN = CodecPlugin("line", PlainOptions, _build)
