"""JSON documents, one a line. Source: logstash-codec-json_lines 3.2."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import CodecPlugin, Decode, Encode
from atalaia.pipeline.codecs.json import JsonCodecOptions, decoder, encode_json_event
from atalaia.pipeline.ecs import EcsCompatibility


def _build(options: JsonCodecOptions, ecs: EcsCompatibility) -> tuple[Decode, Encode]:
    return decoder(options.target, ecs), lambda event: f"{encode_json_event(event)}\n"


PLUGIN = CodecPlugin("json_lines", JsonCodecOptions, _build)
