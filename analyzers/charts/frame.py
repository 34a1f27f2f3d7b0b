"""The plane of a chart over time: seconds since its start across, values up, both known before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analyzers.analysis import Unit
from analyzers.charts.definition import Mark, Series, TimeChart
from analyzers.charts.palette import Style
from analyzers.charts.plot import factor_of, room_for
from analyzers.charts.ticks import Scale, round_scale
from analyzers.store.query import Window

MARGIN: Final = 2
"""Pixels right of everything."""
NAME: Final = 8
"""Pixels between a line and its name."""
SWATCH: Final = 14
"""Pixels of the square before the name of bars."""
_BESIDE: Final = 10
_LONGEST_NAME: Final = 0.3
"""Of the width: what names may take."""
_NEAR: Final = 0.5
"""Lines that stay above this part of their highest value are shown without zero, or nobody would see them move."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What is drawn of one point: its bucket, and from which value to which."""

    window: Window
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things are.

    Attributes:
        window: The span across.
        scale: The values up, as the axis counts.
        segments: Each series' points; ``None`` where nothing was measured. Bars stand on one another.
        greatest: The greatest value or limit, in the chart's unit.
        factor: What the axis counts in: a value times this is where it stands.
        left: Pixels left of the plot, for the numbers of its axis.
        width: Pixels of the plot.
        names: Pixels to the right of it, for the names of the series.
    """

    window: Window
    scale: Scale
    segments: tuple[tuple[Segment | None, ...], ...]
    greatest: float
    factor: float
    left: int
    width: int
    names: int

    @property
    def seconds(self) -> float:
        """The whole span."""
        return self.window.length.total_seconds()

    def at(self, moment: datetime) -> float:
        """Return elapsed seconds, within the span: true over every change of a clock."""
        return min(max((moment - self.window.start).total_seconds(), 0.0), self.seconds)

    def middle(self, window: Window) -> float:
        """Return the middle of a bucket."""
        return (self.at(window.start) + self.at(window.end)) / 2

    def pixel(self, value: float, height: int) -> float:
        """Return how far below the top of a plot of so many pixels a value is."""
        return height * (self.scale.high - value) / (self.scale.high - self.scale.low)


def frame_of(chart: TimeChart, style: Style) -> Frame:
    """Return the plane that holds every value and every limit of a chart."""
    raw = tuple(_stacked(chart, 1.0))
    greatest = max((*_tops(raw), *(limit.value for limit in chart.limits)), default=0.0)
    factor = factor_of(chart.unit, greatest)
    segments = tuple(_stacked(chart, factor))
    scale = _scale(chart, segments, factor)
    left, names = room_for(scale.texts(style.language)) + _BESIDE, _room_for_names(chart, style)
    return Frame(chart.window, scale, segments, greatest, factor, left, style.width - left - names - MARGIN, names)


def _room_for_names(chart: TimeChart, style: Style) -> int:
    """Return the room that the names beside the lines take; one series needs no name."""
    if len(chart.series) < 2:  # noqa: PLR2004  # one
        return 0
    longest = room_for([style.language.say(series.name) for series in chart.series])
    has_bars = any(series.mark is Mark.BAR for series in chart.series)
    return int(min(longest, _LONGEST_NAME * style.width)) + (SWATCH if has_bars else 0) + NAME


def _tops(segments: tuple[tuple[Segment | None, ...], ...]) -> list[float]:
    return [each.high for row in segments for each in row if each is not None]


def _stacked(chart: TimeChart, factor: float) -> Iterator[tuple[Segment | None, ...]]:
    tops: dict[datetime, float] = {}
    for series in chart.series:
        is_bar = series.mark is Mark.BAR
        yield tuple(_segments(series, factor, tops if is_bar else {}))


def _segments(series: Series, factor: float, tops: dict[datetime, float]) -> Iterator[Segment | None]:
    """Return the segments of one series on those below, and raise the tops."""
    for point in series.points:
        if point.value is None:
            yield None
        else:
            low = tops.get(point.window.start, 0.0)
            tops[point.window.start] = low + point.value * factor
            yield Segment(point.window, low, tops[point.window.start])


def _scale(chart: TimeChart, segments: tuple[tuple[Segment | None, ...], ...], factor: float) -> Scale:
    tops = _tops(segments)
    if not tops:
        return Scale(0.0, 1.0, ())
    values = [*tops, *(limit.value * factor for limit in chart.limits)]
    low, high = min(values), max(values)
    has_bars = any(series.mark is Mark.BAR for series in chart.series)
    if has_bars or low < _NEAR * high or low == high:
        low = min(low, 0.0)
    scale = round_scale(low, high)
    return _within_all(scale) if chart.unit is Unit.RATIO and high <= 100 else scale  # noqa: PLR2004  # percent


def _within_all(scale: Scale) -> Scale:
    """Return an axis of percent that ends at 100."""
    ticks = tuple(tick for tick in scale.ticks if tick <= 100)  # noqa: PLR2004  # percent
    return Scale(scale.low, min(scale.high, 100.0), ticks)
