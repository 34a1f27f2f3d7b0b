"""The analyses, on numbers worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analyzers.analysis import Selection, State
from analyzers.jobs import ANALYSES
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Calendar, CalendarUnit, Field, Window
from analyzers.thresholds import load_thresholds
from tests.analyzers.events import at, request, requests

START = at("2024-01-15T10:00:00Z")
HOUR = Window(START, START + timedelta(hours=1))
PRODUCTION = load_thresholds("production")


@pytest.mark.parametrize(
    ("good", "bad", "state", "words"),
    [
        (96, 4, State.MET, "error rate ok: 4.00 % (4 of 100 requests), below the warning threshold of 5 %"),
        (
            95,
            5,
            State.MISSED,
            "error rate warning: 5.00 % (5 of 100 requests), at or above the warning threshold of 5 %",
        ),
        (
            9,
            1,
            State.MISSED,
            "error rate critical: 10.00 % (1 of 10 requests), at or above the critical threshold of 10 %",
        ),
        (
            950_01,
            4999,
            State.MET,
            "error rate ok: 4.999 % (4,999 of 100,000 requests), below the warning threshold of 5 %",
        ),
        (0, 0, State.UNMEASURED, "error rate unmeasured: no requests in this window"),
    ],
)
def test_the_error_rate_is_judged_exactly(good: int, bad: int, state: State, words: str) -> None:
    """At 5 % it warns, at 10 % it is critical, just below it does neither, and nothing is no health."""
    found = ANALYSES["errors"].run(Fake(good, bad), Selection(HOUR), PRODUCTION)
    assert (found.state, found.verdict) == (state, words)
    assert found.rows == (found.total,)


class Fake(MemoryStore):
    """A store that holds so many good and bad requests."""

    def __init__(self, good: int, bad: int) -> None:
        super().__init__(requests(START, good, bad))


def test_errors_by_endpoint() -> None:
    """Each endpoint has its own counts, the one without a route comes last, and the total has them all."""
    store = MemoryStore(
        [
            request(START, 200, route="/a"),
            request(START, 503, route="/a"),
            request(START, 499, route="/b"),
            request(START, 500, route=None),
            request(HOUR.end, 500, route="/b"),
        ],
    )
    found = ANALYSES["errors"].run(store, Selection(HOUR, (Field("http.route"),)), PRODUCTION)
    assert [tuple(row.values()) for row in found.rows] == [("/a", 2, 1, 0.5), ("/b", 1, 0, 0.0), (None, 1, 1, 1.0)]
    assert found.total == {"requests": 4, "errors": 2, "error_rate": 0.5}
    assert [column.name for column in found.columns] == ["http.route", "requests", "errors", "error_rate"]


def test_availability_is_the_complement() -> None:
    """95 of 100 is 95 %: at the warning threshold's complement, so missed."""
    found = ANALYSES["availability"].run(Fake(95, 5), Selection(HOUR), PRODUCTION)
    assert found.total == {"requests": 100, "good": 95, "availability": 0.95}
    assert found.state is State.MISSED
    assert "at or below the warning threshold of 95 %" in found.verdict
    nothing = ANALYSES["availability"].run(MemoryStore(), Selection(HOUR), PRODUCTION)
    assert nothing.total == {"requests": 0, "good": 0, "availability": None}
    assert nothing.state is State.UNMEASURED


def test_latency_percentiles_and_coverage() -> None:
    """0.1 to 2.0 s in twenty steps: nearest rank gives the 10th, 19th and 20th; 19th is below 2 s."""
    store = MemoryStore([request(START, seconds=n / 10) for n in range(1, 21)] + [request(START, seconds=None)])
    found = ANALYSES["latency"].run(store, Selection(HOUR), PRODUCTION)
    assert found.total == {"requests": 21, "measured": 20, "p50": 1.0, "p95": 1.9, "p99": 2.0}
    assert found.state is State.MET
    assert found.verdict == "response time ok: p95 1.90 s (over 20 of 21 requests), below the warning threshold of 2 s"


@pytest.mark.parametrize(("p95", "word"), [(1.999, "ok"), (2.0, "warning"), (4.999, "warning"), (5.0, "critical")])
def test_latency_at_its_thresholds(p95: float, word: str) -> None:
    """2 s has reached the warning, 5 s the critical threshold."""
    found = ANALYSES["latency"].run(MemoryStore([request(START, seconds=p95)]), Selection(HOUR), PRODUCTION)
    assert found.verdict.startswith(f"response time {word}:")


def test_latency_without_a_response_time_is_unmeasured() -> None:
    """Access logs have no response time: three requests, none measured."""
    found = ANALYSES["latency"].run(
        MemoryStore([request(START, seconds=None) for _ in range(3)]), Selection(HOUR), PRODUCTION
    )
    assert found.state is State.UNMEASURED
    assert found.verdict == "response time unmeasured: none of 3 requests has a response time"


def test_throughput_divides_by_what_lies_in_the_window() -> None:
    """Over 90 minutes from 10:30: the first bucket has 1,800 s of its hour, the second 3,600 s."""
    window = Window(START + timedelta(minutes=30), START + timedelta(hours=2))
    store = MemoryStore(requests(window.start, 36) + requests(START + timedelta(hours=1), 72))
    selection = Selection(window, (Calendar(CalendarUnit.HOUR, "America/Sao_Paulo"),))
    found = ANALYSES["throughput"].run(store, selection, PRODUCTION)
    assert [(row["requests"], row["requests_per_second"]) for row in found.rows] == [(36, 0.02), (72, 0.02)]
    assert found.total == {"requests": 108, "requests_per_second": 0.02}


def test_throughput_of_a_day_of_23_hours() -> None:
    """31 March 2024 in Berlin has 82,800 s: 82,800 requests are one a second."""
    window = Window(at("2024-03-31T00:00:00+01:00"), at("2024-04-01T00:00:00+02:00"))
    store = MemoryStore(requests(window.start, 828))
    found = ANALYSES["throughput"].run(
        store, Selection(window, (Calendar(CalendarUnit.DAY, "Europe/Berlin"),)), PRODUCTION
    )
    assert found.rows[0]["requests_per_second"] == pytest.approx(0.01, rel=1e-15)


def test_silence_is_not_throughput() -> None:
    """A window without requests is unmeasured; each analysis has a line of help."""
    found = ANALYSES["throughput"].run(MemoryStore(), Selection(HOUR), PRODUCTION)
    assert (found.state, found.total["requests_per_second"]) == (State.UNMEASURED, 0.0)
    assert all(job.name == name and job.description for name, job in ANALYSES.items())
