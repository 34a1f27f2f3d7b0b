"""The report's charts: Vega-Lite by altair, drawn to SVG.

Colours are CSS variables of the page, so that one drawing serves light, dark and print. What nothing was recorded for
is a gap in a line and a hatched band (``url(#unmeasured)``, a pattern of the page) across the plot, never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, cast

import altair as alt
import vl_convert

from analyzers.fields import RESPONSE_TIME
from analyzers.reports.model import Slot, WeeklyReport
from analyzers.store.query import Range

_Record: TypeAlias = dict[str, str | float | None]

WIDE: Final = 640
NARROW: Final = 300
_HEIGHT: Final = 180
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
_PERCENTILES: Final = ("p50", "p95", "p99")
_DASHES: Final = ([2, 2], [1, 0], [6, 3])
_VERSION: Final = "6.4"
"""The Vega-Lite that altair 6 writes and vl-convert carries."""


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
    """Draw the requests of every elapsed hour as bars."""
    start = report.window.start
    hours = [((slot.window.start - start).total_seconds() / 3600, slot) for slot in report.hours]
    ends = {begin: begin + slot.window.length.total_seconds() / 3600 for begin, slot in hours}
    bars: list[_Record] = [
        {"from": begin, "to": ends[begin], "value": slot.totals.requests} for begin, slot in hours if slot.totals
    ]
    silent: list[_Record] = [{"from": begin, "to": ends[begin]} for begin, slot in hours if slot.totals is None]
    days = [(slot.window.start - start).total_seconds() / 3600 for slot in report.days]
    names = ", ".join(f"'{day:g}': {_quoted(label)}" for day, label in zip(days, labels, strict=True))
    axis = alt.Axis(values=days, labelExpr=f"({{{names}}})['' + datum.value]", labelAlign="left", title=None, grid=True)
    whole = alt.Scale(domain=[0, report.window.length.total_seconds() / 3600], nice=False)
    x = alt.X("from:Q", scale=whole, axis=axis)
    band = _base(silent).mark_rect(color="url(#unmeasured)", opacity=1).encode(x=x, x2="to:Q")
    bar = (
        _base(bars)
        .mark_rect(color="var(--accent)")
        .encode(
            x=x,
            x2="to:Q",
            y=alt.Y("value:Q", title="requests", axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=True)),
            y2=alt.datum(0),
        )
    )
    return _drawn([band, bar])


def latency_limit(report: WeeklyReport) -> float | None:
    """Return the response time in seconds that an objective promises to stay under."""
    goods = (promise.objective.good for promise in report.promises)
    return next((good.lt for good in goods if isinstance(good, Range) and good.field == RESPONSE_TIME), None)


def error_limit(report: WeeklyReport) -> Fraction | None:
    """Return the bad share that an objective promises to stay under."""
    return next((1 - each.objective.target for each in report.promises if each.objective.shows_bad), None)


def _base(records: list[_Record]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=records))


def _days(labels: Sequence[str]) -> alt.X:
    return alt.X(
        "day:O",
        scale=alt.Scale(domain=list(labels)),
        axis=alt.Axis(title=None, labelAngle=0, labelOverlap="greedy", labelSeparation=6),
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
