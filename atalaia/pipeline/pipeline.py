"""A pipeline, compiled from a configuration once and then run on events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.parse import parse_configuration
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import ConfigurationError, EventError, PipelineError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.outputs.base import Delivery, LoadedOutput
from atalaia.pipeline.outputs.registry import OUTPUTS
from atalaia.pipeline.program import PluginError, Step, compile_statements, filter_step
from atalaia.pipeline.settings import Settings

_PluginT = TypeVar("_PluginT")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A compiled pipeline.

    Attributes:
        inputs: The inputs, in the order of the file.
        filter: Runs events through the filters and returns those that come out; raises ``PluginError``.
        output: Hands events to the outputs whose conditions hold; raises ``PluginError``.
    """

    inputs: tuple[LoadedInput, ...]
    filter: Step
    output: Step


def load_pipeline(path: Path, context: PipelineContext, variables: Mapping[str, str], delivery: Delivery) -> Pipeline:
    """Read and compile a file.

    Raises:
        PipelineError: When the file cannot be read as UTF-8.
        ConfigurationError: When it is refused; see :func:`compile_pipeline`.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise PipelineError(f"the pipeline {path} cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"the pipeline {path} is not UTF-8: {error.reason} at byte {error.start}") from error
    return compile_pipeline(parse_configuration(text, str(path)), context, variables, delivery)


def compile_pipeline(
    configuration: syntax.Configuration, context: PipelineContext, variables: Mapping[str, str], delivery: Delivery
) -> Pipeline:
    """Compile a configuration.

    Args:
        configuration: Its syntax tree.
        context: What its plugins may know.
        variables: For ``${…}``.
        delivery: Takes what the outputs produce.

    Raises:
        ConfigurationError: When Logstash would refuse it, or when it asks for what this executor does not have; the
            message names file, line, column, plugin and option.
    """
    compiler = _Compiler(context, Variables(variables), delivery)
    return Pipeline(
        tuple(compiler.input(node) for node in configuration.statements("input")),
        compile_statements(configuration.statements("filter"), compiler.filter, compiler.variables),
        compile_statements(configuration.statements("output"), compiler.output, compiler.variables),
    )


class _Compiler:
    """Builds the plugins of one pipeline."""

    def __init__(self, context: PipelineContext, variables: Variables, delivery: Delivery) -> None:
        self.variables = variables
        self._context = context
        self._delivery = delivery
        self._ids: set[str] = set()

    def input(self, node: syntax.Statement) -> LoadedInput:
        if isinstance(node, syntax.Branch):
            raise ConfigurationError(node.position, "an input cannot stand in a branch")
        settings = self._settings(node)
        return _find("input", INPUTS, settings).load(settings, self._context)

    def filter(self, node: syntax.Plugin) -> Step:
        settings = self._settings(node)
        return filter_step(_find("filter", FILTERS, settings).load(settings, self._context))

    def output(self, node: syntax.Plugin) -> Step:
        settings = self._settings(node)
        return _output_step(_find("output", OUTPUTS, settings).load(settings, self._context), self._delivery)

    def _settings(self, node: syntax.Plugin) -> Settings:
        """Return a plugin's settings; no two plugins may share an id."""
        settings = build_settings(node, self.variables)
        identity = settings.values.get("id")
        if isinstance(identity, str):
            if identity in self._ids:
                raise ConfigurationError(settings.position_of("id"), f"the id {identity!r} is taken by another plugin")
            self._ids.add(identity)
        return settings


def _find(kind: str, plugins: Mapping[str, _PluginT], settings: Settings) -> _PluginT:
    plugin = plugins.get(settings.plugin)
    if plugin is None:
        raise ConfigurationError(
            settings.position,
            f"there is no {kind} {settings.plugin!r} here",
            f"the {kind}s are {', '.join(sorted(plugins))}",
            plugin=settings.plugin,
            unsupported=True,
        )
    return plugin


def _output_step(loaded: LoadedOutput, delivery: Delivery) -> Step:
    write: Callable[[Event, Delivery], None] = loaded.write

    def step(events: list[Event]) -> list[Event]:
        try:
            for event in events:
                write(event, delivery)
        except (EventError, RecursionError) as error:
            raise PluginError(loaded.name, error) from error
        return events

    return step
