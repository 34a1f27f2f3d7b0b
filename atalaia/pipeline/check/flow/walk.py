"""Follow events through a pipeline, every way they may take, and note what each plugin and condition meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from atalaia.pipeline.check.effects.registry import filter_steps, input_steps, templates
from atalaia.pipeline.check.flow.assume import assume, before_right
from atalaia.pipeline.check.flow.fields import Field, Kind, Presence, State, joined
from atalaia.pipeline.check.flow.steps import apply_steps
from atalaia.pipeline.check.sites import Site, SiteFinder
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Position

Body: TypeAlias = Callable[[Sequence[syntax.Statement], State], State]
"""Follows events through the statements of an arm."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reference that is read.

    Attributes:
        text: As it is written.
        position: Where.
        state: What is known of the event then.
        tested: Whether a condition reads it, and not a plugin.
    """

    text: str
    position: Position
    state: State
    tested: bool


@dataclass(frozen=True, slots=True)
class Met:
    """A filter or output, and what is known of an event when it gets there."""

    site: Site
    state: State


@dataclass(frozen=True, slots=True)
class Decided:
    """A part of a condition that joins no others, and what is known of an event when it is decided."""

    leaf: syntax.Condition
    state: State


@dataclass(slots=True)
class Flow:
    """What was noted.

    Attributes:
        readings: Every reference that is read, in the order of the file.
        plugins: Every filter and output.
        conditions: Every part of a condition.
        unreached: The first statement of each block that no event gets to.
        end: What is known of an event when it comes out of the filters.
    """

    readings: list[Reading] = field(default_factory=list)
    plugins: list[Met] = field(default_factory=list)
    conditions: list[Decided] = field(default_factory=list)
    unreached: list[syntax.Statement] = field(default_factory=list)
    end: State = field(default_factory=State)

    @property
    def states(self) -> dict[tuple[Position, str], State]:
        """What is known of an event where a reference is read, by the reference's place and text."""
        return {(reading.position, reading.text): reading.state for reading in self.readings}


def follow(configuration: syntax.Configuration, sites: SiteFinder, start: State | None = None) -> Flow:
    """Follow events from the inputs through the filters to the outputs.

    Args:
        configuration: The pipeline.
        sites: Its plugins.
        start: What is known of an event when it comes in, by default what the inputs and codecs put in it.
    """
    walker = _Walker(sites)
    state = walker.begin(configuration.statements("input")) if start is None else start
    walker.flow.end = walker.block(configuration.statements("filter"), state)
    walker.outputs(configuration.statements("output"), walker.flow.end)
    return walker.flow


@dataclass(frozen=True, slots=True)
class _Scene:
    """A plugin at work."""

    site: Site
    readings: list[Reading]

    def place(self, option: str, text: str) -> Position:
        return self.site.place(option, text)

    def read(self, text: str, option: str, state: State) -> None:
        self.readings.append(Reading(text, self.site.place(option, text), state, tested=False))


class _Walker:
    def __init__(self, sites: SiteFinder) -> None:
        self.flow = Flow()
        self._sites = sites

    def begin(self, inputs: Sequence[syntax.Statement]) -> State:
        """Return what is known of an event when it comes in; nothing is when the file has no input."""
        plugins = [each for each in inputs if isinstance(each, syntax.Plugin)]
        if not plugins:
            return State().opened()
        return joined(self._origin(self._sites.find(each)) for each in plugins)

    def block(self, statements: Sequence[syntax.Statement], state: State) -> State:
        """Follow events through the statements of a filter section."""
        for statement in statements:
            if state.gone:
                self.flow.unreached.append(statement)
                return state
            state = self._statement(statement, state)
        return state

    def outputs(self, statements: Sequence[syntax.Statement], state: State) -> None:
        """Follow events into outputs, each of which gets them as the filters left them."""
        if state.gone:
            self.flow.unreached += [] if self.flow.unreached else statements[:1]
            return
        for statement in statements:
            if isinstance(statement, syntax.Plugin):
                self._plugin(self._sites.find(statement), state)
            else:
                self._branch(statement, state, self._output_arm)

    def _output_arm(self, statements: Sequence[syntax.Statement], state: State) -> State:
        self.outputs(statements, state)
        return state

    def _origin(self, site: Site) -> State:
        root = State({path: Field(Presence.CERTAIN, Kind.OBJECT) for path in ((), ("@metadata",))})
        return apply_steps(input_steps(site.written), root, _Scene(site, []))

    def _statement(self, statement: syntax.Statement, state: State) -> State:
        if isinstance(statement, syntax.Plugin):
            return self._filter(self._sites.find(statement), state)
        return self._branch(statement, state, self.block)

    def _filter(self, site: Site, state: State) -> State:
        self.flow.plugins.append(Met(site, state))
        return apply_steps(filter_steps(site.written), state, _Scene(site, self.flow.readings))

    def _plugin(self, site: Site, state: State) -> None:
        self.flow.plugins.append(Met(site, state))
        apply_steps(templates(site.written), state, _Scene(site, self.flow.readings))

    def _branch(self, branch: syntax.Branch, state: State, body: Body) -> State:
        ends: list[State] = []
        for arm in branch.arms:
            if arm.condition is None:
                ends.append(body(arm.body, state))
                return joined(ends)
            self._decide(arm.condition, state)
            ends.append(body(arm.body, assume(arm.condition, state, holds=True)))
            state = assume(arm.condition, state, holds=False)
        return joined((*ends, state))

    def _decide(self, condition: syntax.Condition, state: State) -> None:
        """Note the parts of a condition, each with what is known when it is decided."""
        if isinstance(condition, syntax.Joined):
            self._decide(condition.left, state)
            self._decide(condition.right, before_right(condition, state))
        elif isinstance(condition, syntax.Not):
            self._decide(condition.inner, state)
        else:
            self.flow.conditions.append(Decided(condition, state))
            self.flow.readings += [
                Reading(each.text, each.position, state, tested=True) for each in _selectors(condition)
            ]


def _selectors(leaf: syntax.Condition) -> Iterable[syntax.Selector]:
    """Yield the fields in a part of a condition."""
    match leaf:
        case syntax.Selector():
            yield leaf
        case syntax.Comparison() | syntax.Membership():
            yield from (side for side in (leaf.left, leaf.right) if isinstance(side, syntax.Selector))
        case syntax.Match():
            yield from (side for side in (leaf.left,) if isinstance(side, syntax.Selector))
