"""The weekly report as JSON, for other programs."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from analyzers.question import instant_text, question_hash
from analyzers.reports.model import Endpoint, Figure, Promise, Slot, Totals, WeeklyReport
from analyzers.sampling import as_object
from analyzers.selection import print_where
from analyzers.sla import Compliance
from analyzers.store.document import JsonValue
from analyzers.store.query import EVERYTHING, Window

_Object: TypeAlias = dict[str, JsonValue]


FORM: Final = 1
"""The version of the form. A later one may say more, or say it otherwise."""
QUESTION: Final = ("report", "form", "week", "zone", "where", "store", "made", "held_since")
"""The keys that say what was asked, of what, and when."""


def to_json(report: WeeklyReport, made: datetime) -> str:
    """Return the report as one JSON object, indented, ending in a line feed.

    Ratios are fractions from 0 to 1, times are seconds, instants RFC 3339 with the zone's offset; ``null`` is
    unmeasured.

    Args:
        report: The report.
        made: When it was made.
    """
    return json.dumps(report_document(report, made), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def report_document(report: WeeklyReport, made: datetime) -> _Object:
    """Return the object that :func:`to_json` writes."""
    zone = ZoneInfo(report.zone)
    busiest = report.busiest
    question = _question(report, made)
    content: _Object = {
        **question,
        "question_hash": question_hash(question),
        "window": _window(report.window, zone),
        "state": report.state.value,
        "verdict": report.verdict,
        "figures": [_figure(figure) for figure in report.figures],
        "objectives": [_promise(promise) for promise in report.promises],
        "days": [_slot(slot, zone) for slot in report.days],
        "hours": [_slot(slot, zone) for slot in report.hours],
        "busiest_hour": None if busiest is None else _slot(busiest, zone),
        "endpoints": report.endpoints,
        "endpoints_by_requests": [_endpoint(each) for each in report.by_requests],
        "endpoints_by_errors": [_endpoint(each) for each in report.by_errors],
        "slowest_endpoints": [_endpoint(each) for each in report.slowest],
    }
    if report.sampling is not None:
        content["sampled"] = as_object(report.sampling)
    return content


def _question(report: WeeklyReport, made: datetime) -> _Object:
    return {
        "report": "weekly",
        "form": FORM,
        "week": str(report.week),
        "zone": report.zone,
        "where": None if report.where == EVERYTHING else print_where(report.where),
        "store": report.store,
        "made": instant_text(made),
        "held_since": None if report.held_since is None else instant_text(report.held_since),
    }


def _window(window: Window, zone: ZoneInfo) -> _Object:
    return {"start": window.start.astimezone(zone).isoformat(), "end": window.end.astimezone(zone).isoformat()}


def _figure(figure: Figure) -> _Object:
    return {
        "name": figure.name,
        "unit": figure.unit.value,
        "value": figure.value,
        "events": figure.basis[0],
        "before": figure.before,
        "events_before": figure.basis[1],
        "change": figure.change,
        "change_is": "difference" if figure.unit.value == "ratio" else "relative",
        "trend": figure.trend.value,
    }


def _promise(promise: Promise) -> _Object:
    return {
        "name": promise.objective.name,
        "promise": promise.objective.promise,
        "target": float(promise.objective.target),
        "now": _compliance(promise.now),
        "before": _compliance(promise.before),
    }


def _compliance(each: Compliance) -> _Object:
    return {
        "state": each.state.value,
        "good": each.good,
        "total": each.total,
        "requests": each.requests,
        "compliance": each.share,
        "coverage": each.coverage,
        "margin": each.margin,
    }


def _totals(totals: Totals) -> _Object:
    return {
        "requests": totals.requests,
        "errors": totals.errors,
        "error_rate": totals.error_rate,
        "availability": totals.availability,
        "measured": totals.measured,
        "p50": totals.p50,
        "p95": totals.p95,
        "p99": totals.p99,
    }


def _slot(slot: Slot, zone: ZoneInfo) -> _Object:
    return {**_window(slot.window, zone), "measured": None if slot.totals is None else _totals(slot.totals)}


def _endpoint(each: Endpoint) -> _Object:
    return {"http.route": each.route, **_totals(each.totals)}
