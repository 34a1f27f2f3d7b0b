"""Events for people to read. Source: logstash-codec-rubydebug 3.1 and the layout of Ruby's amazing_print 1.x."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.codecs.base import Codec, CodecContext, CodecPlugin
from atalaia.pipeline.codecs.writing import writing_codec
from atalaia.pipeline.event import METADATA, Event
from atalaia.pipeline.java import ruby_inspect
from atalaia.pipeline.settings import Flag, PluginOptions
from atalaia.pipeline.values import Value

_INDENT: Final = 4


class RubydebugOptions(PluginOptions):
    """Options of ``rubydebug``.

    Attributes:
        metadata: Whether ``@metadata`` is shown, when there is any.
    """

    metadata: Flag = False


def pretty(value: Value, indent: int = _INDENT) -> str:
    """Return a value laid out over several lines, names aligned at their right."""
    if isinstance(value, dict) and value:
        width = max(len(ruby_inspect(name)) for name in value) + indent
        lines = [f"{ruby_inspect(name):>{width}} => {pretty(item, indent + _INDENT)}" for name, item in value.items()]
        return _enclosed("{", lines, "}", indent)
    if isinstance(value, list) and value:
        width = len(str(len(value) - 1))
        lines = [f"{' ' * indent}[{i:>{width}}] {pretty(item, indent + _INDENT)}" for i, item in enumerate(value)]
        return _enclosed("[", lines, "]", indent)
    return ruby_inspect(value)


def _enclosed(start: str, lines: list[str], end: str, indent: int) -> str:
    body = ",\n".join(lines)
    return f"{start}\n{body}\n{' ' * (indent - _INDENT)}{end}"


def _build(options: RubydebugOptions, _context: CodecContext) -> Codec:
    def encode(event: Event) -> str:
        return f"{pretty(event.data)}\n"

    def encode_with_metadata(event: Event) -> str:
        return f"{pretty({**event.data, METADATA: event.metadata})}\n" if event.metadata else encode(event)

    return writing_codec("rubydebug", encode_with_metadata if options.metadata else encode)


PLUGIN = CodecPlugin("rubydebug", RubydebugOptions, _build)
