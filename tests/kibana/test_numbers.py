"""The numbers of panels beside those of two other sources: the log files themselves, and our own analyses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from analyzers.analysis import Analysis, Selection
from analyzers.jobs import errors, latency
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import Field, Window
from analyzers.store.result import Value
from analyzers.thresholds import Thresholds, load_thresholds
from tests.end_to_end.cli import run_atalaia
from tests.kibana.conftest import Filled
from tests.kibana.lens import Range, Row
from tests.kibana.saved_objects import Json, mapping
from tests.kibana.test_panels import asked

DAY = timedelta(days=1)
WITHIN = 0.05
"""How far Elasticsearch's estimate of a percentile may lie from the nearest rank among some hundred values."""


def whole_day(filled: Filled) -> Range:
    """Return the day of the history."""
    return Range(filled.story.day, filled.story.day + DAY)


def rows_of(filled: Filled, board: str, index: str) -> list[Row]:
    """Return the rows of a panel with one layer of data, over the day of the history."""
    ((_, found),) = asked(filled, board, index, whole_day(filled))
    return found


def single(filled: Filled, board: str, index: str, column: str) -> float:
    """Return the number of a panel with one."""
    (row,) = rows_of(filled, board, index)
    value = row[column]
    assert isinstance(value, float)
    return value


def logged(filled: Filled, wanted: Callable[[dict[str, Json]], bool]) -> int:
    """Count the requests of the log files that are of some kind, by their weights."""
    total = 0
    for path in filled.spool.glob("*.ndjson"):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = mapping(json.loads(line))
            if str(record["timestamp"])[:10] == f"{filled.story.day:%Y-%m-%d}" and wanted(record):
                weight = record.get("sample_weight", 1)
                assert isinstance(weight, int)
                total += weight
    return total


def is_request(record: dict[str, Json]) -> bool:
    """Tell whether a record is of a request."""
    return "status_code" in record


def is_error(record: dict[str, Json]) -> bool:
    """Tell whether a request failed."""
    return is_request(record) and int(str(record["status_code"])) >= 500


def test_the_error_rate_counts_sampled_requests_by_their_weight(filled: Filled) -> None:
    """Requests, errors and their ratio are those of the log files, each record as many times as it stands for."""
    requests, failed = logged(filled, is_request), logged(filled, is_error)
    assert failed > 0
    assert logged(filled, lambda record: "sample_weight" in record) > 0
    assert single(filled, "atalaia-operations", "requests", "requests-count") == requests
    assert single(filled, "atalaia-operations", "errors", "errors-count") == failed
    assert single(filled, "atalaia-operations", "error-rate", "error-rate-share") == failed / requests


def test_a_share_under_a_limit_is_of_the_timed_requests(filled: Filled) -> None:
    """Requests faster than 2 s, of those whose time is known, in the log files."""
    timed = logged(filled, lambda record: is_request(record) and record["response_time"] is not None)
    fast = logged(filled, lambda record: is_request(record) and float(str(record["response_time"])) < 2)
    assert 0 < fast < timed
    assert single(filled, "atalaia-operations", "under-2s", "under-2s-share") == fast / timed


def analysed(filled: Filled, run: Callable[[Store, Selection, Thresholds], Analysis]) -> dict[str, Mapping[str, Value]]:
    """Return the answer of one of our analyses by endpoint over the day."""
    window = Window(filled.story.day, filled.story.day + DAY)
    selection = Selection(window, (Field("http.route"),), stream=f"logs-web.request-{filled.environment}")
    with open_store(filled.url) as store:
        found = run(store, selection, load_thresholds("production"))
    return {str(row["http.route"]): row for row in found.rows}


def test_the_table_of_endpoints_says_what_the_analyses_say(filled: Filled) -> None:
    """Requests, errors and error rate of each endpoint are equal; the percentiles are within an estimate's error."""
    shown = {str(row["busiest-route"]): row for row in rows_of(filled, "atalaia-operations", "busiest-endpoints")}
    failures = analysed(filled, errors.run)
    assert set(shown) == set(failures)
    for route, expected in failures.items():
        assert shown[route]["busiest-requests"] == expected["requests"]
        assert shown[route]["busiest-errors"] == expected["errors"]
        assert shown[route]["busiest-error-rate"] == pytest.approx(expected["error_rate"])


def test_percentiles_lie_near_the_nearest_rank(filled: Filled) -> None:
    """Of the busiest endpoint, p50 and p95 of the panel are those of ``atalaia latency`` but for an estimate's error.

    Percentiles of the panels know no weights, so the hours are those without a sampler.
    """
    window = Window(filled.story.history.start + timedelta(hours=3), filled.story.history.end)
    selection = Selection(window, (Field("http.route"),), stream=f"logs-web.request-{filled.environment}")
    with open_store(filled.url) as store:
        found = latency.run(store, selection, load_thresholds("production"))
    (expected,) = [row for row in found.rows if row["http.route"] == "/api/chamados"]
    ((_, rows),) = asked(filled, "atalaia-operations", "busiest-endpoints", Range(window.start, window.end))
    (row,) = [row for row in rows if row["busiest-route"] == "/api/chamados"]
    assert row["busiest-requests"] == expected["requests"]
    for name in ("p50", "p95"):
        assert row[f"busiest-{name}"] == pytest.approx(expected[name], rel=WITHIN)


def test_the_ledger_says_what_the_agreement_is_judged_by(filled: Filled) -> None:
    """Sealed requests and failures, the late one among them, are what ``atalaia sla show`` judges by."""
    words = ("--contract", str(filled.contract), "--store", filled.url, "--period", f"{filled.story.day:%Y-%m}")
    told = json.loads(run_atalaia("sla", "show", *words, "--format", "json", expect=(0, 1, 2)).stdout)
    (judged,) = told["judgements"]
    measured = judged["measured"]
    total = single(filled, "atalaia-sla", "sealed-requests", "sealed-requests-sum")
    failed = single(filled, "atalaia-sla", "failed-requests", "failed-requests-sum")
    assert total == logged(filled, is_request)
    assert failed == logged(filled, is_error)
    assert measured["total"] >= total
    assert single(filled, "atalaia-sla", "availability", "availability-share") == pytest.approx(1 - failed / total)
    assert single(filled, "atalaia-sla", "budget-used", "budget-used-share") == pytest.approx(1000 * failed / total)


def test_the_budget_burns_down_to_what_is_left(filled: Filled) -> None:
    """The line never rises, and ends where one less the used share is."""
    line = [row["burn-down-left"] for row in rows_of(filled, "atalaia-sla", "burn-down")]
    numbers = [each for each in line if isinstance(each, float)]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] == pytest.approx(1 - single(filled, "atalaia-sla", "budget-used", "budget-used-share"))


def test_the_burn_rate_is_of_the_last_hour_only(filled: Filled) -> None:
    """Looked at when the incident ends, its last hour burns by the failures of that hour, from the log files."""
    end = filled.story.incident.end
    start = f"{end - timedelta(hours=1):%Y-%m-%dT%H}"
    requests = logged(filled, lambda record: is_request(record) and str(record["timestamp"]).startswith(start))
    failed = logged(filled, lambda record: is_error(record) and str(record["timestamp"]).startswith(start))
    ((_, (row,)),) = asked(filled, "atalaia-sla", "burn-1h", Range(filled.story.day, end))
    assert failed > 0
    assert row["burn-1h-rate"] == pytest.approx(1000 * failed / requests)
