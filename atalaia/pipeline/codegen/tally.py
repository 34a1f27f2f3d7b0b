"""From the few counts the generated code keeps to those of every plugin and arm.

Counting each plugin for each event would cost more than many plugins do. The code counts how often a block of
statements is entered, and where an event fails or leaves; what went into and out of each plugin follows from these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atalaia.pipeline.codegen.counts import BLOCK, DROPPED, FAILED, REJECTED, SECONDS
from atalaia.pipeline.nodes import BranchNode, Node, PluginNode


@dataclass(frozen=True, slots=True)
class Tally:
    """Spreads the counts of one run of a section.

    Attributes:
        nodes: The section.
        numbers: What tells each node and arm (by ``id``) in the names of counts; 0 is the section itself.
        names: The names of the counts, in the order in which the code hands them over.
        timed: Whether the code measured time.
    """

    nodes: Sequence[Node]
    numbers: Mapping[int, int]
    names: tuple[str, ...]
    timed: bool

    def __call__(self, values: tuple[float, ...]) -> None:
        """Add the counts of one run."""
        counts = dict(zip(self.names, values, strict=True))
        self._spread(self.nodes, int(counts[f"{BLOCK}0"]), counts)

    def _spread(self, nodes: Sequence[Node], entered: int, counts: Mapping[str, float]) -> int:
        """Count for a block that so many events entered; return how many left it at its end."""
        running = entered
        for node in nodes:
            running = (
                self._plugin(node, running, counts)
                if isinstance(node, PluginNode)
                else self._branch(node, running, counts)
            )
        return running

    def _plugin(self, node: PluginNode, entered: int, counts: Mapping[str, float]) -> int:
        number, counter = self.numbers[id(node)], node.counter
        dropped, rejected = int(counts.get(f"{DROPPED}{number}", 0)), int(counts.get(f"{REJECTED}{number}", 0))
        left = entered - dropped - rejected
        counter.events_in += entered
        counter.events_out += left
        counter.dropped += dropped
        counter.failed += rejected + int(counts.get(f"{FAILED}{number}", 0))
        if self.timed:
            counter.sampled += entered
            counter.sampled_seconds += counts.get(f"{SECONDS}{number}", 0.0)
        return left

    def _branch(self, node: BranchNode, entered: int, counts: Mapping[str, float]) -> int:
        number = self.numbers[id(node)]
        rest = entered - int(counts.get(f"{DROPPED}{number}", 0)) - int(counts.get(f"{REJECTED}{number}", 0))
        left = 0
        for arm in node.arms:
            taken = int(counts.get(f"{BLOCK}{self.numbers[id(arm)]}", 0))
            arm.counter.taken += taken
            left += self._spread(arm.body, taken, counts)
            rest -= taken
        if node.nothing is not None:
            node.nothing.taken += rest
        return left + rest
