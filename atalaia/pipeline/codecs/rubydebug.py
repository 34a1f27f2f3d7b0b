"""Events for people to read. Source: logstash-codec-rubydebug 3.1 and the layout of Ruby's amazing_print."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.codecs.base import CodecOptions, CodecPlugin, Decode, Encode
from atalaia.pipeline.codecs.plain import message_decoder
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import METADATA, Event
from atalaia.pipeline.java import ruby_inspect
from atalaia.pipeline.settings import Flag
from atalaia.pipeline.values import Value

_INDENT: Final = 4


class RubydebugOptions(CodecOptions):
    """Options of ``rubydebug``.

    Attributes:
        metadata: Whether ``@metadata`` is shown.
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


def _build(options: RubydebugOptions, ecs: EcsCompatibility) -> tuple[Decode, Encode]:
    def encode(event: Event) -> str:
        shown = {**event.data, METADATA: event.metadata} if options.metadata else event.data
        return f"{pretty(shown)}\n"

    return message_decoder(ecs), encode


PLUGIN = CodecPlugin("rubydebug", RubydebugOptions, _build)
