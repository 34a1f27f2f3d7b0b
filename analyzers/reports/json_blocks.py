"""The blocks of a report as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias
from zoneinfo import ZoneInfo

from analyzers.analysis import State
from analyzers.blocks import (
    Advice,
    Block,
    Cell,
    Change,
    Figure,
    Figures,
    Judged,
    Picture,
    Prose,
    Recommendations,
    Table,
    plain_of,
)
from analyzers.charts.definition import Chart, HeatMap, Ranking, TimeChart
from analyzers.language import Amount, Message, english
from analyzers.store.document import JsonValue
from analyzers.store.query import Window
from analyzers.units import Unit

_Object: TypeAlias = dict[str, JsonValue]


def block_object(block: Block, zone: ZoneInfo) -> JsonValue:
    """Return a block; instants stand on the zone's clock, with its offset."""
    match block:
        case Figures():
            return {each.name: _figure(each) for each in block.figures}
        case Table():
            return _table(block, zone)
        case Picture():
            return {
                "title": english(block.title),
                **_chart(block.chart, zone),
                **({} if block.note is None else {"note": english(block.note)}),
            }
        case Prose():
            return [english(each) for each in block.sentences]
        case Recommendations():
            return [_advice(each) for each in block.advice]


def window_object(window: Window, zone: ZoneInfo) -> _Object:
    """Return the bounds of a window."""
    return {"start": window.start.astimezone(zone).isoformat(), "end": window.end.astimezone(zone).isoformat()}


def _figure(figure: Figure) -> _Object:
    return {
        "title": english(figure.title),
        "unit": figure.unit.value,
        "value": figure.value,
        "basis": english(figure.basis),
        "state": None if figure.state is None else figure.state.value,
        "change": None if figure.change is None else _change(figure.change, figure.unit),
    }


def _change(change: Change, unit: Unit) -> _Object:
    return {
        "before": change.before,
        "difference": change.difference,
        "difference_is": "difference" if unit is Unit.RATIO else "relative",
        "trend": change.trend.value,
        "significance": change.significance,
        "method": None if change.method is None else english(change.method),
    }


def _table(table: Table, zone: ZoneInfo) -> _Object:
    names = [each.name for each in table.headings]
    return {
        "title": english(table.title),
        "columns": {each.name: {"title": english(each.title), "unit": each.unit.value} for each in table.headings},
        "rows": [{name: _cell(cell, zone) for name, cell in zip(names, row, strict=True)} for row in table.rows],
        **({} if table.note is None else {"note": english(table.note)}),
    }


def _cell(cell: Cell, zone: ZoneInfo) -> JsonValue:
    value = plain_of(cell)
    if isinstance(value, Judged | Decimal | Fraction):
        return float(value.value if isinstance(value, Judged) else value)
    if isinstance(value, Message | Window | Amount):
        return _made(value, zone)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, State):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _made(value: Message | Window | Amount, zone: ZoneInfo) -> JsonValue:
    match value:
        case Message():
            return english(value)
        case Window():
            return window_object(value, zone)
        case Amount():
            return _number(value)


def _number(amount: Amount) -> float | None:
    value = amount.value
    return value if value is None or isinstance(value, int) else float(value)


def _chart(chart: Chart, zone: ZoneInfo) -> _Object:
    match chart:
        case TimeChart():
            return _time_chart(chart, zone)
        case Ranking():
            bars: list[JsonValue] = [{"name": _plain_name(each.name), "value": each.value} for each in chart.bars]
            return {"unit": chart.unit.value, "axis": english(chart.axis), "bars": bars}
        case HeatMap():
            return {"unit": chart.unit.value, "axis": english(chart.title), "values": _lists(chart.values)}


def _time_chart(chart: TimeChart, zone: ZoneInfo) -> _Object:
    return {
        "unit": chart.unit.value,
        "axis": english(chart.axis),
        "window": window_object(chart.window, zone),
        "series": {
            english(series.name): [{**window_object(each.window, zone), "value": each.value} for each in series.points]
            for series in chart.series
        },
        "limits": [{"title": english(each.title), "value": each.value} for each in chart.limits],
        "excluded": [window_object(each, zone) for each in chart.excluded],
    }


def _lists(values: Sequence[Sequence[float | None]]) -> list[JsonValue]:
    return [list(row) for row in values]


def _advice(advice: Advice) -> _Object:
    return {
        "rule": advice.rule,
        "title": english(advice.title),
        "evidence": [english(each) for each in advice.evidence],
        "gain": english(advice.gain),
        "commands": list(advice.commands),
        "page": advice.page,
    }


def _plain_name(name: Message | str) -> str:
    return english(name) if isinstance(name, Message) else name
