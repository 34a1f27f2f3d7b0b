"""The names of a chart's series, each beside its last point: nobody has to look up a colour in a legend."""

from __future__ import annotations

from typing import Final

from analyzers.charts.definition import Mark, TimeChart
from analyzers.charts.frame import NAME, SWATCH, Frame
from analyzers.charts.marks import Look, looks_of
from analyzers.charts.palette import Style
from analyzers.charts.plot import Spec, fitted, layer

_LINE: Final = 13
"""Pixels between the names of two lines."""


def names_of(chart: TimeChart, frame: Frame, height: int, style: Style) -> list[Spec]:
    """Return the names, moved apart where they would overlap, before each of bars a square that shows its strength.

    Args:
        chart: Whose series.
        frame: Its plane.
        height: The plot's, in pixels.
        style: For whom.
    """
    if not frame.names:
        return []
    ends = [_last(chart, frame, index) for index in range(len(chart.series))]
    measured = {index: frame.pixel(end, height) for index, end in enumerate(ends) if end is not None}
    layers: list[Spec] = []
    for index, place in apart(measured, height).items():
        layers += _name(chart, index, frame, looks_of(chart, style.palette)[index], place, style)
    return layers


def _name(chart: TimeChart, index: int, frame: Frame, look: Look, place: float, style: Style) -> list[Spec]:
    """Return a series' name and, for bars, its square."""
    series = chart.series[index]
    is_bar = series.mark is Mark.BAR
    left = frame.width + NAME + (SWATCH if is_bar else 0)
    text = fitted(style.language.say(series.name), frame.width + frame.names - left + 4)
    shape: Spec = {"fill": look.color, "align": "left", "baseline": "middle"}
    where: Spec = {"x": {"value": left}, "y": {"value": place}, "text": {"field": "text"}}
    named = layer("text", shape, [{"text": text}], where)
    return [named, _square(look, frame.width + NAME, place)] if is_bar else [named]


def _square(look: Look, left: float, place: float) -> Spec:
    side = SWATCH - 5
    look_of_it: Spec = {"fill": look.color, "fillOpacity": look.opacity}
    corners = {"x": left, "x2": left + side, "y": place - side / 2, "y2": place + side / 2}
    return layer("rect", look_of_it, [{}], {name: {"value": value} for name, value in corners.items()})


def _last(chart: TimeChart, frame: Frame, index: int) -> float | None:
    """Return where a series ends: a line at its value, a bar in its middle."""
    segment = next((each for each in reversed(frame.segments[index]) if each is not None), None)
    if segment is None:
        return None
    return (segment.low + segment.high) / 2 if chart.series[index].mark is Mark.BAR else segment.high


def apart(places: dict[int, float], height: float) -> dict[int, float]:
    """Return the same places in the same order with a line's room between any two, and none below the plot.

    Of two at one place the later is above: p99 over p95.
    """
    placed: dict[int, float] = {}
    above = 0.0
    for index in sorted(places, key=lambda each: (places[each], -each)):
        placed[index] = max(places[index], above)
        above = placed[index] + _LINE
    below = height
    for index in reversed(list(placed)):
        placed[index] = min(placed[index], below)
        below = placed[index] - _LINE
    return placed
