"""Which plugins and which arms of branches the cases reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from atalaia.pipeline.cases.embedded import LoadedSource
from atalaia.pipeline.counters import ArmCounter, PluginCounter, PluginKind
from atalaia.pipeline.errors import Position

_Key: TypeAlias = tuple[str, int, int, str]


@dataclass(frozen=True, slots=True)
class Point:
    """A plugin or an arm.

    Attributes:
        position: Where it stands.
        arm: Whether it is an arm.
        label: ``filter mutate``, ``if [a] == 1``, ``else``, ``no arm taken of if [a] == 1``.
        events: How many events reached it.
    """

    position: Position
    arm: bool
    label: str
    events: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases reached of one pipeline.

    Attributes:
        pipeline: Its file, or its files.
        points: Its plugins and arms, in the order of the text.
    """

    pipeline: str
    points: tuple[Point, ...]

    @property
    def missed(self) -> tuple[Point, ...]:
        """What no case reached."""
        return tuple(point for point in self.points if not point.events)

    @property
    def ratio(self) -> float:
        """The share that was reached, 0 to 1; 1 for a pipeline without plugins."""
        return 1 - len(self.missed) / len(self.points) if self.points else 1.0


def measure(loaded: Iterable[LoadedSource]) -> tuple[Coverage, ...]:
    """Return the coverage of each pipeline, all the settings it was tested in taken together."""
    by_pipeline: dict[str, dict[_Key, Point]] = {}
    for each in loaded:
        points = by_pipeline.setdefault(", ".join(map(str, each.source.files)), {})
        for point in _points(each):
            key = (point.position.file, point.position.line, point.position.column, point.label)
            known = points.get(key)
            count = point.events + (known.events if known else 0)
            points[key] = Point(point.position, point.arm, point.label, count)
    return tuple(Coverage(name, _in_order(points.values())) for name, points in by_pipeline.items())


def _in_order(points: Iterable[Point]) -> tuple[Point, ...]:
    files = {name: number for number, name in enumerate(dict.fromkeys(point.position.file for point in points))}
    return tuple(
        sorted(points, key=lambda each: (files[each.position.file], each.position.line, each.position.column, each.arm))
    )


def _points(loaded: LoadedSource) -> Sequence[Point]:
    counters, known = loaded.pipeline.counters, loaded.source.texts
    plugins = [_plugin(each, loaded) for each in counters.plugins if each.position.file in known]
    return [*plugins, *(_arm(each, loaded) for each in counters.arms)]


def _plugin(counter: PluginCounter, loaded: LoadedSource) -> Point:
    name = loaded.names[counter.position]
    if counter.kind is PluginKind.INPUT:
        return Point(counter.position, False, f"input {name}", int(counter.position in loaded.used))
    return Point(counter.position, False, f"{counter.kind} {name}", counter.events_in)


def _arm(counter: ArmCounter, loaded: LoadedSource) -> Point:
    text = loaded.source.condition(counter.position)
    label = f"no arm taken of {text}" if counter.keyword == "no arm taken" else text
    return Point(counter.position, True, label, counter.taken)
