"""What plugins and branches have done so far. The compiled pipeline counts; ``--stats`` and ``/metrics`` show."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from atalaia.pipeline.errors import Position


class PluginKind(StrEnum):
    """The section a plugin stands in."""

    INPUT = "input"
    FILTER = "filter"
    OUTPUT = "output"


@dataclass(slots=True)
class PluginCounter:
    """One plugin's counts.

    Attributes:
        kind: Its section.
        name: Its Logstash name.
        id: Its ``id``, or where it stands: ``name:line:column``.
        position: Where it stands.
        events_in: Events handed to it; for an input, read by it.
        events_out: Events that went on from it.
        dropped: Events it dropped.
        failed: Events it could not work on: tagged as failures, or dead-lettered.
        sampled: How many of ``events_in`` were timed.
        sampled_seconds: How long they took.
    """

    kind: PluginKind
    name: str
    id: str
    position: Position
    events_in: int = 0
    events_out: int = 0
    dropped: int = 0
    failed: int = 0
    sampled: int = 0
    sampled_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Time spent in the plugin, estimated from the events that were timed."""
        return self.sampled_seconds * self.events_in / self.sampled if self.sampled else 0.0


@dataclass(slots=True)
class ArmCounter:
    """One arm of a branch: ``if``, ``else if`` or ``else``; also the ``else`` that is not written.

    Attributes:
        kind: The section it stands in.
        position: Where the keyword stands; for an ``else`` that is not written, the branch's ``if``.
        keyword: ``if``, ``else if``, ``else`` or ``no arm taken``.
        taken: Events that went this way.
    """

    kind: PluginKind
    position: Position
    keyword: str
    taken: int = 0


@dataclass(slots=True)
class Counters:
    """The counts of one pipeline, in the order of its file.

    Attributes:
        pipeline: The pipeline's id.
        plugins: One for each plugin.
        arms: One for each arm.
    """

    pipeline: str
    plugins: list[PluginCounter] = field(default_factory=list)
    arms: list[ArmCounter] = field(default_factory=list)

    def add_plugin(self, kind: PluginKind, name: str, identity: str | None, position: Position) -> PluginCounter:
        """Begin to count for a plugin."""
        shown = identity or f"{name}:{position.line}:{position.column}"
        counter = PluginCounter(kind, name, shown, position)
        self.plugins.append(counter)
        return counter

    def add_arm(self, kind: PluginKind, position: Position, keyword: str) -> ArmCounter:
        """Begin to count for an arm."""
        counter = ArmCounter(kind, position, keyword)
        self.arms.append(counter)
        return counter
