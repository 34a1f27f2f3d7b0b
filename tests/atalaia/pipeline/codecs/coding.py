"""Load a codec as a configuration names it, and run it."""

from __future__ import annotations

from pathlib import Path

from atalaia.pipeline.codecs.base import Codec, CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.json_text import plain_json
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.corpus import Json

NOW = Timestamp.parse("2026-03-14T09:26:53.589Z")


def codec(
    text: str,
    *,
    ecs: EcsCompatibility = EcsCompatibility.DISABLED,
    directory: Path = Path("/"),
    linewise: bool = False,
) -> Codec:
    """Return the codec of ``codec => text``."""
    (node,) = parse_configuration(f"input {{ stdin {{ codec => {text} }} }}", "test.conf").statements("input")
    assert isinstance(node, syntax.Plugin)
    settings = build_settings(node, Variables({}))
    return load_codec(settings.values["codec"], settings, CodecContext(ecs, directory, linewise))


def decoded(loaded: Codec, *lines: bytes) -> list[Event]:
    """Return the events of a stream of lines, its end included."""
    decoder = loaded.decoder()
    events = [event for line in lines for event in decoder.decode(line, NOW)]
    return [*events, *decoder.flush(NOW)]


def fields(event: Event) -> dict[str, Json]:
    """Return an event's fields but its version, and its time where that is :data:`NOW`."""
    left_out = ["@version", *(["@timestamp"] if event.timestamp == NOW else [])]
    return {name: plain_json(value) for name, value in event.data.items() if name not in left_out}
