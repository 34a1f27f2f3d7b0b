"""Reports: a model, then its renderings."""

from analyzers.reports.building import weekly_report
from analyzers.reports.html import render_html
from analyzers.reports.json import to_json
from analyzers.reports.model import WeeklyReport
from analyzers.reports.weeks import IsoWeek, last_complete_week, parse_week

__all__ = [
    "IsoWeek",
    "WeeklyReport",
    "last_complete_week",
    "parse_week",
    "render_html",
    "to_json",
    "weekly_report",
]
