"""The daily report's numbers, worked out by hand from ``weeks_data`` and a few samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from analyzers.blocks import Change, Figures, Table
from analyzers.language import english
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind, Report
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.sla.contract.model import Exclusion
from analyzers.sla.contract.naming import written
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.reports.finding import block, figures, rows
from tests.analyzers.reports.weeks_data import HOSTILE, WEEK, ZONE, two_weeks

DAY = parse_period(Kind.DAILY, "2024-03-25")
"""The Monday of week 13."""
MADE = DAY.window(ZONE).end + timedelta(hours=8)


def sample(when: datetime, number: int, connections: int, blocks: tuple[int, int]) -> Document:
    """Return a sample of a PostgreSQL server."""
    hit, read = blocks
    server: JsonValue = {"connections": {"used": {"count": connections}, "limit": 97}}
    database: JsonValue = {"interval": {"blocks": {"hit": hit, "read": read}}}
    body: dict[str, JsonValue] = {
        "@timestamp": when.isoformat(),
        "postgresql": {"address": "db:5432", "server": server, "database": database},
    }
    return Document("metrics-postgresql.server-production", f"sample-{number}", body)


def samples() -> list[Document]:
    """Return two samples of the day and one of the day before."""
    start = DAY.window(ZONE).start
    return [
        sample(start - timedelta(hours=5), 1, 20, (80, 20)),
        sample(start + timedelta(hours=9), 2, 60, (900, 100)),
        sample(start + timedelta(hours=10), 3, 40, (1000, 0)),
    ]


@pytest.fixture(scope="module")
def report() -> Report:
    """The report of the Monday, on which an hour of maintenance was agreed."""
    start = DAY.window(ZONE).start
    night = Exclusion(Window(start + timedelta(hours=2), start + timedelta(hours=3)), "new disks", "ana")
    contract = replace(built_in(ZONE), exclusions=(night,))
    store = MemoryStore([*two_weeks(), *samples()])
    return build_report(Sources(store), Question(DAY, ZONE, contract, MADE)).report


def test_the_documented_figures(report: Report) -> None:
    """95 requests of 0.1 s, 5 failed ones of 3 s; at most 60 connections; 1,900 of 2,000 blocks found in the cache."""
    found = {name: each.value for name, each in figures(report).items()}
    assert found["avg_response_time"] == pytest.approx((95 * 0.1 + 5 * 3) / 100)
    assert (found["p50"], found["p95"], found["p99"]) == (0.1, 0.1, 3.0)
    assert (found["total_requests"], found["error_rate"]) == (100, 0.05)
    assert (found["db_connections_peak"], found["cache_hit_ratio"]) == (60, 0.95)


def test_each_stands_beside_the_day_before_and_the_week_before(report: Report) -> None:
    """On Sunday there was no request, but a sample; on the Monday before 100 good ones, and no sample."""
    before = {name: each.change for name, each in figures(report).items()}
    week = {each.name: each.change for each in block(report, "week_before", "figures", Figures).figures}
    assert [_compared(before[name]) for name in ("total_requests", "db_connections_peak")] == [(None, None), (20, 2)]
    assert [_compared(week[name]) for name in ("total_requests", "error_rate", "db_connections_peak")] == [
        (100, 0),
        (0, 0.05),
        (None, None),
    ]


def _compared(change: Change | None) -> tuple[float | None, float | None]:
    assert change is not None
    return change.before, change.difference


def test_one_day_tests_no_change(report: Report) -> None:
    """No change of a day is called significant."""
    changes = [each.change for each in figures(report).values() if each.change is not None]
    assert {each.significance for each in changes} == {None}


def test_the_hours_and_the_errors(report: Report) -> None:
    """All at nine; five of them failed, on one endpoint."""
    [hour] = rows(block(report, "traffic", "busiest_hours", Table))
    assert (hour["requests"], hour["error_rate"]) == (100, 0.05)
    assert [each["endpoint"] for each in rows(block(report, "errors", "failing", Table))] == [HOSTILE]


def test_the_agreement_of_the_day_and_of_the_month_so_far(report: Report) -> None:
    """95 of 100 good on the day; the month has 200 requests so far, may have none that fails, and has five."""
    found = rows(block(report, "agreement", "objectives", Table))
    assert [(each["objective"], each["good"], each["total"]) for each in found] == [
        (written("availability"), 95, 100),
        (written("latency"), 95, 100),
        (written("error_rate"), 95, 100),
    ]
    budgets = rows(block(report, "agreement", "budgets", Table))
    assert [(each["size"], each["spent"], each["remaining"]) for each in budgets] == [
        (0, 5, -5),
        (10, 5, 5),
        (1, 5, -4),
    ]


def test_maintenance_is_told(report: Report) -> None:
    """When, why, and who agreed."""
    assert (
        "Maintenance does not count for the agreement: 2024-03-25 01:00 UTC to 2024-03-25 02:00 UTC, new disks "
        "(agreed by ana)."
    ) in [english(each) for each in report.notes]


def test_a_day_that_is_not_over_says_so() -> None:
    """As of when it was made, and so far."""
    noon = WEEK.window(ZONE).start + timedelta(hours=12)
    found = build_report(Sources(MemoryStore(two_weeks())), Question(DAY, ZONE, built_in(ZONE), noon)).report
    assert "The period is not over: as of 2024-03-25 11:00 UTC." in [english(each) for each in found.notes]
