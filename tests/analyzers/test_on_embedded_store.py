"""The analyses on the real embedded store give what the naive store in memory gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from analyzers.alerts import AlertState, Policy, check_alerts
from analyzers.alerts.rules.loading import default_rules
from analyzers.analysis import Selection
from analyzers.jobs import ANALYSES
from analyzers.reports.building import build_report
from analyzers.reports.json import report_document
from analyzers.reports.question import Question, Sources, built_in
from analyzers.selection import parse_where
from analyzers.sla import run as run_sla
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.open import open_store
from analyzers.store.query import Calendar, CalendarUnit, Field, Window
from analyzers.store.schema import load_schema
from analyzers.thresholds import load_thresholds
from analyzers.verification.leaves import compare
from analyzers.verification.report_estimates import near_values
from tests.analyzers.events import request
from tests.analyzers.reports.weeks_data import WEEK, ZONE, two_weeks

PRODUCTION = load_thresholds("production")


def traffic() -> list[Document]:
    """Return 2,000 requests over the week in which Berlin lost an hour, and the two weeks of the report's tests."""
    dice = random.Random(3)  # noqa: S311  # the same traffic at every run
    start = WEEK.window(ZONE).start
    events = [
        request(
            start + timedelta(seconds=dice.randrange(167 * 3600)),
            dice.choice([200, 200, 200, 404, 500, 503]),
            dice.choice([None, round(dice.lognormvariate(-0.5, 1), 4)]),
            dice.choice(["/a", "/b", "/çedilha", None]),
        )
        for _ in range(2000)
    ]
    return events + two_weeks()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The embedded and the naive store, with the same events."""
    documents, folder = traffic(), Path(tmp_path_factory.mktemp("embedded")) / "data"
    with open_store(str(folder), writable=True) as store:
        assert store.append(documents).stored == len(documents)
        yield store, MemoryStore(documents)


@pytest.mark.parametrize("unit", list(CalendarUnit)[-4:])
@pytest.mark.parametrize("where", ["", "endpoint:/a* or status_code >= 500", "not endpoint:* and response_time < .5"])
def test_every_analysis_agrees(stores: tuple[Store, Store], unit: CalendarUnit, where: str) -> None:
    """Rows, totals, states and verdicts are the same, by bucket and endpoint, filtered or not."""
    by = (Calendar(unit, "Europe/Berlin"), Field("http.route"))
    predicate = parse_where(where, load_schema("logs-web.request-*"))
    selection = Selection(Window(WEEK.window(ZONE).start, WEEK.window(ZONE).end), by, predicate)
    for job in ANALYSES.values():
        embedded, naive = (job.run(store, selection, PRODUCTION) for store in stores)
        assert embedded == naive
    embedded, naive = (run_sla(store, selection) for store in stores)
    assert embedded == naive


def test_the_report_agrees(stores: tuple[Store, Store]) -> None:
    """Every number of the report is the same, sums of doubles but for rounding; only the store's name differs."""
    question = Question(WEEK, ZONE, built_in(ZONE), WEEK.window(ZONE).end)
    embedded, naive = (report_document(build_report(Sources(store), question)) for store in stores)
    for report in (embedded, naive):
        del report["store"], report["question_hash"]
    values, differences = compare(embedded, naive, near_values(0))
    assert (values > 1000, differences) == (True, ())


def test_alerts_agree(stores: tuple[Store, Store], tmp_path: Path) -> None:
    """Both find the same: a third of the requests fail; this log-normal has p95 = exp(1.145) = 3.1 s."""
    now = datetime(2024, 3, 31, 12, tzinfo=UTC)
    rules = default_rules(window=timedelta(days=1)).rules
    found = []
    for number, store in enumerate(stores):
        with AlertState(tmp_path / f"{number}.db") as state:
            found.append(check_alerts(store, rules, state, Policy(), lambda: now).signals)
    assert found[0] == found[1]
    assert [each.severity for each in found[0][:2]] == ["critical", "warning"]
