"""What a chart shows, as data. It becomes Vega-Lite, in the words of a language and the colours of a place.

Missing data is a gap with a hatched band, never a zero or a joined line; a limit that judges what is drawn is drawn;
excluded maintenance is shaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from analyzers.analysis import Unit
from analyzers.language import Message
from analyzers.store.query import Window


class Mark(StrEnum):
    """How a series over time is drawn."""

    LINE = "line"
    BAR = "bar"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a bucket of time.

    Attributes:
        window: The bucket.
        value: In the chart's unit; ``None`` when nothing was measured.
        link: Where a click on it leads, an address on the page's own site; ``None`` for nowhere. Print ignores it.
    """

    window: Window
    value: float | None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars, in order of time.

    Attributes:
        name: Its name in the legend: ``p95``.
        points: Its values, one for every bucket of the chart.
        mark: How it is drawn.
    """

    name: Message
    points: tuple[Point, ...]
    mark: Mark = Mark.LINE


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that what is drawn is judged by, in the chart's unit."""

    value: float
    title: Message


@dataclass(frozen=True, slots=True)
class TimeChart:
    """Values over time, on a zone's calendar.

    Attributes:
        unit: What the values are.
        axis: The title of the axis of values, without the unit.
        window: The whole span, drawn even where there is no data.
        zone: Whose calendar the axis of time has.
        series: What is drawn.
        limits: What it is judged by.
        excluded: Maintenance that does not count.
    """

    unit: Unit
    axis: Message
    window: Window
    zone: str
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()
    excluded: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A named value; ``None`` is unmeasured; ``link`` as that of a :class:`Point`. Text as a name is data."""

    name: Message | str
    value: float | None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Horizontal bars, in the order given."""

    unit: Unit
    axis: Message
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Values by weekday and hour of day: ``values[day][hour]``, Monday first; ``None`` is unmeasured."""

    unit: Unit
    title: Message
    values: tuple[tuple[float | None, ...], ...]


Chart: TypeAlias = TimeChart | Ranking | HeatMap
