"""A dot for each event. Source: logstash-codec-dots 3.0."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import Codec, CodecContext, CodecPlugin
from atalaia.pipeline.codecs.writing import writing_codec
from atalaia.pipeline.settings import PluginOptions


def _build(_options: PluginOptions, _context: CodecContext) -> Codec:
    return writing_codec("dots", lambda _event: ".")


PLUGIN = CodecPlugin("dots", PluginOptions, _build)
