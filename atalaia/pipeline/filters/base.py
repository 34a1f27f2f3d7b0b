"""How a filter plugin is written, and the options all of them share.

A plugin is one file beside this one, under its Logstash name::

    class DropOptions(FilterOptions):
        percentage: Integer = 100


    def build(options: DropOptions, context: FilterContext) -> FilterFunction: ...


    PLUGIN = FilterPlugin("drop", DropOptions, build)

and one line in ``filters/registry.py``. ``build`` runs once, at load: it parses references and patterns, raises
:class:`~atalaia.pipeline.options.OptionError` for what it cannot honour, and returns a function that does the work on
one event without looking up any name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

from pydantic import Field

from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.decorate import Decorate, compile_decorate
from atalaia.pipeline.options import load_options
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import Flag, PluginOptions, Settings, Texts, TextsHash

__all__ = [
    "AnyFilterPlugin",
    "Bounded",
    "EcsCompatibility",
    "Expanding",
    "Filter",
    "FilterContext",
    "FilterFunction",
    "FilterOptions",
    "FilterPlugin",
    "Inline",
    "LoadedFilter",
    "PipelineContext",
]


class FilterOptions(PluginOptions):
    """The options every filter has. They are applied when the filter succeeds, in this order.

    Attributes:
        add_field: Names (with ``%{…}``) to values; a value for an existing field is appended to it.
        remove_field: Names (with ``%{…}``) of fields to take away.
        add_tag: Tags (with ``%{…}``) to append.
        remove_tag: Tags (with ``%{…}``) to take away.
        periodic_flush: Whether the filter is asked now and then for what it holds back; none here holds anything back.
    """

    add_field: TextsHash = Field(default_factory=dict)
    remove_field: Texts = ()
    add_tag: Texts = ()
    remove_tag: Texts = ()
    periodic_flush: Flag = False


@dataclass(frozen=True, slots=True)
class FilterContext:
    """What one filter may know when it is built.

    Attributes:
        pipeline: The pipeline's part of it.
        position: Where the filter stands.
        decorate: Applies the common options. The caller does so when the function returned by ``build`` returns true;
            filters that must catch its errors, or that make new events, call it themselves.
    """

    pipeline: PipelineContext
    position: Position
    decorate: Decorate


FilterFunction: TypeAlias = Callable[[Event], bool]
"""Works on an event in place; true when the common options are to be applied by the caller."""


@dataclass(frozen=True, slots=True)
class Expanding:
    """A filter that gives back other events than it took (``split``, ``clone``).

    Attributes:
        run: Takes an event and returns those that go on, in order, the common options already applied.
    """

    run: Callable[[Event], list[Event]]


@dataclass(frozen=True, slots=True)
class Inline:
    """A filter that writes its work into the code of its section, the common options included.

    Attributes:
        emit: Writes the code. It runs inside a loop over events and inside a ``try`` that rejects the event on
            ``EventError``; a failure is counted with ``Site.failed``.
    """

    emit: Callable[[Site], None]


@dataclass(frozen=True, slots=True)
class Bounded:
    """A filter of which it is known which places it may change; what the code knows of others stays known.

    Attributes:
        run: Does the work.
        writes: The places, ``tags`` included; those of the common options are known anyway.
    """

    run: FilterFunction
    writes: Sequence[FieldReference]


Filter: TypeAlias = FilterFunction | Bounded | Expanding | Inline
"""What ``build`` returns."""

OptionsT = TypeVar("OptionsT", bound=FilterOptions)


@dataclass(frozen=True, slots=True)
class FilterPlugin(Generic[OptionsT]):
    """A filter under its Logstash name.

    Attributes:
        name: The name in configurations.
        options: The model of its options.
        build: Makes the function that does the work; may raise :class:`~atalaia.pipeline.options.OptionError`.
    """

    name: str
    options: type[OptionsT]
    build: Callable[[OptionsT, FilterContext], Filter]

    def load(self, settings: Settings, pipeline: PipelineContext) -> LoadedFilter:
        """Check the settings and build the filter.

        Raises:
            ConfigurationError: When an option is unknown, of the wrong type, or cannot be honoured.
        """
        with load_options(self.options, settings) as options:
            decorate = compile_decorate(options.add_field, options.remove_field, options.add_tag, options.remove_tag)
            context = FilterContext(pipeline, settings.position, decorate)
            return LoadedFilter(self.name, options, self.build(options, context), decorate, settings.position)


@dataclass(frozen=True, slots=True)
class LoadedFilter:
    """A filter ready to run.

    Attributes:
        name: Its Logstash name.
        options: Its options as checked.
        run: What it does.
        decorate: Applies its common options.
        position: Where it stands.
    """

    name: str
    options: FilterOptions
    run: Filter
    decorate: Decorate
    position: Position


class AnyFilterPlugin(Protocol):
    """A filter plugin whatever its options, as the registry keeps it."""

    @property
    def name(self) -> str:
        """The name in configurations."""
        ...

    @property
    def options(self) -> type[FilterOptions]:
        """The model of its options."""
        ...

    def load(self, settings: Settings, pipeline: PipelineContext) -> LoadedFilter:
        """See :meth:`FilterPlugin.load`."""
        ...
