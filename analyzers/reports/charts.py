"""The report's charts: Vega-Lite by altair, drawn to SVG.

Colours are CSS variables of the page, so that one drawing serves light, dark and print. What nothing was recorded for
is a gap in a line and a hatched band (``url(#unmeasured)``, a pattern of the page) across the plot, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Final, TypeAlias, cast

import altair as alt
import vl_convert

from analyzers.reports.model import Slot, WeeklyReport

_Record: TypeAlias = dict[str, str | float | None]

WIDE: Final = 640
NARROW: Final = 300
_HEIGHT: Final = 180
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_PERCENTILES: Final = ("p50", "p95", "p99")
_DASHES: Final = ([2, 2], [1, 0], [6, 3])
_VERSION: Final = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""The Vega-Lite that altair writes, as vl-convert names it."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart for two widths; the page shows the one that fits.

    Attributes:
        wide: SVG for a desk.
        narrow: SVG for a telephone.
    """

    wide: str
    narrow: str


def latency_chart(report: WeeklyReport, labels: Sequence[str]) -> Chart:
    """Draw p50, p95 and p99 of each day, with the objective's limit where there is one."""
    records: list[_Record] = [
        {"day": label, "which": name, "value": getattr(slot.totals, name) if slot.totals else None}
        for label, slot in zip(labels, report.days, strict=True)
        for name in _PERCENTILES
    ]
    lines = _base(records).mark_line(
        point=alt.OverlayMarkDef(size=36), strokeWidth=2, invalid="break-paths-filter-domains"
    )
    encoded = lines.encode(
        x=_days(labels),
        y=alt.Y("value:Q", title="seconds", axis=alt.Axis(tickCount=5)),
        color=alt.Color("which:N", scale=alt.Scale(domain=list(_PERCENTILES), range=_shades()), legend=_legend()),
        strokeDash=alt.StrokeDash("which:N", scale=alt.Scale(domain=list(_PERCENTILES), range=list(_DASHES))),
    )
    limit = latency_limit(report)
    marks = [] if limit is None else _threshold(limit, f"{limit:g} s")
    return _drawn([_gaps(report.days, labels), encoded, *marks])


def error_chart(report: WeeklyReport, labels: Sequence[str]) -> Chart:
    """Draw the error rate of each day in percent, with the objective's limit where there is one."""
    records: list[_Record] = [
        {"day": label, "value": None if slot.totals is None else 100 * (slot.totals.error_rate or 0)}
        for label, slot in zip(labels, report.days, strict=True)
    ]
    lines = _base(records).mark_line(point=alt.OverlayMarkDef(size=36, color="var(--accent)"), strokeWidth=2)
    encoded = lines.encode(
        x=_days(labels),
        y=alt.Y("value:Q", title="percent of requests", axis=alt.Axis(tickCount=5)),
        color=alt.value("var(--accent)"),
    )
    limit = error_limit(report)
    marks = [] if limit is None else _threshold(float(100 * limit), f"{float(100 * limit):g} %")
    return _drawn([_gaps(report.days, labels), encoded, *marks])


def request_chart(report: WeeklyReport, labels: Sequence[str]) -> Chart:
    """Draw the requests of every elapsed hour as bars, and the silent hours as bands."""
    x = _elapsed(report, labels)
    bars = _base(_bars(report)).mark_rect(color="var(--accent)")
    y = alt.Y("value:Q", title="requests", axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=True))
    bands = _base(_silences(report)).mark_rect(color="url(#unmeasured)", opacity=1)
    return _drawn([bands.encode(x=x, x2="to:Q"), bars.encode(x=x, x2="to:Q", y=y, y2=alt.datum(0))])


def latency_limit(report: WeeklyReport) -> float | None:
    """Return the response time in seconds that an objective promises to stay under."""
    limits = (promise.objective.limit for promise in report.promises)
    return next((limit for limit in limits if limit is not None), None)


def error_limit(report: WeeklyReport) -> Fraction | None:
    """Return the bad share that an objective promises to stay under."""
    return next((1 - each.objective.target for each in report.promises if each.objective.shows_bad), None)


def _base(records: list[_Record]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=records))


def _days(labels: Sequence[str]) -> alt.X:
    return alt.X(
        "day:O",
        scale=alt.Scale(domain=list(labels)),
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap="parity", labelSeparation=6),
    )


def _shades() -> list[str]:
    return ["var(--quiet)", "var(--accent)", "var(--ink)"]


def _legend() -> alt.Legend:
    return alt.Legend(orient="top", title=None, symbolType="stroke", symbolSize=300, symbolStrokeWidth=2)


def _gaps(days: Sequence[Slot], labels: Sequence[str]) -> alt.Chart:
    """Draw a hatched band over the days that nothing was recorded on."""
    silent: list[_Record] = [{"day": label} for label, slot in zip(labels, days, strict=True) if slot.totals is None]
    mark = _base(silent).mark_rect(color="url(#unmeasured)", opacity=1)
    return cast("alt.Chart", mark.encode(x=_days(labels)))  # altair types it as Any


def _threshold(value: float, text: str) -> list[alt.Chart]:
    record: list[_Record] = [{"limit": value}]
    line = _base(record).mark_rule(color="var(--missed)", strokeDash=[4, 3]).encode(y="limit:Q")
    label = _base(record).mark_text(text=f"limit {text}", color="var(--missed)", align="left", dx=4, dy=-6)
    return [line, label.encode(y="limit:Q", x=alt.value(0))]


def _hours_into(report: WeeklyReport, moment: datetime) -> float:
    return (moment - report.window.start).total_seconds() / 3600


def _bars(report: WeeklyReport) -> list[_Record]:
    return [
        {
            "from": _hours_into(report, slot.window.start),
            "to": _hours_into(report, slot.window.end),
            "value": slot.totals.requests,
        }
        for slot in report.hours
        if slot.totals is not None
    ]


def _silences(report: WeeklyReport) -> list[_Record]:
    """Return the spans of consecutive hours that nothing was recorded in."""
    spans = [list(run) for silent, run in groupby(report.hours, key=lambda slot: slot.totals is None) if silent]
    return [
        {"from": _hours_into(report, span[0].window.start), "to": _hours_into(report, span[-1].window.end)}
        for span in spans
    ]


def _elapsed(report: WeeklyReport, labels: Sequence[str]) -> alt.X:
    """Return an axis of elapsed hours with the days' names where they start: true on days of 23 and 25 hours."""
    days = [_hours_into(report, slot.window.start) for slot in report.days]
    names = ", ".join(f"'{day:g}': {_quoted(label)}" for day, label in zip(days, labels, strict=True))
    axis = alt.Axis(values=days, labelExpr=f"({{{names}}})['' + datum.value]", labelAlign="left", title=None, grid=True)
    return alt.X("from:Q", scale=alt.Scale(domain=[0, _hours_into(report, report.window.end)], nice=False), axis=axis)


def _drawn(layers: Sequence[alt.Chart]) -> Chart:
    return Chart(wide=_svg(layers, WIDE), narrow=_svg(layers, NARROW))


def _svg(layers: Sequence[alt.Chart], width: int) -> str:
    inner = {"width": width, "height": _HEIGHT, "autosize": alt.AutoSizeParams(type="fit", contains="padding")}
    chart = alt.layer(*layers).properties(**inner)
    return vl_convert.vegalite_to_svg(chart.to_dict() | {"config": _config()}, vl_version=_VERSION)


def _config() -> dict[str, object]:
    ink = {"labelColor": "var(--quiet)", "titleColor": "var(--quiet)", "labelFontSize": 11, "titleFontSize": 11}
    axis = {**ink, "domainColor": "var(--line)", "tickColor": "var(--line)", "gridColor": "var(--line)"}
    return {
        "background": "transparent",
        "font": _FONT,
        "padding": 2,
        "view": {"stroke": None},
        "axis": {**axis, "titleFontWeight": "normal"},
        "axisX": {"grid": False},
        "legend": {**ink, "labelFontSize": 12},
        "text": {"fontSize": 11},
    }


def _quoted(text: str) -> str:
    """Return a Vega expression's string literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
