"""Values over time: lines, steps or bars, their gaps, limits and excluded maintenance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzers.charts.definition import Point, TimeChart
from analyzers.charts.frame import MARGIN, Frame, frame_of
from analyzers.charts.marks import marks_of
from analyzers.charts.names import names_of
from analyzers.charts.palette import Palette, Style
from analyzers.charts.plot import (
    HATCH,
    Hover,
    Json,
    Plot,
    Spec,
    across,
    axis_title,
    config,
    drawn,
    fitted,
    in_pixels,
    layer,
    room_for,
    ticks_at,
)
from analyzers.charts.ticks import Tick, calendar_ticks
from analyzers.charts.wording import bucket_text, gaps, limit_text, value_text
from analyzers.language import Language, message
from analyzers.store.query import Window

HEIGHT: Final = 160
"""Pixels of the plot, without its axes."""
_ABOVE: Final = 24
_BELOW: Final = 20
_BESIDE: Final = 4
"""Pixels from the axis to the words of a limit."""
_ROW: Final = 14
"""Pixels of a line of text."""


def plot_over_time(chart: TimeChart, style: Style) -> Plot:
    """Return the drawing of a chart over time. What is said of a bucket covers its whole height."""
    frame = frame_of(chart, style)
    buckets = list(zip(*(series.points for series in chart.series), strict=True))
    layers = [
        _plane(chart, frame, style),
        *_bands(chart, frame, style.palette),
        *marks_of(chart, frame, style.palette),
        *_limits(chart, frame, style),
        *names_of(chart, frame, HEIGHT, style),
        _targets(frame, [points[0].window for points in buckets]),
    ]
    spec: Spec = {
        "width": frame.width,
        "height": HEIGHT,
        "padding": {"left": frame.left, "top": _ABOVE, "right": frame.names + MARGIN, "bottom": _BELOW},
        "autosize": {"type": "none"},
        "layer": drawn(layers),
        "config": config(style.palette),
    }
    return Plot(spec, tuple(_hovers(chart, buckets, style.language)))


def _plane(chart: TimeChart, frame: Frame, style: Style) -> Spec:
    """Return a layer that draws nothing and has the axes; the others share them."""
    x_scale: Spec = {"domain": [0, frame.seconds], "nice": False}
    y_scale: Spec = {"domain": [frame.scale.low, frame.scale.high], "nice": False, "zero": False}
    x = across("x", x_scale, _time_axis(frame, style))
    y = across("y", y_scale, _value_axis(chart, frame, style))
    return layer("point", {"opacity": 0}, [{"x": 0, "y": frame.scale.low}], {"x": x, "y": y})


def _time_axis(frame: Frame, style: Style) -> Spec:
    """Return the axis of the calendar: a day's name stands to the right of where it begins, if it fits there."""
    ticks = calendar_ticks(frame.window, style.language, frame.width)
    places: list[Json] = [frame.at(tick.moment) for tick in ticks]
    texts: list[Json] = [tick.text if _fits(tick, frame) else "" for tick in ticks]
    beside: Spec = {"labelAlign": "left", "labelOffset": 3, "labelPadding": -4, "tickSize": 8}
    return {"title": None, "grid": True, "gridOpacity": 0.6, **beside, **ticks_at(places, texts)}


def _fits(tick: Tick, frame: Frame) -> bool:
    right = frame.width * (1 - frame.at(tick.moment) / frame.seconds) + frame.names
    return room_for([tick.text]) <= right


def _value_axis(chart: TimeChart, frame: Frame, style: Style) -> Spec:
    """Return the axis of values, its title on top of it: it is read without turning the head."""
    title: Spec = {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom", "titleX": 0, "titleY": -8}
    ticks = ticks_at(list(frame.scale.ticks), list(frame.scale.texts(style.language)))
    name = fitted(axis_title(chart.axis, chart.unit, style.language, frame.greatest), frame.width)
    return {"title": name, "labelPadding": 6, "domain": False, "ticks": False, **title, **ticks}


def _bands(chart: TimeChart, frame: Frame, palette: Palette) -> list[Spec]:
    """Return the shade over maintenance and the hatch over what was not measured."""
    shade: Spec = {"fill": palette.line, "opacity": 0.45, "stroke": palette.quiet, "strokeDash": [1, 3]}
    excluded = [span for span in chart.excluded if span.end > chart.window.start and span.start < chart.window.end]
    return [_rectangles(frame, excluded, shade), _rectangles(frame, gaps(chart), {"fill": HATCH, "opacity": 1})]


def _rectangles(frame: Frame, spans: Sequence[Window], look: Spec, *, is_told: bool = False) -> Spec:
    records: list[Json] = [
        {"x": frame.at(span.start), "x2": frame.at(span.end), "which": str(index)} for index, span in enumerate(spans)
    ]
    told: Spec = {"description": {"field": "which"}} if is_told else {}
    height: Spec = {"y": {"value": 0}, "y2": {"value": HEIGHT}}
    return layer("rect", look, records, {"x": across("x"), "x2": {"field": "x2"}, **height, **told})


def _targets(frame: Frame, buckets: Sequence[Window]) -> Spec:
    """Return an unseen mark over each bucket, for the mouse, the screen reader and the link."""
    return _rectangles(frame, buckets, {"fill": "transparent"}, is_told=True)


def _limits(chart: TimeChart, frame: Frame, style: Style) -> list[Spec]:
    """Return a line for each limit, and its words above it, or below it where the title of the axis is, on paper."""
    color, paper = style.palette.missed, style.palette.paper
    tops = [frame.pixel(limit.value * frame.factor, HEIGHT) for limit in chart.limits]
    texts = [
        fitted(style.language.say(limit_text(limit, chart.unit)), frame.width - 2 * _BESIDE) for limit in chart.limits
    ]
    starts = [top - _ROW if top >= _ROW else top + 1 for top in tops]
    papers: list[Json] = [
        {"x": _BESIDE - 1, "x2": _BESIDE + room_for([text]), "y": start, "y2": start + _ROW - 1}
        for text, start in zip(texts, starts, strict=True)
    ]
    words: list[Json] = [
        {"x": _BESIDE, "y": start + 1, "text": text} for text, start in zip(texts, starts, strict=True)
    ]
    lines: list[Json] = [{"y": limit.value * frame.factor} for limit in chart.limits]
    place: Spec = {"x": in_pixels("x"), "y": in_pixels("y")}
    look: Spec = {"fill": color, "align": "left", "baseline": "top"}
    return [
        layer("rule", {"stroke": color, "strokeDash": [4, 3]}, lines, {"y": across("y")}),
        layer("rect", {"fill": paper, "opacity": 0.8}, papers, place | {"x2": in_pixels("x2"), "y2": in_pixels("y2")}),
        layer("text", look, words, place | {"text": {"field": "text"}}),
    ]


def _hovers(chart: TimeChart, buckets: Sequence[tuple[Point, ...]], language: Language) -> Iterator[Hover]:
    names = [language.say(series.name) for series in chart.series]
    for points in buckets:
        values = [
            language.say(message("{name} {value}", name=name, value=value_text(point.value, chart.unit, language)))
            for name, point in zip(names, points, strict=True)
        ]
        text = message("{when}: {values}", when=bucket_text(points[0].window, language), values=", ".join(values))
        yield Hover(language.say(text), next((point.link for point in points if point.link is not None), None))
