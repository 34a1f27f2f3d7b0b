"""What inputs and codecs put in an event before the first filter. Sources: the documentation of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.check.effects.written import Declaration, Written
from atalaia.pipeline.check.flow.field_steps import Set
from atalaia.pipeline.check.flow.fields import Kind
from atalaia.pipeline.check.flow.steps import Anything, Open, Step, Tag
from atalaia.pipeline.settings import Settings


def _text(field: str, *, certain: bool = True) -> Set:
    return Set(field, Kind.TEXT, certain=certain)


def _file(plugin: Written) -> Iterator[Step]:
    yield from (_text(field) for field in ("[@metadata][host]", "[@metadata][path]"))
    yield _text("[host][name]" if plugin.ecs else "host")
    yield _text("[log][file][path]" if plugin.ecs else "path")


def _generator(plugin: Written) -> Iterator[Step]:
    yield _text("[host][name]" if plugin.ecs else "host")
    yield Set("[event][sequence]" if plugin.ecs else "sequence", Kind.NUMBER, certain=True)


def _http(plugin: Written) -> Iterator[Step]:
    """Declare ``http``: the content type of a request chooses the codec, and JSON brings any fields."""
    yield Anything()
    yield from _created()
    if plugin.ecs:
        yield from (_text(field) for field in ("[http][method]", "[http][version]", "[url][path]"))
    else:
        yield _text(plugin.text("remote_host_target_field", "host"))


def _stdin(plugin: Written) -> Iterator[Step]:
    if plugin.ecs:
        yield _text("[host][hostname]")


def _tcp(plugin: Written) -> Iterator[Step]:
    if plugin.ecs:
        yield Set("[@metadata][input][tcp]", Kind.OBJECT, open_below=True)
        return
    yield _text("host")
    yield Set("port", Kind.NUMBER, certain=True)
    yield from (_text(field, certain=False) for field in ("[@metadata][ip_address]", "sslsubject", "proxy_host"))
    yield Set("proxy_port", Kind.NUMBER)


def _anything(_plugin: Written) -> Iterator[Step]:
    yield Anything()


INPUTS: Final[Mapping[str, Declaration]] = MappingProxyType(
    {
        "file": _file,
        "generator": _generator,
        "http": _http,
        "pipeline": _anything,
        "stdin": _stdin,
        "tcp": _tcp,
    }
)
"""Input to what it tells of an event's origin."""

_DEFAULT_CODECS: Final = {"tcp": "line", "stdin": "line"}


def codec_of(plugin: Written) -> Written:
    """Return an input's codec as if it were a plugin."""
    value = plugin.settings.values.get("codec", _DEFAULT_CODECS.get(plugin.settings.plugin, "plain"))
    if not isinstance(value, Settings):
        value = Settings(str(value), plugin.settings.position_of("codec"), {}, {})
    own = value.values.get("ecs_compatibility")
    return Written(value, plugin.ecs if own is None else own != "disabled", plugin.directory)


def decoded(codec: Written) -> Iterator[Step]:
    """Declare the codecs: what they make of a line."""
    yield from _created()
    name = codec.settings.plugin
    if name in ("json", "json_lines"):
        yield from _json(codec)
    elif name in ("plain", "line", "multiline", "rubydebug", "dots"):
        yield _text("message")
        yield Tag((codec.text("multiline_tag", "multiline"),)) if name == "multiline" else Tag(())
    else:
        yield Anything()
    if codec.ecs:
        yield _text("[event][original]", certain=False)


def _created() -> Iterator[Step]:
    """Declare what every event is made with."""
    yield Set("@timestamp", Kind.TIMESTAMP, certain=True)
    yield _text("@version")


def _json(codec: Written) -> Iterator[Step]:
    target = codec.text("target")
    yield _text("message", certain=False)
    yield Set(target, Kind.OBJECT, open_below=True) if target else Open()
    yield Tag(("_jsonparsefailure", "_timestampparsefailure", "_tagsparsefailure"))
