"""The weekly report's numbers, worked out by hand from ``weeks_data``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.blocks import Picture, Prose, Table, Trend
from analyzers.charts.definition import HeatMap, TimeChart
from analyzers.language import english
from analyzers.reports.answer import Answer
from analyzers.reports.building import build_report
from analyzers.reports.document import Report
from analyzers.reports.question import Question, Sources, built_in
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Equals, Predicate, Window
from tests.analyzers.events import at, request, requests
from tests.analyzers.reports.finding import block, figures, rows
from tests.analyzers.reports.weeks_data import HOSTILE, WEEK, ZONE, two_weeks

MADE = WEEK.window(ZONE).end + timedelta(hours=6)


def made(store: MemoryStore, where: Predicate | None = None) -> Answer:
    """Report week 13 by the objectives that are built in."""
    question = Question(WEEK, ZONE, built_in(ZONE), MADE)
    if where is not None:
        question = Question(WEEK, ZONE, built_in(ZONE), MADE, where)
    return build_report(Sources(store), question)


@pytest.fixture(scope="module")
def report() -> Report:
    """The report of week 13."""
    return made(MemoryStore(two_weeks())).report


def test_the_figures(report: Report) -> None:
    """100 + 30 + 1 requests, 5 failed; of 130 timed ones the 65th takes 0.1 s, the 124th 0.2 s, the 129th 3 s."""
    found = {name: each.value for name, each in figures(report).items()}
    seconds = 95 * 0.1 + 5 * 3 + 30 * 0.2
    assert (found["total_requests"], found["errors"], found["error_rate"]) == (131, 5, 5 / 131)
    assert (found["p50"], found["p95"], found["p99"]) == (0.1, 0.2, 3.0)
    assert found["avg_response_time"] == pytest.approx(seconds / 130)
    assert english(figures(report)["p95"].basis) == "130 of 131 requests timed"


def test_changes(report: Report) -> None:
    """31 % more requests, and the rest: one common weekday is too little to tell chance of any of them."""
    changes = {name: each.change for name, each in figures(report).items()}
    more, rate, p99 = changes["total_requests"], changes["error_rate"], changes["p99"]
    assert more is not None
    assert rate is not None
    assert p99 is not None
    assert (more.before, more.trend) == (100, Trend.UNSURE)
    assert more.difference == pytest.approx(0.31)
    assert (rate.difference, rate.trend, rate.significance) == (5 / 131, Trend.UNSURE, None)
    assert p99.difference == pytest.approx(29)


def test_half_a_week_before_is_told(report: Report) -> None:
    """Of week 12 only Monday has requests: nobody should take 31 % more for growth."""
    said = [english(each) for each in report.notes]
    assert "Of the period before 1 of 7 days have requests: changes of totals are due to that, too." in said


def test_more_requests_on_every_day_are_neither_good_nor_bad() -> None:
    """From 10 requests to 20 on seven of seven days: sure, and nothing to be judged."""
    both = (WEEK.previous.window(ZONE).start, WEEK.window(ZONE).start)
    events = [
        each
        for number, start in enumerate(both, 1)
        for day in range(7)
        for each in requests(start + timedelta(days=day, hours=12), 10 * number)
    ]
    change = figures(made(MemoryStore(events)).report)["total_requests"].change
    assert change is not None
    assert (change.trend, change.significance) == (Trend.NEUTRAL, 2 / 2**7)


def test_what_the_measured_part_missed_is_in_the_headline() -> None:
    """Half of two requests failed in one measured minute of the 95 % that are demanded: unmeasured, and not fine."""
    contract = replace(built_in(ZONE), coverage=Fraction(95, 100))
    store = MemoryStore(requests(WEEK.window(ZONE).start, 1, 1))
    report = build_report(Sources(store), Question(WEEK, ZONE, contract, MADE)).report
    headline, first, *_ = map(english, report.verdict)
    assert report.state is State.UNMEASURED
    assert headline == "3 of 3 objectives unmeasured; missed by the measured part: availability, error rate"
    assert first.startswith("availability unmeasured")


def test_tables_say_of_how_many_they_show_the_first() -> None:
    """Twelve endpoints with an error, a timed request and one more each: ten are shown, of 12, and 10 of 12 errors."""
    start = WEEK.window(ZONE).start
    events = [request(start, status, route=f"/{number:02}") for number in range(12) for status in (200, 500)]
    report = made(MemoryStore(events)).report
    named = (
        ("bottlenecks", "bottlenecks_total", "Of 12 endpoints."),
        ("endpoints", "busiest", "Of 12 endpoints."),
        ("endpoints", "failing", "Of 12 endpoints."),
        ("errors", "errors", "10 of 12 errors."),
    )
    for section, name, told in named:
        table = block(report, section, name, Table)
        assert len(table.rows) == 10
        assert table.note is not None
        assert english(table.note) == told


def test_a_change_of_every_day_is_sure() -> None:
    """From 0.1 s to 0.2 s on seven of seven days: by the signed-rank test chance does so in 2 of 2**7 cases."""
    both = (WEEK.previous.window(ZONE).start, WEEK.window(ZONE).start)
    hours = [
        (start + timedelta(days=day, hours=12), 0.1 * (number + 1))
        for number, start in enumerate(both)
        for day in range(7)
    ]
    store = MemoryStore([each for when, seconds in hours for each in requests(when, 30, seconds=seconds)])
    change = figures(made(store).report)["p95"].change
    assert change is not None
    assert (change.trend, change.significance) == (Trend.WORSE, 2 / 2**7)


def test_what_was_not_measured_says_what_to_run(report: Report) -> None:
    """Without any sample connections and cache hits are unmeasured, not zero."""
    found = figures(report)
    assert [found[name].value for name in ("db_connections_peak", "cache_hit_ratio")] == [None, None]
    said = [english(each) for each in block(report, "summary", "unmeasured", Prose).sentences]
    assert any("atalaia metrics run --postgresql DSN" in each for each in said)


def test_the_verdict_comes_with_its_numbers(report: Report) -> None:
    """126 of 131 is 96.18 %; 125 of 130 timed ones under 2 s is 96.15 %."""
    assert report.state is State.MISSED
    whole, *each = map(english, report.verdict)
    assert whole == "2 of 3 objectives missed: availability, error rate"
    assert [one.split(";")[0] for one in each] == [
        "availability missed, 96.18 % of 99.9 %",
        "error rate missed, 3.82 %, under 1 % promised",
        "latency met, 96.15 % of 95 %",
    ]


def test_the_notes(report: Report) -> None:
    """What the numbers rest on: no contract, five of seven days."""
    said = [english(each) for each in report.notes]
    assert any("sla.toml" in each for each in said)
    assert "5 of 7 days have requests." in said


def test_days(report: Report) -> None:
    """Seven days with two empty ones, as unmeasured."""
    found = rows(block(report, "trends", "days", Table))
    assert [each["requests"] for each in found] == [100, None, None, 10, 10, 10, 1]
    assert [each["day"] for each in found] == [date(2024, 3, 25) + timedelta(days=number) for number in range(7)]


def test_charts_have_gaps_where_nothing_was_measured(report: Report) -> None:
    """167 hours, of which four have timed requests; 2 s is the limit that is drawn."""
    chart = block(report, "trends", "latency", Picture).chart
    assert isinstance(chart, TimeChart)
    assert [len(each.points) for each in chart.series] == [167, 167, 167]
    assert sum(point.value is not None for point in chart.series[0].points) == 4
    assert [each.value for each in chart.limits] == [2.0]


def test_peaks(report: Report) -> None:
    """Monday at nine; the heat map's hour that Sunday lacks is unmeasured, and so is every quiet one."""
    found = rows(block(report, "peaks", "busiest_hours", Table))
    start = at("2024-03-25T09:00:00+01:00")
    assert (found[0]["hour"], found[0]["requests"]) == (Window(start, start + timedelta(hours=1)), 100)
    chart = block(report, "peaks", "requests_by_hour", Picture).chart
    assert isinstance(chart, HeatMap)
    known = {(day, hour): value for day, line in enumerate(chart.values) for hour, value in enumerate(line) if value}
    assert known == {(0, 9): 100, (3, 12): 10, (4, 12): 10, (5, 12): 10, (6, 23): 1}
    assert chart.values[6][2] is None


def test_bottlenecks(report: Report) -> None:
    """Of 30.5 s the five failed ones take 15 s; measured five times, their route has no p95 worth ranking."""
    found = rows(block(report, "bottlenecks", "bottlenecks_total", Table))
    assert [each["endpoint"] for each in found] == ["/a", HOSTILE]
    assert [each["seconds"] for each in found] == pytest.approx([15.5, 15.0])
    assert found[1]["share"] == pytest.approx(15 / 30.5)
    assert rows(block(report, "bottlenecks", "bottlenecks_database", Table)) == []
    slowest = rows(block(report, "bottlenecks", "bottlenecks_p95", Table))
    assert [(each["endpoint"], each["p95"]) for each in slowest] == [("/a", 0.2)]


def test_endpoints(report: Report) -> None:
    """``/a`` has the most requests; only the hostile one failed, with status 500."""
    busiest = rows(block(report, "endpoints", "busiest", Table))
    assert [each["requests"] for each in busiest] == [125, 5, 1]
    failing = rows(block(report, "endpoints", "failing", Table))
    assert [(each["endpoint"], each["errors"], each["error_rate"]) for each in failing] == [(HOSTILE, 5, 1.0)]
    assert rows(block(report, "errors", "errors", Table)) == [{"endpoint": HOSTILE, "status": "500", "errors": 5}]


def test_a_filter_applies_to_the_numbers_of_requests() -> None:
    """Filtered to one endpoint the numbers are of its requests only; the agreement is that of the whole service."""
    answer = made(MemoryStore(two_weeks()), Equals("http.route", HOSTILE))
    found = figures(answer.report)
    assert (found["total_requests"].value, found["errors"].value) == (5, 5)
    assert english(answer.report.verdict[1]).startswith("availability missed, 96.18 %")
    assert any("http.route" in english(each) for each in answer.report.notes)


def test_an_empty_week_is_unmeasured() -> None:
    """Without events nothing is judged and nothing is zero."""
    answer = made(MemoryStore())
    assert answer.report.state is State.UNMEASURED
    assert english(answer.report.verdict[0]).startswith("3 of 3 objectives unmeasured: ")
    assert {each.value for each in figures(answer.report).values()} == {None}
    assert (set(answer.held_since.values()), rows(block(answer.report, "peaks", "busiest_hours", Table))) == (
        {None},
        [],
    )
