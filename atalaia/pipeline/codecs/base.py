"""How a codec is written: one file per codec, a strict options model, functions between text and events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import OptionError, load_options
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import PluginOptions, Settings, Text
from atalaia.pipeline.timestamp import Timestamp

Decode: TypeAlias = Callable[[str, Timestamp], list[Event]]
"""Turns a line (without its end) into events, given the instant of reading."""

Encode: TypeAlias = Callable[[Event], str]
"""Turns an event into the text that is written, line end included where the codec writes one."""


@dataclass(frozen=True, slots=True)
class Codec:
    """A codec ready to run.

    Attributes:
        name: Its Logstash name.
        decode: For inputs.
        encode: For outputs.
    """

    name: str
    decode: Decode
    encode: Encode


class CodecOptions(PluginOptions):
    """The options all codecs share.

    Attributes:
        charset: The encoding of the source; only ``UTF-8`` is supported.
        ecs_compatibility: Overrides the pipeline's setting.
    """

    charset: Text = "UTF-8"
    ecs_compatibility: EcsCompatibility | None = None

    def check_charset(self) -> None:
        """Refuse any charset but UTF-8."""
        if self.charset.upper() != "UTF-8":
            raise OptionError("charset", f"{self.charset} is not supported", "convert the source to UTF-8")


OptionsT = TypeVar("OptionsT", bound=CodecOptions)


@dataclass(frozen=True, slots=True)
class CodecPlugin(Generic[OptionsT]):
    """A codec under its Logstash name.

    Attributes:
        name: The name in configurations.
        options: The model of its options.
        build: Makes decode and encode from the options and the effective ECS compatibility.
    """

    name: str
    options: type[OptionsT]
    build: Callable[[OptionsT, EcsCompatibility], tuple[Decode, Encode]]

    def load(self, settings: Settings, ecs: EcsCompatibility) -> Codec:
        """Check the settings and build the codec.

        Raises:
            ConfigurationError: When an option is unknown, of the wrong type, or cannot be honoured.
        """
        with load_options(self.options, settings) as options:
            options.check_charset()
            decode, encode = self.build(options, options.ecs_compatibility or ecs)
            return Codec(self.name, decode, encode)


class AnyCodecPlugin(Protocol):
    """A codec plugin whatever its options."""

    @property
    def name(self) -> str:
        """The name in configurations."""
        ...

    def load(self, settings: Settings, ecs: EcsCompatibility) -> Codec:
        """See :meth:`CodecPlugin.load`."""
        ...


_ORIGINAL = FieldReference.parse("[event][original]")


def keep_original(event: Event, text: str, ecs: EcsCompatibility) -> None:
    """Keep the text an event was read from in ``[event][original]``, in ECS, unless it brings its own."""
    if ecs is EcsCompatibility.V8 and not _ORIGINAL.includes(event) and isinstance(event.data.get("event", {}), dict):
        _ORIGINAL.set(event, text)
