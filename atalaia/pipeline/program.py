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
from atalaia.pipeline.counters import ArmCounter, Counters, PluginCounter, PluginKind
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Expanding, LoadedFilter

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


Reject: TypeAlias = Callable[[Event, PluginError], None]
"""Takes an event that goes no further, and why."""


def raise_rejection(_event: Event, error: PluginError) -> None:
    """Raise what an event was rejected for: for callers that run one event at a time."""
    raise error


Step: TypeAlias = Callable[[list[Event], Reject], list[Event]]
"""Takes events and returns those that go on."""


def compile_statements(
    statements: Sequence[syntax.Statement],
    load: Callable[[syntax.Plugin], Step],
    variables: Variables,
    counters: Counters,
    kind: PluginKind,
) -> Step:
    """Compile statements to one step.

    Args:
        statements: What stands in the section or branch.
        load: Makes the step of one plugin.
        variables: For ``${…}`` in conditions.
        counters: Where arms are counted.
        kind: The section.

    Raises:
        ConfigurationError: When a plugin or a condition is refused.
    """
    steps = [
        load(statement) if isinstance(statement, syntax.Plugin) else _branch(statement, load, variables, counters, kind)
        for statement in statements
    ]

    def run(events: list[Event], reject: Reject) -> list[Event]:
        for step in steps:
            events = step(events, reject)
            if not events:
                break
        return events

    return run


def filter_step(loaded: LoadedFilter, counter: PluginCounter) -> Step:
    """Return the step of a filter: works on each event, applies the common options, leaves out what was dropped."""
    name, decorate, run = loaded.name, loaded.decorate, loaded.run
    if isinstance(run, Expanding):
        return _counted(name, run.run, counter)

    def one(event: Event) -> list[Event]:
        if run(event):
            decorate(event)
        return [event]

    return _counted(name, one, counter)


def _counted(name: str, run: Callable[[Event], list[Event]], counter: PluginCounter) -> Step:
    def step(events: list[Event], reject: Reject) -> list[Event]:
        results: list[Event] = []
        counter.events_in += len(events)
        for event in events:
            try:
                results += run(event)
            except (EventError, RecursionError) as error:
                counter.failed += 1
                reject(event, PluginError(name, error))
                continue
            if event.failed:
                event.failed = False
                counter.failed += 1
        kept = [event for event in results if not event.cancelled]
        counter.dropped += len(results) - len(kept)
        counter.events_out += len(kept)
        return kept

    return step


def _branch(
    branch: syntax.Branch,
    load: Callable[[syntax.Plugin], Step],
    variables: Variables,
    counters: Counters,
    kind: PluginKind,
) -> Step:
    choose: list[tuple[Test | None, Step, ArmCounter]] = []
    for index, arm in enumerate(branch.arms):
        test = None if arm.condition is None else compile_condition(arm.condition, variables)
        keyword = "else" if test is None else "else if" if index else "if"
        counter = counters.add_arm(kind, arm.position, keyword)
        choose.append((test, compile_statements(arm.body, load, variables, counters, kind), counter))
    if branch.arms[-1].condition is not None:
        nothing = counters.add_arm(kind, branch.position, "no arm taken")
        choose.append((None, lambda events, _reject: events, nothing))

    def step(events: list[Event], reject: Reject) -> list[Event]:
        rest = events
        results: list[Event] = []
        for test, body, counter in choose:
            taken, rest = (rest, []) if test is None else _partition(test, rest, counter, reject)
            counter.taken += len(taken)
            if taken:
                results += body(taken, reject)
            if not rest:
                break
        return results

    return step


def _partition(test: Test, events: list[Event], counter: ArmCounter, reject: Reject) -> tuple[list[Event], list[Event]]:
    """Split events by a condition; one for which it cannot be decided is dropped with a warning, as in Logstash."""
    taken: list[Event] = []
    rest: list[Event] = []
    for event in events:
        try:
            (taken if test(event) else rest).append(event)
        except IncomparableError as error:
            event.cancel()
            _LOGGER.warning("event dropped by the condition in line %d: %s", counter.position.line, error)
        except (EventError, RecursionError) as error:
            reject(event, PluginError("if", error))
    return taken, rest
