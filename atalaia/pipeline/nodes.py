"""A section with its plugins built: what the syntax tree says, ready to be compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.conditions import compile_condition
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.counters import ArmCounter, Counters, PluginCounter, PluginKind
from atalaia.pipeline.filters.base import Expanding, LoadedFilter
from atalaia.pipeline.outputs.base import LoadedOutput

Loaded: TypeAlias = LoadedFilter | LoadedOutput


@dataclass(frozen=True, slots=True)
class PluginNode:
    """A plugin, and where it is counted."""

    loaded: Loaded
    counter: PluginCounter

    @property
    def expands(self) -> bool:
        """Whether it gives back other events than it took."""
        return isinstance(self.loaded, LoadedFilter) and isinstance(self.loaded.run, Expanding)


@dataclass(frozen=True, slots=True)
class ArmNode:
    """An arm of a branch.

    Attributes:
        condition: Its condition; ``None`` for ``else``.
        line: Where its keyword stands.
        body: What stands in it.
        counter: Where it is counted.
    """

    condition: syntax.Condition | None
    line: int
    body: Sequence[Node]
    counter: ArmCounter


@dataclass(frozen=True, slots=True)
class BranchNode:
    """A branch.

    Attributes:
        arms: Its arms.
        nothing: Where events are counted that take none of them; ``None`` when there is an ``else``.
    """

    arms: Sequence[ArmNode]
    nothing: ArmCounter | None

    @property
    def expands(self) -> bool:
        """Whether a plugin in it gives back other events than it took."""
        return any(node.expands for arm in self.arms for node in arm.body)


Node: TypeAlias = PluginNode | BranchNode


class NodeBuilder:
    """Builds the plugins of one section, in the order of the file.

    Args:
        kind: The section.
        load: Makes a plugin of its settings.
        variables: For ``${…}`` in conditions.
        counters: Where plugins and arms are counted.
    """

    def __init__(
        self,
        kind: PluginKind,
        load: Callable[[syntax.Plugin], tuple[Loaded, PluginCounter]],
        variables: Variables,
        counters: Counters,
    ) -> None:
        self._kind = kind
        self._load = load
        self._variables = variables
        self._counters = counters

    def build(self, statements: Sequence[syntax.Statement]) -> Sequence[Node]:
        """Return the nodes of statements.

        Raises:
            ConfigurationError: When a plugin or a condition is refused.
        """
        return [self._node(statement) for statement in statements]

    def _node(self, statement: syntax.Statement) -> Node:
        if isinstance(statement, syntax.Plugin):
            return PluginNode(*self._load(statement))
        arms = [self._arm(arm, first=arm is statement.arms[0]) for arm in statement.arms]
        if statement.arms[-1].condition is None:
            return BranchNode(arms, None)
        return BranchNode(arms, self._counters.add_arm(self._kind, statement.position, "no arm taken"))

    def _arm(self, arm: syntax.Arm, *, first: bool) -> ArmNode:
        keyword = "if" if first else "else" if arm.condition is None else "else if"
        counter = self._counters.add_arm(self._kind, arm.position, keyword)
        if arm.condition is not None:
            compile_condition(arm.condition, self._variables)  # refuses what cannot be one, in the order of the file
        return ArmNode(arm.condition, arm.position.line, self.build(arm.body), counter)
