"""How an input is written: how its lines become events, and how it reads them when the pipeline runs by itself.

``atalaia ingest`` reads the files it is told through the input's feed; only ``atalaia pipeline run`` runs the input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import Field

from atalaia.pipeline.codecs.base import Codec, CodecContext
from atalaia.pipeline.codecs.registry import load_codec
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.counters import PluginCounter
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.filters.decorate import compile_decorate
from atalaia.pipeline.inputs.describe import Describe, finishing
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.running import Run
from atalaia.pipeline.options import load_options
from atalaia.pipeline.origin import Origin
from atalaia.pipeline.settings import (
    CodecSetting,
    PluginOptions,
    Settings,
    SettingValue,
    Text,
    Texts,
    TextsHash,
    plugin_id,
)


class InputOptions(PluginOptions):
    """The options every input has.

    Attributes:
        codec: How a line becomes events.
        type: The field ``type`` of events that have none.
        tags: Tags for every event.
        add_field: Fields for every event.
        ecs_compatibility: Overrides the pipeline's setting.
    """

    codec: CodecSetting = "plain"
    type: Text | None = None
    tags: Texts = ()
    add_field: TextsHash = Field(default_factory=dict)
    ecs_compatibility: EcsCompatibility | None = None


@dataclass(frozen=True, slots=True)
class LoadedInput:
    """An input ready to run.

    Attributes:
        name: Its Logstash name.
        codec: Decodes its lines.
        finish: Given an event and the path it was read from, adds its origin and the common options.
        feed: Makes events of lines, with ``codec`` and ``finish``.
        run: Reads by itself; ``None`` for an input that cannot.
        counter: Its counts, once it is part of a pipeline.
        address: Where other pipelines send to; ``None`` for an input that reads by itself.
    """

    name: str
    codec: Codec
    finish: Describe
    feed: Feed
    run: Run | None = None
    counter: PluginCounter | None = None
    address: str | None = None


OptionsT = TypeVar("OptionsT", bound=InputOptions)


@dataclass(frozen=True, slots=True)
class InputPlugin(Generic[OptionsT]):
    """An input under its Logstash name.

    Attributes:
        name: The name in configurations.
        options: The model of its options.
        build: Makes the function that describes an event's origin.
        codec: Gives the codec's name to use instead of the one written, where Logstash changes it; may refuse one.
        run: Makes what reads by itself, given the options, the feed and the pipeline's context.
        linewise: Whether Logstash's input hands lines over one by one, and not a stream of bytes.
        address: Gives the address other pipelines send to.
    """

    name: str
    options: type[OptionsT]
    build: Callable[[OptionsT, PipelineContext, EcsCompatibility], Describe]
    codec: Callable[[SettingValue], SettingValue]
    run: Callable[[OptionsT, Feed, PipelineContext], Run] | None = None
    linewise: bool = False
    address: Callable[[OptionsT], str] | None = None

    def load(self, settings: Settings, context: PipelineContext) -> LoadedInput:
        """Check the settings and build the input.

        Raises:
            ConfigurationError: When an option or the codec is refused.
        """
        with load_options(self.options, settings) as options:
            ecs = options.ecs_compatibility or context.ecs_compatibility
            about = CodecContext(ecs, context.directory, self.linewise)
            codec = load_codec(self.codec(options.codec), settings, about)
            codec.decoder()  # refused here when the codec only writes
            decorate = compile_decorate(options.add_field, (), options.tags, ())
            finish = finishing(self.build(options, context, ecs), options.type, decorate)
            feed = Feed(self.name, codec, finish, context.clock, origin_of(settings, context))
            run = None if self.run is None else self.run(options, feed, context)
            address = None if self.address is None else self.address(options)
            return LoadedInput(self.name, codec, finish, feed, run, address=address)


def origin_of(settings: Settings, context: PipelineContext) -> Origin:
    """Return how dead letters name an input: by its ``id``, or by where it stands."""
    return Origin(context.pipeline, settings.plugin, plugin_id(settings))


class AnyInputPlugin(Protocol):
    """An input plugin whatever its options."""

    @property
    def name(self) -> str:
        """The name in configurations."""
        ...

    @property
    def options(self) -> type[InputOptions]:
        """The model of its options."""
        ...

    def load(self, settings: Settings, context: PipelineContext) -> LoadedInput:
        """See :meth:`InputPlugin.load`."""
        ...
