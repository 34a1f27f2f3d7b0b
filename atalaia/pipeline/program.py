"""Compile statements of a section into functions over lists of events.

Logstash runs each event through the whole filter section by itself, so a list holds one event until a filter such as
``split`` makes several. In a branch the events for which it was taken come out before the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions import IncomparableError, Test, compile_condition
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Expanding, LoadedFilter

Step: TypeAlias = Callable[[list[Event]], list[Event]]
"""Takes events and returns those that go on."""

_LOGGER: Final = logging.getLogger(__name__)


class PluginError(EventError):
    """A plugin could not work on an event; in Logstash the pipeline would stop.

    Args:
        plugin: The plugin's Logstash name.
        cause: What it raised.
    """

    def __init__(self, plugin: str, cause: Exception) -> None:
        super().__init__(f"{plugin}: {cause}" if str(cause) else f"{plugin}: {type(cause).__name__}")
        self.plugin = plugin


def compile_statements(
    statements: Sequence[syntax.Statement], load: Callable[[syntax.Plugin], Step], variables: Variables
) -> Step:
    """Compile statements to one step.

    Args:
        statements: What stands in the section or branch.
        load: Makes the step of one plugin.
        variables: For ``${…}`` in conditions.

    Raises:
        ConfigurationError: When a plugin or a condition is refused.
    """
    steps = [
        load(statement) if isinstance(statement, syntax.Plugin) else _branch(statement, load, variables)
        for statement in statements
    ]

    def run(events: list[Event]) -> list[Event]:
        for step in steps:
            events = step(events)
            if not events:
                break
        return events

    return run


def filter_step(loaded: LoadedFilter) -> Step:
    """Return the step of a filter: works on each event, applies the common options, leaves out what was dropped."""
    name, decorate, run = loaded.name, loaded.decorate, loaded.run
    if isinstance(run, Expanding):
        return _expanding_step(name, run)

    def step(events: list[Event]) -> list[Event]:
        try:
            for event in events:
                if run(event):
                    decorate(event)
        except (EventError, RecursionError) as error:
            raise PluginError(name, error) from error
        return [event for event in events if not event.cancelled]

    return step


def _expanding_step(name: str, expanding: Expanding) -> Step:
    def step(events: list[Event]) -> list[Event]:
        try:
            return [result for event in events for result in expanding.run(event) if not result.cancelled]
        except (EventError, RecursionError) as error:
            raise PluginError(name, error) from error

    return step


def _branch(branch: syntax.Branch, load: Callable[[syntax.Plugin], Step], variables: Variables) -> Step:
    arms = [
        (None if arm.condition is None else compile_condition(arm.condition, variables), arm.position.line)
        for arm in branch.arms
    ]
    bodies = [compile_statements(arm.body, load, variables) for arm in branch.arms]
    choose = [(test, body, line) for (test, line), body in zip(arms, bodies, strict=True)]

    def step(events: list[Event]) -> list[Event]:
        rest = events
        results: list[Event] = []
        for test, body, line in choose:
            taken, rest = (rest, []) if test is None else _partition(test, rest, line)
            if taken:
                results += body(taken)
            if not rest:
                break
        return results + rest

    return step


def _partition(test: Test, events: list[Event], line: int) -> tuple[list[Event], list[Event]]:
    """Split events by a condition; one for which it cannot be decided is dropped with a warning, as in Logstash."""
    taken: list[Event] = []
    rest: list[Event] = []
    for event in events:
        try:
            (taken if test(event) else rest).append(event)
        except IncomparableError as error:
            event.cancel()
            _LOGGER.warning("event dropped by the condition in line %d: %s", line, error)
        except (EventError, RecursionError) as error:
            raise PluginError("if", error) from error
    return taken, rest
