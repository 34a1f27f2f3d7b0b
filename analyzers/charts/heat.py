"""Values by weekday and hour: the more, the stronger; what is unmeasured is hatched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from babel.dates import get_day_names

from analyzers.charts.canvas import Box, Canvas, Word
from analyzers.charts.definition import HeatMap
from analyzers.charts.palette import Style
from analyzers.charts.plot import HATCH, Hover, Plot, Spec, fitted
from analyzers.charts.wording import value_text
from analyzers.language import message

_LEFT: Final = 44
_HEAD: Final = 18
"""Pixels of the title."""
_TOP: Final = 36
"""From the top to the first day: the title, and the hours."""
_ROW: Final = 20
_KEY: Final = 34
"""Pixels below the rows for what the strengths mean."""
_STRENGTHS: Final = (0.08, 0.3, 0.52, 0.76, 1.0)
_HOURS: Final = 24
_EVERY: Final = 3
_GAP: Final = 1


def plot_heat(chart: HeatMap, style: Style) -> Plot:
    """Return the drawing of a heat map. Strengths are of the one accent, so that it reads on dark and light."""
    canvas = Canvas(style.width - 4, _TOP + _ROW * len(chart.values) + _KEY)
    palette = style.palette
    cells = [(_cell(day, hour, canvas.width), value) for day, hour, value in _values(chart)]
    greatest = max((value for _, value in cells if value is not None), default=0.0)
    quiet: Spec = {"fill": palette.quiet}
    layers = [
        canvas.words([Word(fitted(style.language.say(chart.title), canvas.width), 0, 0)], quiet | {"align": "left"}),
        canvas.words(_day_words(chart, style), quiet | {"align": "left"}),
        canvas.words(_hour_words(canvas.width), quiet | {"align": "left"}),
        canvas.boxes([box for box, value in cells if value is None], {"fill": HATCH}),
        *(
            canvas.boxes(
                [box for box, value in cells if value is not None and _strength(value, greatest) == index],
                {"fill": palette.accent, "fillOpacity": strength},
            )
            for index, strength in enumerate(_STRENGTHS)
        ),
        *_key(chart, canvas, greatest, style),
        canvas.targets([box for box, _ in cells]),
    ]
    return Plot(canvas.spec(layers, palette), tuple(_hovers(chart, style)))


def _values(chart: HeatMap) -> Iterator[tuple[int, int, float | None]]:
    for day, hours in enumerate(chart.values):
        for hour, value in enumerate(hours):
            yield day, hour, value


def _cell(day: int, hour: int, width: int) -> Box:
    side = (width - _LEFT) / _HOURS
    left, top = _LEFT + side * hour, _TOP + _ROW * day
    return Box(left, top, left + side - _GAP, top + _ROW - _GAP)


def _strength(value: float, greatest: float) -> int:
    """Return which fifth of the greatest value it is in."""
    return min(int(value / greatest * len(_STRENGTHS)), len(_STRENGTHS) - 1) if greatest > 0 else 0


def _day_words(chart: HeatMap, style: Style) -> list[Word]:
    names = get_day_names("abbreviated", "stand-alone", style.language.locale)
    return [Word(names[day], 0, _TOP + _ROW * day + 4) for day in range(len(chart.values))]


def _hour_words(width: int) -> list[Word]:
    side = (width - _LEFT) / _HOURS
    return [Word(f"{hour:02}", _LEFT + side * hour, _HEAD + 2) for hour in range(0, _HOURS, _EVERY)]


def _key(chart: HeatMap, canvas: Canvas, greatest: float, style: Style) -> list[Spec]:
    """Return the strengths from zero to the greatest, with both numbers."""
    top = canvas.height - _ROW
    low, high = (value_text(value, chart.unit, style.language) for value in (0.0, greatest))
    start = canvas.width - 90 - len(_STRENGTHS) * _ROW
    boxes = [Box(start + _ROW * index, top, start + _ROW * index + _ROW - _GAP, top + 12) for index in range(5)]
    quiet: Spec = {"fill": style.palette.quiet}
    drawn = [
        canvas.boxes([box], {"fill": style.palette.accent, "fillOpacity": strength})
        for box, strength in zip(boxes, _STRENGTHS, strict=True)
    ]
    ends = (
        canvas.words([Word(low, start - 6, top)], quiet | {"align": "right"}),
        canvas.words([Word(high, start + len(_STRENGTHS) * _ROW + 5, top)], quiet | {"align": "left"}),
    )
    return [*drawn, *ends]


def _hovers(chart: HeatMap, style: Style) -> Iterator[Hover]:
    names = get_day_names("wide", "stand-alone", style.language.locale)
    for day, hour, value in _values(chart):
        hours = f"{hour:02}:00\u2013{(hour + 1) % _HOURS:02}:00"
        text = message(
            "{day}, {hours}: {value}", day=names[day], hours=hours, value=value_text(value, chart.unit, style.language)
        )
        yield Hover(style.language.say(text))
