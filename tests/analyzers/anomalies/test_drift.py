"""What creeps up over days is found, what comes and goes is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from analyzers.anomalies import AnomalySettings, Finding, Kind, Scope
from analyzers.anomalies.detecting import find_anomalies
from analyzers.anomalies.source import StoreSource
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.anomalies.traffic import local, spread

SCOPE = Scope(zone="Europe/Lisbon")
NOW = local("2025-03-12T08:00")
DAY = timedelta(days=1)
REQUESTS = 200


def judged(kind: Kind, bad: Callable[[int], int], days: int = 42) -> Finding:
    """Return the drift where, so many days back, so many of the day's 200 requests were slow (or failed)."""
    store = MemoryStore()
    for back in range(1, days + 1):
        noon = NOW - back * DAY
        few = bad(back)
        store.append(spread(noon, timedelta(hours=4), REQUESTS - few))
        if few and kind is Kind.ERROR_DRIFT:
            store.append(spread(noon, timedelta(hours=4), few, status=500))
        elif few:
            store.append(spread(noon, timedelta(hours=4), few, seconds=2.0))
    settings = AnomalySettings(kinds=(kind,), scope=SCOPE)
    return find_anomalies(StoreSource(store, SCOPE), settings, NOW)[0]


def test_a_share_that_creeps_up_is_found() -> None:
    """6 of 200 are slow, in the last eight days two more each day: 22 at the end, which no hour of 20 would show."""
    found = judged(Kind.LATENCY_DRIFT, lambda back: 6 + max(0, 2 * (9 - back)))
    assert found.severity is Severity.WARNING
    # 8 + 10 + ... + 22 = 120 slow ones of the eight days' 1,600
    assert "7.5 % of 1,600 requests took 0.102 s or more over 8 days, usual 3.0 %" in found.sentence
    assert found.score > 8


def test_errors_creep_as_well() -> None:
    """One failure of 200 a day is usual; three, four and five a day for ten days are a drift."""
    found = judged(Kind.ERROR_DRIFT, lambda back: 3 + back % 3 if back <= 10 else 1)
    assert found.severity is Severity.WARNING
    assert "failed" in found.sentence


def test_what_is_as_always_is_no_drift() -> None:
    """Shares that vary from day to day as they always have."""
    assert judged(Kind.LATENCY_DRIFT, lambda back: 4 + 3 * back % 5).severity is Severity.OK


def test_single_bad_days_are_no_drift() -> None:
    """Two days on which half of the requests were slow are for the hourly judgement."""
    assert judged(Kind.LATENCY_DRIFT, lambda back: 100 if back in {2, 9} else 6).severity is Severity.OK


def test_a_drift_ends_when_it_is_over() -> None:
    """Three days after the slow ones nothing is said, though the sum of two weeks still remembers them."""
    assert judged(Kind.LATENCY_DRIFT, lambda back: 24 if 1 <= back <= 8 else 6).severity is Severity.WARNING
    assert judged(Kind.LATENCY_DRIFT, lambda back: 24 if 4 <= back <= 11 else 6).severity is Severity.OK


def test_too_few_days_are_unmeasured() -> None:
    """Twenty days are no three weeks."""
    assert judged(Kind.LATENCY_DRIFT, lambda _back: 6, days=20).severity is Severity.UNMEASURED
