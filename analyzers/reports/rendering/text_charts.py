"""Charts of characters: sparklines, bars and shades, a dot where nothing was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from babel.dates import get_day_names

from analyzers.analysis import Unit
from analyzers.charts.definition import Chart, HeatMap, Ranking, TimeChart
from analyzers.charts.wording import limit_text, value_text
from analyzers.language import Language, message

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_SHADES: Final = " ░▒▓█"
_NOTHING: Final = "·"
_ROOM: Final = 44
"""Columns of a sparkline, at most."""
_NAME: Final = 34
_BAR: Final = 24


def drawn(chart: Chart, language: Language) -> Iterator[str]:
    """Yield the lines of a chart."""
    match chart:
        case TimeChart():
            yield from _over_time(chart, language)
        case Ranking():
            yield from _ranking(chart, language)
        case HeatMap():
            yield from _heat(chart, language)


def sparkline(values: Sequence[float | None], low: float, high: float, room: int = _ROOM) -> str:
    """Return values as heights between two; of more than there is room for, the greatest of each few."""
    few = math.ceil(len(values) / room) or 1
    runs = [[each for each in values[at : at + few] if each is not None] for at in range(0, len(values), few)]
    return "".join(_level(max(run), low, high) if run else _NOTHING for run in runs)


def _level(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 1.0
    return _LEVELS[min(int(share * len(_LEVELS)), len(_LEVELS) - 1)]


def _over_time(chart: TimeChart, language: Language) -> Iterator[str]:
    rows = [[point.value for point in series.points] for series in chart.series]
    measured = [value for row in rows for value in row if value is not None]
    names = [language.say(series.name) for series in chart.series]
    width = max(map(len, names), default=0)
    for name, row in zip(names, rows, strict=True):
        line = sparkline(row, min(0.0, *measured) if measured else 0.0, max(measured, default=0.0))
        yield f"{name:<{width}} {line} {_range(row, chart.unit, language)}"
    yield from (language.say(limit_text(limit, chart.unit)) for limit in chart.limits)


def _range(row: Sequence[float | None], unit: Unit, language: Language) -> str:
    values = [value for value in row if value is not None]
    if not values:
        return value_text(None, unit, language)
    low, high = (value_text(value, unit, language) for value in (min(values), max(values)))
    return language.say(message("{low} to {high}", low=low, high=high))


def _ranking(chart: Ranking, language: Language) -> Iterator[str]:
    greatest = max((bar.value for bar in chart.bars if bar.value is not None), default=0.0) or 1.0
    for bar in chart.bars:
        said = language.show(bar.name)
        name = said if len(said) <= _NAME else f"{said[: _NAME - 1]}…"
        line = _NOTHING * _BAR if bar.value is None else "█" * round(_BAR * max(bar.value, 0) / greatest)
        yield f"{name:<{_NAME}} {line:<{_BAR}} {value_text(bar.value, chart.unit, language)}"


def _heat(chart: HeatMap, language: Language) -> Iterator[str]:
    names = get_day_names("abbreviated", "stand-alone", language.locale)
    values = [value for hours in chart.values for value in hours if value is not None]
    greatest = max(values, default=0.0)
    yield f"{'':6}{''.join(f'{hour:02}    ' for hour in range(0, 24, 3))}"
    for day, hours in enumerate(chart.values):
        yield f"{names[day]:<6}{''.join(_shade(value, greatest) * 2 for value in hours)}"
    yield f"{language.say(chart.title)}: {_range([0.0, greatest], chart.unit, language)}"


def _shade(value: float | None, greatest: float) -> str:
    if value is None:
        return _NOTHING
    return (
        _SHADES[min(math.ceil(value / greatest * (len(_SHADES) - 1)), len(_SHADES) - 1)] if greatest > 0 else _SHADES[0]
    )
