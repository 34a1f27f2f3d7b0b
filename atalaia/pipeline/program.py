"""Compile a section into functions over lists of events.

Statements become Python code (``codegen/``) that runs a whole batch. Only where a filter gives back other events than
it took (``split``, ``clone``) does Logstash's order of events show: it runs each event through the section by itself,
and in a branch the events for which it was taken come out before the others. From such a filter on, branches are taken
here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final, TypeAlias

from atalaia.pipeline.codegen.section import SectionFunction, compile_section
from atalaia.pipeline.config.comparing import IncomparableError
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.operands import Test
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.counters import ArmCounter, PluginCounter
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Expanding, LoadedFilter
from atalaia.pipeline.nodes import BranchNode, Node, PluginNode
from atalaia.pipeline.outputs.base import Delivery
from atalaia.pipeline.rejection import PluginError, Reject

Step: TypeAlias = Callable[[list[Event], Reject, Delivery | None], list[Event]]
"""Takes events and returns those that go on."""

_LOGGER: Final = logging.getLogger(__name__)
_SAMPLE: Final = 64
"""Every so many batches one is timed, beginning with the first."""


def compile_nodes(
    nodes: Sequence[Node], variables: Variables, *, shortcuts: bool = True, using_up: bool = False
) -> Step:
    """Compile the nodes of a section to one step.

    Args:
        nodes: What stands in it.
        variables: For ``${…}`` in conditions.
        shortcuts: See :class:`~atalaia.pipeline.codegen.emitter.Emitter`.
        using_up: See :func:`~atalaia.pipeline.codegen.section.compile_section`; none comes out then.
    """
    if not any(node.expands for node in nodes):
        return _Batch(nodes, variables, shortcuts=shortcuts, using_up=using_up)
    each = _listed(nodes, variables, apart=False)

    def run(events: list[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
        return [result for event in events for result in each([event], reject, delivery)]

    return run


class _Batch:
    """Nodes as one piece of code, of which every now and then a version runs that measures time."""

    def __init__(
        self, nodes: Sequence[Node], variables: Variables, *, shortcuts: bool = True, using_up: bool = False
    ) -> None:
        self._nodes = nodes
        self._variables = variables
        self._shortcuts = shortcuts
        self._using_up = using_up
        self._timed: SectionFunction | None = None
        self._plain: SectionFunction | None = None
        self._batches = 0

    def __call__(self, events: list[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
        """Run the events through."""
        self._batches += 1
        return self._function()(events, reject, delivery)

    def _function(self) -> SectionFunction:
        """Return the code to run, written when it is first needed, so that a pipeline starts soon."""
        if self._batches % _SAMPLE == 1:
            self._timed = self._timed or self._compiled(timed=True)
            return self._timed
        self._plain = self._plain or self._compiled(timed=False)
        return self._plain

    def _compiled(self, *, timed: bool) -> SectionFunction:
        return compile_section(
            self._nodes, self._variables, timed=timed, shortcuts=self._shortcuts, using_up=self._using_up
        )


def _listed(nodes: Sequence[Node], variables: Variables, *, apart: bool) -> Step:
    """Compile nodes for lists of events.

    Args:
        nodes: The nodes, at least one of which may expand.
        variables: For conditions.
        apart: Whether a list may already hold several events of one, so that every branch is taken here.
    """
    steps: list[Step] = []
    for alone, group in groupby(_marked(nodes, apart=apart), key=lambda pair: pair[0]):
        members = [node for _, node in group]
        if not alone:
            steps.append(_Batch(members, variables))
            continue
        for node in members:
            steps.append(_branch(node, variables, apart=apart) if isinstance(node, BranchNode) else _expanding(node))
            apart = True

    def run(events: list[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
        for step in steps:
            events = step(events, reject, delivery)
            if not events:
                break
        return events

    return run


def _marked(nodes: Sequence[Node], *, apart: bool) -> list[tuple[bool, Node]]:
    """Say of each node whether it must be run by itself, on lists."""
    marked: list[tuple[bool, Node]] = []
    for node in nodes:
        marked.append((node.expands or (apart and isinstance(node, BranchNode)), node))
        apart = apart or node.expands
    return marked


def _expanding(node: PluginNode) -> Step:
    loaded, counter = node.loaded, node.counter
    if not isinstance(loaded, LoadedFilter) or not isinstance(loaded.run, Expanding):
        raise TypeError(f"{loaded.name} does not expand")
    expand = loaded.run.run

    def step(events: list[Event], reject: Reject, _delivery: Delivery | None) -> list[Event]:
        results: list[Event] = []
        for event in events:
            counter.events_in += 1
            try:
                results += expand(event)
            except (EventError, RecursionError) as error:
                counter.failed += 1
                reject(event, PluginError(loaded.name, error))
        return _kept(results, counter)

    return step


def _kept(results: list[Event], counter: PluginCounter) -> list[Event]:
    """Return the events that go on, and count."""
    for event in results:
        counter.failed += event.failed
        event.failed = False
    kept = [event for event in results if not event.cancelled]
    counter.dropped += len(results) - len(kept)
    counter.events_out += len(kept)
    return kept


def _branch(branch: BranchNode, variables: Variables, *, apart: bool) -> Step:
    choose: list[tuple[Test | None, Step, ArmCounter, int]] = []
    for arm in branch.arms:
        test = None if arm.condition is None else compile_condition(arm.condition, variables)
        choose.append((test, _listed(arm.body, variables, apart=apart), arm.counter, arm.line))

    def step(events: list[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
        rest = events
        results: list[Event] = []
        for test, body, counter, line in choose:
            taken, rest = (rest, []) if test is None else _partition(test, rest, line, reject)
            counter.taken += len(taken)
            if taken:
                results += body(taken, reject, delivery)
            if not rest:
                break
        if branch.nothing is not None:
            branch.nothing.taken += len(rest)
        return results + rest

    return step


def _partition(test: Test, events: list[Event], line: int, reject: Reject) -> tuple[list[Event], list[Event]]:
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
            reject(event, PluginError("if", error))
    return taken, rest
