"""The weekly report as one self-contained HTML page: no scripts, nothing loaded from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from analyzers.reports.model import WeeklyReport
from analyzers.reports.wording import week_title, wording_for

if TYPE_CHECKING:
    from analyzers.reports.charts import Chart


def render_html(report: WeeklyReport, locale: str = "en") -> str:
    """Return the page.

    Args:
        report: What to show.
        locale: Whose number and date formats, such as ``en`` or ``pt_BR``. The words are English.

    Raises:
        AtalaiaError: When there is no such locale.
    """
    # The chart libraries take long to import, and most who import this package draw nothing.
    from analyzers.reports.charts import error_chart, latency_chart, request_chart  # noqa: PLC0415

    wording = wording_for(locale, ZoneInfo(report.zone))
    labels = [wording.day(slot.window) for slot in report.days]
    return (
        _environment()
        .get_template("weekly.html")
        .render(
            report=report,
            title=week_title(report.week),
            before=week_title(report.week.previous),
            say=wording,
            charts={
                "latency": _inline(latency_chart(report, labels)),
                "errors": _inline(error_chart(report, labels)),
                "requests": _inline(request_chart(report, labels)),
            },
        )
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("analyzers.reports"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _inline(chart: Chart) -> dict[str, Markup]:
    """Mark the drawings as safe: the chart library escapes the text it writes into SVG."""
    return {"wide": Markup(chart.wide), "narrow": Markup(chart.narrow)}  # noqa: S704  # our own drawing, see above
