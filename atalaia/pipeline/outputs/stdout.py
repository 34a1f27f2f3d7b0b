"""Print events. Source: logstash-output-stdout 3.1."""

from __future__ import annotations

from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.outputs.base import OutputOptions, OutputPlugin, Write
from atalaia.pipeline.settings import CodecSetting, Settings


class StdoutOptions(OutputOptions):
    """Options of ``stdout``.

    Attributes:
        codec: How an event is written.
    """

    codec: CodecSetting = "rubydebug"


def _build(options: StdoutOptions, context: PipelineContext, settings: Settings) -> Write:
    about = CodecContext(context.ecs_compatibility, context.directory)
    encode = load_codec(options.codec, settings, about).encode
    return lambda event, delivery: delivery.print(event, encode(event))


PLUGIN = OutputPlugin("stdout", StdoutOptions, _build)
