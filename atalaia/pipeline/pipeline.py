"""A pipeline, compiled from a configuration once and then run on events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.source import read_text
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.counters import Counters, PluginCounter, PluginKind
from atalaia.pipeline.errors import Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.nodes import Loaded, Node, NodeBuilder
from atalaia.pipeline.outputs.base import Delivery, Link
from atalaia.pipeline.outputs.registry import OUTPUTS
from atalaia.pipeline.program import Step, compile_nodes
from atalaia.pipeline.refusals import duplicate_id, input_in_branch, unknown_plugin
from atalaia.pipeline.rejection import Reject, raise_rejection
from atalaia.pipeline.settings import Settings

_PluginT = TypeVar("_PluginT")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A compiled pipeline.

    Attributes:
        id: The pipeline's id.
        inputs: The inputs, in the order of the file.
        filter: Runs events through the filters and returns those that come out.
        output: Hands events to the outputs whose conditions hold; what they make of them goes to the delivery.
        process: Does both, event by event where no filter makes several of one, and takes the events out of the list:
            the way to run a pipeline when nobody wants them afterwards.
        counters: What its plugins and branches have done so far.
        sends: The addresses of other pipelines its outputs send to.

    An event a plugin cannot work on goes no further: it is given to ``reject`` with the reason, which by default raises
    it, a :class:`PluginError`.
    """

    id: str
    inputs: tuple[LoadedInput, ...]
    filter: FilterSection
    output: OutputSection
    process: OutputSection
    counters: Counters
    sends: tuple[Link, ...] = ()


class FilterSection(Protocol):
    """The filters of a pipeline."""

    def __call__(self, events: list[Event], reject: Reject = raise_rejection) -> list[Event]:
        """Return the events that come out."""
        ...


class OutputSection(Protocol):
    """The outputs of a pipeline."""

    def __call__(self, events: list[Event], delivery: Delivery, reject: Reject = raise_rejection) -> None:
        """Hand events over, each to every output it reaches before the next event."""
        ...


def load_pipeline(path: Path, context: PipelineContext, variables: Mapping[str, str]) -> Pipeline:
    """Read and compile a file.

    Raises:
        PipelineError: When the file cannot be read as UTF-8.
        ConfigurationError: When it is refused; see :func:`compile_pipeline`.
    """
    configuration = parse_configuration(read_text(path), str(path), escapes=context.support_escapes)
    return compile_pipeline(configuration, context, variables)


def compile_pipeline(
    configuration: syntax.Configuration,
    context: PipelineContext,
    variables: Mapping[str, str],
    *,
    shortcuts: bool = True,
) -> Pipeline:
    """Compile a configuration.

    Args:
        configuration: Its syntax tree.
        context: What its plugins may know.
        variables: For ``${…}``.
        shortcuts: See :class:`~atalaia.pipeline.codegen.emitter.Emitter`.

    Raises:
        ConfigurationError: When Logstash would refuse it, or when it asks for what this executor does not have; the
            message names file, line, column, plugin and option.
    """
    compiler = _Compiler(context, Variables(variables), shortcuts=shortcuts)
    inputs = tuple(compiler.input(node) for node in configuration.statements("input"))
    filters = compiler.filters(configuration.statements("filter"))
    outputs = compiler.outputs(configuration.statements("output"))
    return Pipeline(
        context.pipeline,
        inputs,
        _filtering(compiler.compiled(filters)),
        _outputting(compiler.compiled(outputs)),
        _outputting(compiler.whole(filters, outputs)),
        compiler.counters,
        tuple(compiler.sends),
    )


def _filtering(step: Step) -> FilterSection:
    def run(events: list[Event], reject: Reject = raise_rejection) -> list[Event]:
        return step(events, reject, None)

    return run


def _outputting(step: Step) -> OutputSection:
    def run(events: list[Event], delivery: Delivery, reject: Reject = raise_rejection) -> None:
        step(events, reject, delivery)

    return run


class _Compiler:
    """Builds the plugins of one pipeline."""

    def __init__(self, context: PipelineContext, variables: Variables, *, shortcuts: bool) -> None:
        self._shortcuts = shortcuts
        self.counters = Counters(context.pipeline)
        self._variables = variables
        self._context = context
        self._ids: dict[str, Position] = {}
        self.sends: list[Link] = []

    def input(self, node: syntax.Statement) -> LoadedInput:
        if isinstance(node, syntax.Branch):
            raise input_in_branch(node)
        settings = self._settings(node)
        loaded = _find("input", INPUTS, settings).load(settings, self._context)
        return replace(loaded, counter=self._counter(PluginKind.INPUT, settings))

    def filters(self, statements: Sequence[syntax.Statement]) -> Sequence[Node]:
        return NodeBuilder(PluginKind.FILTER, self._filter, self._variables, self.counters).build(statements)

    def outputs(self, statements: Sequence[syntax.Statement]) -> Sequence[Node]:
        return NodeBuilder(PluginKind.OUTPUT, self._output, self._variables, self.counters).build(statements)

    def compiled(self, nodes: Sequence[Node], *, using_up: bool = False) -> Step:
        return compile_nodes(nodes, self._variables, shortcuts=self._shortcuts, using_up=using_up)

    def whole(self, filters: Sequence[Node], outputs: Sequence[Node]) -> Step:
        """Compile filters and outputs to one step; each by itself where events are made, whose order would change."""
        if not any(node.expands for node in filters):
            return self.compiled([*filters, *outputs], using_up=True)
        filtering, outputting = self.compiled(filters), self.compiled(outputs, using_up=True)

        def run(events: list[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
            return outputting(filtering(events, reject, delivery), reject, delivery)

        return run

    def _filter(self, node: syntax.Plugin) -> tuple[Loaded, PluginCounter]:
        settings = self._settings(node)
        loaded = _find("filter", FILTERS, settings).load(settings, self._context)
        return loaded, self._counter(PluginKind.FILTER, settings)

    def _output(self, node: syntax.Plugin) -> tuple[Loaded, PluginCounter]:
        settings = self._settings(node)
        loaded = _find("output", OUTPUTS, settings).load(settings, self._context)
        self.sends += loaded.sends
        return loaded, self._counter(PluginKind.OUTPUT, settings)

    def _counter(self, kind: PluginKind, settings: Settings) -> PluginCounter:
        identity = settings.values.get("id")
        return self.counters.add_plugin(
            kind, settings.plugin, identity if isinstance(identity, str) else None, settings.position
        )

    def _settings(self, node: syntax.Plugin) -> Settings:
        """Return a plugin's settings; no two plugins may share an id."""
        settings = build_settings(node, self._variables)
        identity = settings.values.get("id")
        if isinstance(identity, str):
            if identity in self._ids:
                raise duplicate_id(settings, identity, self._ids[identity])
            self._ids[identity] = settings.position_of("id")
        return settings


def _find(kind: str, plugins: Mapping[str, _PluginT], settings: Settings) -> _PluginT:
    plugin = plugins.get(settings.plugin)
    if plugin is None:
        raise unknown_plugin(kind, settings, plugins)
    return plugin
