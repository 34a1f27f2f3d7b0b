"""The weekly report's numbers, worked out by hand from ``weeks_data``."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from analyzers.analysis import State
from analyzers.reports import WeeklyReport, to_json, weekly_report
from analyzers.reports.model import Trend
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Equals
from tests.analyzers.events import at
from tests.analyzers.reports.weeks_data import HOSTILE, WEEK, ZONE, two_weeks


@pytest.fixture(scope="module")
def report() -> WeeklyReport:
    """The report of week 13."""
    return weekly_report(MemoryStore(two_weeks()), WEEK, ZONE)


def test_totals(report: WeeklyReport) -> None:
    """100 + 30 + 1 requests, 5 failed; of 130 timed ones the 65th and 124th take 0.1 and 0.2 s, the 129th 3 s."""
    totals = report.totals
    assert (totals.requests, totals.errors, totals.measured) == (131, 5, 130)
    assert (totals.p50, totals.p95, totals.p99) == (0.1, 0.2, 3.0)
    assert (report.before.requests, report.before.errors, report.before.p99) == (100, 0, 0.1)


def test_the_verdict_comes_with_its_numbers(report: WeeklyReport) -> None:
    """126 of 131 is 96.18 %; 125 of 130 timed ones under 2 s is 96.15 %; five days have events."""
    assert report.state is State.MISSED
    assert report.verdict == (
        "availability missed: 96.18 % of 99.9 %; error rate missed: 3.82 %, under 1 % promised; "
        "latency met: 96.15 % of 95 % (judged on 130 of 131 requests) (only 5 of 7 days have events)"
    )
    assert [promise.before.state for promise in report.promises] == [State.MET, State.MET, State.MET]


def test_changes(report: WeeklyReport) -> None:
    """31 % more requests, which is neither good nor bad; the rest got worse, the median stayed."""
    figures = {figure.name: figure for figure in report.figures}
    assert figures["requests"].change == pytest.approx(0.31)
    assert figures["requests"].trend is Trend.NEUTRAL
    assert figures["error_rate"].change == pytest.approx(5 / 131)
    assert figures["error_rate"].trend is Trend.WORSE
    assert figures["availability"].trend is Trend.WORSE
    assert figures["p50"].trend is Trend.NEUTRAL
    assert figures["p99"].change == pytest.approx(29)
    assert figures["errors"].change is None


def test_days_and_hours(report: WeeklyReport) -> None:
    """Seven days with two empty ones; 167 hours, 23 of them on Sunday; silent hours are not zeros."""
    assert [None if day.totals is None else day.totals.requests for day in report.days] == [
        100, None, None, 10, 10, 10, 1,
    ]  # fmt: skip
    assert [day.window.length / timedelta(hours=1) for day in report.days] == [24, 24, 24, 24, 24, 24, 23]
    assert len(report.hours) == 167
    assert sum(hour.totals is not None for hour in report.hours) == 5
    assert report.busiest is not None
    assert report.busiest.window.start == at("2024-03-25T09:00:00+01:00")


def test_endpoints(report: WeeklyReport) -> None:
    """``/a`` has the most requests; only the hostile one failed; with 5 timed requests it is not ranked by p95."""
    assert [each.route for each in report.by_requests] == ["/a", HOSTILE, None]
    assert [each.route for each in report.by_errors] == [HOSTILE]
    assert [(each.route, each.totals.p95) for each in report.slowest] == [("/a", 0.2)]
    assert report.endpoints == 3


def test_a_filter_applies_everywhere() -> None:
    """Filtered to one endpoint the report has its requests only."""
    report = weekly_report(MemoryStore(two_weeks()), WEEK, ZONE, where=Equals("http.route", HOSTILE))
    assert (report.totals.requests, report.before.requests, report.endpoints) == (5, 0, 1)
    assert report.figures[0].change is None


def test_an_empty_week_is_unmeasured() -> None:
    """Without events nothing is judged and nothing is zero but the counts of events."""
    report = weekly_report(MemoryStore(), WEEK, ZONE)
    assert (report.state, report.verdict) == (State.UNMEASURED, "SLA unmeasured: no requests in this window")
    assert all(figure.value is None for figure in report.figures)
    assert report.busiest is None
    assert json.loads(to_json(report, report.window.end))["busiest_hour"] is None


def test_json_has_every_number(report: WeeklyReport) -> None:
    """Programs read fractions, seconds and instants with the zone's offset."""
    content = json.loads(to_json(report, report.window.end))
    assert content["window"] == {"start": "2024-03-25T00:00:00+01:00", "end": "2024-04-01T00:00:00+02:00"}
    assert content["objectives"][0]["now"] == {
        "state": "missed", "good": 126, "total": 131, "requests": 131, "compliance": 126 / 131, "coverage": 1.0,
        "margin": -5,
    }  # fmt: skip
    assert content["days"][1]["measured"] is None
    assert content["endpoints_by_errors"][0]["http.route"] == HOSTILE
    assert (len(content["days"]), len(content["hours"])) == (7, 167)
