"""From the few counts the generated code keeps to those of every plugin and arm.

Counting each plugin for each event would cost more than many plugins do. The code counts how often a block of
statements is entered, and where an event fails or leaves; what went into and out of each plugin follows from these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.codegen.counts import BLOCK, DROPPED, FAILED, REJECTED, SECONDS
from atalaia.pipeline.counters import ArmCounter, PluginCounter
from atalaia.pipeline.nodes import BranchNode, Node, PluginNode


@dataclass(frozen=True, slots=True)
class _Plugin:
    """Where the counts of a plugin stand among those the code hands over; -1 for one that it does not keep."""

    counter: PluginCounter
    dropped: int
    rejected: int
    failed: int
    seconds: int

    def spread(self, entered: int, values: Sequence[float]) -> int:
        """Add what happened to so many events; return how many went on."""
        counter = self.counter
        left = entered
        if self.dropped >= 0 and (dropped := int(values[self.dropped])):
            counter.dropped += dropped
            left -= dropped
        if self.rejected >= 0 and (rejected := int(values[self.rejected])):
            counter.failed += rejected
            left -= rejected
        if self.failed >= 0:
            counter.failed += int(values[self.failed])
        if self.seconds >= 0:
            counter.sampled += entered
            counter.sampled_seconds += values[self.seconds]
        counter.events_in += entered
        counter.events_out += left
        return left


@dataclass(frozen=True, slots=True)
class _Branch:
    """The arms of a branch: how often each is entered, where it is counted, and what stands in it."""

    arms: Sequence[tuple[int, ArmCounter, Sequence[_Step]]]
    nothing: ArmCounter | None
    dropped: int
    rejected: int

    def spread(self, entered: int, values: Sequence[float]) -> int:
        """Add what happened to so many events; return how many went on."""
        rest = entered
        for place in (self.dropped, self.rejected):
            if place >= 0:
                rest -= int(values[place])
        left = 0
        for place, counter, body in self.arms:
            taken = int(values[place])
            if taken:
                counter.taken += taken
                rest -= taken
                left += _spread(body, taken, values)
        if self.nothing is not None:
            self.nothing.taken += rest
        return left + rest


_Step: TypeAlias = _Plugin | _Branch


def _spread(steps: Sequence[_Step], entered: int, values: Sequence[float]) -> int:
    running = entered
    for step in steps:
        running = step.spread(running, values)
    return running


class Tally:
    """Spreads the counts of one run of a section.

    Args:
        nodes: The section.
        numbers: What tells each node and arm (by ``id``) in the names of counts; 0 is the section itself.
        names: The names of the counts, in the order in which the code hands them over.
    """

    def __init__(self, nodes: Sequence[Node], numbers: Mapping[int, int], names: Sequence[str]) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._numbers = numbers
        self._steps = self._compiled(nodes)
        self._entered = self._place(BLOCK, 0)

    def __call__(self, values: Sequence[float]) -> None:
        """Add the counts of one run."""
        entered = int(values[self._entered])
        if entered:
            _spread(self._steps, entered, values)

    def _compiled(self, nodes: Sequence[Node]) -> Sequence[_Step]:
        return [self._plugin(node) if isinstance(node, PluginNode) else self._branch(node) for node in nodes]

    def _plugin(self, node: PluginNode) -> _Plugin:
        number = self._numbers[id(node)]
        places = [self._place(letter, number) for letter in (DROPPED, REJECTED, FAILED, SECONDS)]
        return _Plugin(node.counter, *places)

    def _branch(self, node: BranchNode) -> _Branch:
        arms = [
            (self._place(BLOCK, self._numbers[id(arm)]), arm.counter, self._compiled(arm.body)) for arm in node.arms
        ]
        number = self._numbers[id(node)]
        return _Branch(arms, node.nothing, self._place(DROPPED, number), self._place(REJECTED, number))

    def _place(self, letter: str, number: int) -> int:
        return self._places.get(f"{letter}{number}", -1)
