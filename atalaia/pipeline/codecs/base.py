"""How a codec is written: one file per codec, a strict options model, functions between bytes and events.

A codec is loaded once; for each stream of lines (a file, a connection) it makes a decoder. One that keeps nothing
between lines is a :class:`LineDecoder` around a function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Final, Generic, Protocol, TypeAlias, TypeVar

from atalaia.pipeline.charset import Decoding, decoding
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.options import load_options
from atalaia.pipeline.settings import PluginOptions, Settings, Text
from atalaia.pipeline.timestamp import Timestamp

DecodeLine: TypeAlias = Callable[[bytes, Timestamp], list[Event]]
"""Turns a line (without its end) into events, given the instant of reading."""

Encode: TypeAlias = Callable[[Event], str]
"""Turns an event into the text that is written, line end included where the codec writes one."""

Keep: TypeAlias = Callable[[Event, str], None]
"""Keeps the text an event was decoded from."""


class Decoder(Protocol):
    """Makes events of the lines of one stream, in order."""

    @property
    def holds(self) -> bool:
        """Whether something of what was decoded waits for more, and would come out of ``flush``."""
        ...

    def decode(self, content: bytes, now: Timestamp) -> list[Event]:
        """Return the events that are complete with this line.

        Args:
            content: The line without its end.
            now: The instant of reading.

        Raises:
            EventError: When the line cannot be decoded at all.
        """
        ...

    def flush(self, now: Timestamp) -> list[Event]:
        """Return what waits: at the end of the stream, or when ``Codec.auto_flush_interval`` has passed."""
        ...


@dataclass(frozen=True, slots=True)
class LineDecoder:
    """A decoder that keeps nothing between lines.

    Attributes:
        decode: See :class:`Decoder`.
    """

    decode: DecodeLine
    holds: ClassVar[bool] = False

    def flush(self, _now: Timestamp) -> list[Event]:
        """Return nothing."""
        return []


class TooLongError(EventError):
    """Text is longer than allowed, or has no end within what is allowed.

    Args:
        limit: The limit in bytes.
        content: The bytes that are given up.
    """

    def __init__(self, limit: int, content: bytes) -> None:
        super().__init__(f"there is no end within {limit:,} bytes", "raise the limit, or correct the delimiter")
        self.content = content


@dataclass(frozen=True, slots=True)
class Codec:
    """A codec ready to run.

    Attributes:
        name: Its Logstash name.
        decoder: Makes the decoder of a stream.
        encode: For outputs.
        auto_flush_interval: Seconds without a line after which a stream's decoder is to be flushed.
    """

    name: str
    decoder: Callable[[], Decoder]
    encode: Encode
    auto_flush_interval: float | None = None


class TextCodecOptions(PluginOptions):
    """The options of the codecs that read text.

    Attributes:
        charset: The encoding of the source, by Logstash's name.
        ecs_compatibility: Whether the text is kept in ``[event][original]``; the pipeline's setting where absent.
    """

    charset: Text = "UTF-8"
    ecs_compatibility: EcsCompatibility | None = None


@dataclass(frozen=True, slots=True)
class CodecContext:
    """What a codec may know when it is built.

    Attributes:
        ecs: The pipeline's ECS compatibility, or that of the plugin the codec belongs to.
        directory: Where relative paths in the configuration start.
        linewise: Whether the input hands lines over one by one, as ``file`` does, and not a stream of bytes.
    """

    ecs: EcsCompatibility
    directory: Path = field(default_factory=Path)
    linewise: bool = False

    def text(self, options: TextCodecOptions) -> tuple[Decoding, Keep]:
        """Return what reads bytes, and what keeps the text.

        Raises:
            OptionError: When the charset is refused.
        """
        ecs = options.ecs_compatibility or self.ecs
        return decoding(options.charset), keep_text if ecs is EcsCompatibility.DISABLED else keep_text_and_original


OptionsT = TypeVar("OptionsT", bound=PluginOptions)


@dataclass(frozen=True, slots=True)
class CodecPlugin(Generic[OptionsT]):
    """A codec under its Logstash name.

    Attributes:
        name: The name in configurations.
        options: The model of its options.
        build: Makes the codec; may raise :class:`~atalaia.pipeline.options.OptionError`.
    """

    name: str
    options: type[OptionsT]
    build: Callable[[OptionsT, CodecContext], Codec]

    def load(self, settings: Settings, context: CodecContext) -> Codec:
        """Check the settings and build the codec.

        Raises:
            ConfigurationError: When an option is unknown, of the wrong type, or cannot be honoured.
        """
        with load_options(self.options, settings) as options:
            return self.build(options, context)


class AnyCodecPlugin(Protocol):
    """A codec plugin whatever its options."""

    @property
    def name(self) -> str:
        """The name in configurations."""
        ...

    @property
    def options(self) -> type[PluginOptions]:
        """The model of its options."""
        ...

    def load(self, settings: Settings, context: CodecContext) -> Codec:
        """See :meth:`CodecPlugin.load`."""
        ...


_EVENT: Final = "event"
_ORIGINAL: Final = "original"


def keep_text(event: Event, text: str) -> None:
    """Note the text an event was decoded from, for dead letters."""
    event.original = text


def keep_text_and_original(event: Event, text: str) -> None:
    """Note the text, also in ``[event][original]`` as ECS asks, unless the event brings its own.

    Raises:
        EventError: When ``event`` is no object.
    """
    event.original = text
    fields = event.data.get(_EVENT)
    if fields is None:
        event.data[_EVENT] = {_ORIGINAL: text}
    elif not isinstance(fields, dict):
        raise EventError(f"[event][original] cannot be set: event is {fields!r}", "write ecs_compatibility => disabled")
    elif _ORIGINAL not in fields:
        fields[_ORIGINAL] = text
