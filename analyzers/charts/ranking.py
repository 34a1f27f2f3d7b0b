"""Named values, the greatest first: the name over its bar, so that long names fit every width."""

from __future__ import annotations

from typing import Final

from analyzers.charts.canvas import Box, Canvas, Word
from analyzers.charts.definition import Bar, Ranking
from analyzers.charts.palette import Style
from analyzers.charts.plot import HATCH, Hover, Plot, Spec, fitted
from analyzers.charts.wording import value_text
from analyzers.language import message

_ROW: Final = 34
_TITLE: Final = 22
_UNDER: Final = 17
"""From a row's top to its bar: the text's line."""
_BAR: Final = 8
_NUMBER: Final = 100
"""Pixels kept for the number beside a name."""


def plot_ranking(chart: Ranking, style: Style) -> Plot:
    """Return the drawing of a ranking. What is unmeasured is a hatched bar across the whole width."""
    canvas = Canvas(style.width - 4, _TITLE + _ROW * len(chart.bars))
    say, palette = style.language.say, style.palette
    tops = [_TITLE + _ROW * index for index in range(len(chart.bars))]
    boxes = _boxes(chart, tops, canvas.width)
    measured = [box for box, bar in zip(boxes, chart.bars, strict=True) if bar.value is not None]
    hatched = [box for box, bar in zip(boxes, chart.bars, strict=True) if bar.value is None]
    names = [
        Word(fitted(style.language.show(bar.name), 11 / 12 * (canvas.width - _NUMBER)), 0, top)
        for bar, top in zip(chart.bars, tops, strict=True)
    ]
    numbers = [
        Word(value_text(bar.value, chart.unit, style.language), canvas.width, top)
        for bar, top in zip(chart.bars, tops, strict=True)
    ]
    text: Spec = {"fill": palette.ink, "fontSize": 12}
    layers = [
        canvas.words([Word(say(chart.axis), canvas.width, 0)], {"fill": palette.quiet, "align": "right"}),
        canvas.boxes([Box(0, box.bottom, canvas.width, box.bottom + 1) for box in boxes], {"fill": palette.line}),
        canvas.boxes(measured, {"fill": palette.accent}),
        canvas.boxes(hatched, {"fill": HATCH}),
        canvas.words(names, text | {"align": "left"}),
        canvas.words(numbers, text | {"align": "right"}),
        canvas.targets([Box(0, top, canvas.width, top + _ROW) for top in tops]),
    ]
    return Plot(canvas.spec(layers, palette), tuple(_hover(bar, chart, style) for bar in chart.bars))


def _boxes(chart: Ranking, tops: list[int], width: int) -> list[Box]:
    greatest = max((bar.value for bar in chart.bars if bar.value is not None), default=0.0) or 1.0
    shares = [1.0 if bar.value is None else max(bar.value, 0.0) / greatest for bar in chart.bars]
    return [Box(0, top + _UNDER, width * share, top + _UNDER + _BAR) for top, share in zip(tops, shares, strict=True)]


def _hover(bar: Bar, chart: Ranking, style: Style) -> Hover:
    value = value_text(bar.value, chart.unit, style.language)
    return Hover(style.language.say(message("{name}: {value}", name=bar.name, value=value)), bar.link)
