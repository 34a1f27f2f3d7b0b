"""The marks of a chart over time: bars, steps and lines, each series with a shade and a dash of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from analyzers.charts.definition import Mark, TimeChart
from analyzers.charts.frame import Frame, Segment
from analyzers.charts.palette import Palette
from analyzers.charts.plot import Json, Spec, across, layer

_SOLID: Final = (1, 0)
_DASHES: Final = (_SOLID, (6, 3), (2, 2), (8, 3, 2, 3), (1, 4), (12, 4))
_OPACITIES: Final = (1.0, 0.55, 0.3, 0.8, 0.42, 0.2)
_FEW: Final = 40
"""So many points of a series are drawn as dots; more would be a rope."""
_PART: Final = 0.84
"""Of a bucket's width: its bar, while there are few."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a series is told from the others: by shade, and by dash or (for bars) by strength."""

    color: str
    dash: tuple[int, ...]
    opacity: float


def looks_of(chart: TimeChart, palette: Palette) -> tuple[Look, ...]:
    """Return a look for each series, in order: of one or two, the first is the accent; of three, the middle one."""
    accent, ink, quiet = palette.accent, palette.ink, palette.quiet
    colors = (quiet, accent, ink) if len(chart.series) == len("abc") else (accent, ink, quiet)
    dashes = (_DASHES[2], _SOLID, _DASHES[1]) if len(chart.series) == len("abc") else _DASHES
    bars = 0
    looks = []
    for index, series in enumerate(chart.series):
        if series.mark is Mark.BAR:
            looks.append(Look(accent, _SOLID, _OPACITIES[bars % len(_OPACITIES)]))
            bars += 1
        else:
            looks.append(Look(colors[index % len(colors)], dashes[index % len(dashes)], 1.0))
    return tuple(looks)


def marks_of(chart: TimeChart, frame: Frame, palette: Palette) -> list[Spec]:
    """Return the layers of all series, bars below lines."""
    rows = list(zip(chart.series, frame.segments, looks_of(chart, palette), strict=True))
    rows.sort(key=lambda row: row[0].mark is not Mark.BAR)
    layers: list[Spec] = []
    for series, segments, look in rows:
        if series.mark is Mark.BAR:
            layers.append(_bars(frame, segments, look))
        else:
            layers += _lines(frame, segments, look, is_step=series.mark is Mark.STEP)
    return layers


def _bars(frame: Frame, segments: Sequence[Segment | None], look: Look) -> Spec:
    part = _PART if len(segments) <= _FEW else 1.0
    records: list[Json] = []
    for each in segments:
        if each is not None:
            start, end = frame.at(each.window.start), frame.at(each.window.end)
            half = part * (end - start) / 2
            middle = (start + end) / 2
            records.append({"x": middle - half, "x2": middle + half, "y": each.low, "y2": each.high})
    encoding: Spec = {"x": across("x"), "x2": {"field": "x2"}, "y": across("y"), "y2": {"field": "y2"}}
    return layer("rect", {"fill": look.color, "fillOpacity": look.opacity}, records, encoding)


def _lines(frame: Frame, segments: Sequence[Segment | None], look: Look, *, is_step: bool) -> list[Spec]:
    runs = [list(run) for measured, run in groupby(segments, key=lambda each: each is not None) if measured]
    paths = [[each for each in run if each is not None] for run in runs]
    records: list[Json] = [
        {"run": run, "x": x, "y": y}
        for run, path in enumerate(paths)
        for x, y in _corners(frame, path, is_step=is_step)
    ]
    encoding: Spec = {"x": across("x"), "y": across("y"), "detail": {"field": "run"}, "order": {"value": 0}}
    stroke: Spec = {"stroke": look.color, "strokeWidth": 2, "strokeDash": list(look.dash)}
    dots = [] if is_step else [each for path in paths for each in path if len(segments) <= _FEW or len(path) == 1]
    return [layer("line", stroke, records, encoding), _dots(frame, dots, look)]


def _corners(frame: Frame, path: Sequence[Segment], *, is_step: bool) -> Iterator[tuple[float, float]]:
    for each in path:
        if is_step:
            yield frame.at(each.window.start), each.high
            yield frame.at(each.window.end), each.high
        else:
            yield frame.middle(each.window), each.high


def _dots(frame: Frame, segments: Sequence[Segment], look: Look) -> Spec:
    records: list[Json] = [{"x": frame.middle(each.window), "y": each.high} for each in segments]
    dot: Spec = {"fill": look.color, "filled": True, "size": 30, "opacity": 1}
    return layer("point", dot, records, {"x": across("x"), "y": across("y")})
