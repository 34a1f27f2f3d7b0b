"""The monthly report: its agreement over the ledger, its budgets, what is unmeasured."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from analyzers.analysis import State, Unit
from analyzers.blocks import Figures, Picture, Table
from analyzers.charts.definition import TimeChart
from analyzers.language import Amount, Message, english
from analyzers.reports.answer import Answer
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind
from analyzers.reports.json import report_document
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question, Sources, built_in
from analyzers.sla.ledger import seal
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Equals
from tests.analyzers.reports.finding import block, figures, rows
from tests.analyzers.reports.weeks_data import HOSTILE, ZONE, two_weeks

MONTH = parse_period(Kind.MONTHLY, "2024-03")
"""Both weeks are in it: 231 requests, of which 5 failed on the 25th."""
MADE = MONTH.window(ZONE).end + timedelta(days=1)
CONTRACT = built_in(ZONE)


def made(store: MemoryStore, ledger: MemoryStore | None = None) -> Answer:
    """Report March 2024."""
    return build_report(Sources(store, ledger), Question(MONTH, ZONE, CONTRACT, MADE))


def test_the_budget_burns_down_day_by_day() -> None:
    """Of 231 requests none may fail by 99.9 %; five did on the 25th, and the line falls there to five below nothing."""
    report = made(MemoryStore(two_weeks())).report
    picture = block(report, "agreement", "burn_down_availability", Picture)
    assert isinstance(picture.chart, TimeChart)
    [series] = picture.chart.series
    values = [each.value for each in series.points]
    assert (values[:24], values[24:]) == ([0.0] * 24, [-5.0] * 7)
    assert [each.value for each in picture.chart.limits] == [0.0]
    [availability, *_] = rows(block(report, "agreement", "budgets", Table))
    assert (availability["size"], availability["spent"], availability["remaining"]) == (0, 5, -5)


def test_a_month_without_requests_has_no_budget() -> None:
    """Nothing sizes a budget: it is unmeasured, neither whole nor spent, and nothing is drawn."""
    report = made(MemoryStore()).report
    budgets = rows(block(report, "agreement", "budgets", Table))
    assert budgets
    assert {each[name] for each in budgets for name in ("size", "spent", "remaining")} == {None}
    [agreement] = [each for each in report.sections if each.name == "agreement"]
    assert not [each for each in agreement.blocks if isinstance(each, Picture)]


def test_a_sealed_month_outlasts_its_events() -> None:
    """With all events expired the agreement is judged from the ledger as before; the rest is unmeasured, not zero."""
    store, ledger = MemoryStore(two_weeks()), MemoryStore()
    seal(store, ledger, CONTRACT, lambda: MADE - timedelta(hours=1))
    before, after = made(store, ledger), made(MemoryStore(), ledger)
    assert after.report.verdict == before.report.verdict
    assert after.report.state is State.MISSED
    assert {each.value for each in figures(after.report).values()} == {None}
    provenance = report_document(after)["provenance"]
    assert isinstance(provenance, dict)
    assert (provenance["raw"], provenance["revision"]) == ([], 1)


def test_the_agreement_counts_by_its_own_zone() -> None:
    """A contract of another zone has another month: that is said."""
    question = Question(MONTH, ZONE, replace(CONTRACT, zone="America/Sao_Paulo"), MADE)
    report = build_report(Sources(MemoryStore(two_weeks())), question).report
    assert "The agreement counts by the calendar of America/Sao_Paulo." in [english(each) for each in report.notes]


def test_capacity_without_samples_is_unmeasured() -> None:
    """No day on which a disk is full is made up."""
    report = made(MemoryStore(two_weeks())).report
    left = block(report, "capacity", "days_left", Figures).figures
    assert [(each.name, each.value) for each in left] == [("disk_days_left", None), ("connections_days_left", None)]


def test_capacity_counts_the_requests_that_the_report_is_of() -> None:
    """The hostile route was asked for on one day; all routes on five, or six with the week before."""
    question = Question(MONTH, ZONE, CONTRACT, MADE, Equals("http.route", HOSTILE))
    report = build_report(Sources(MemoryStore(two_weeks())), question).report
    [busiest] = rows(block(report, "capacity", "capacity", Table))
    assert busiest["used"] == Amount(5, Unit.COUNT)
    assert english(cast("Message", busiest["outlook"])).startswith("cannot be told: 1 day is measured")
