"""Rate, errors and latency: what is an anomaly, what is none, and what cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from analyzers.anomalies import AnomalySettings, Direction, Finding, Kind, Scope
from analyzers.anomalies.detecting import find_anomalies
from analyzers.anomalies.source import StoreSource
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.thresholds import Severity
from tests.analyzers.anomalies.traffic import local, spread, weeks_before

HOUR = timedelta(hours=1)
NOW = local("2025-03-12T11:00")
SCOPE = Scope(zone="Europe/Lisbon")


def usual(requests: int, errors: int = 0, slow: int = 0, weeks: int = 6) -> list[Document]:
    """Return the hour before ``NOW`` of each of the weeks before."""
    found: list[Document] = []
    for then in weeks_before(NOW - HOUR, weeks):
        found += spread(then, HOUR, requests - errors - slow)
        found += spread(then, HOUR, errors, status=500) if errors else []
        found += spread(then, HOUR, slow, seconds=1.5) if slow else []
    return found


def judged(kind: Kind, *parts: Iterable[Document], settings: AnomalySettings | None = None) -> Finding:
    """Return what one detector finds as of ``NOW``."""
    store = MemoryStore([document for part in parts for document in part])
    chosen = settings or AnomalySettings(kinds=(kind,), scope=SCOPE)
    return find_anomalies(StoreSource(store, SCOPE), chosen, NOW)[0]


def test_four_times_the_requests_are_an_anomaly() -> None:
    """100 an hour are usual, 400 come: the sentence says so, and from how many requests."""
    found = judged(Kind.RATE, usual(100), spread(NOW - HOUR, HOUR, 400))
    assert (found.severity, found.direction, found.observed) == (Severity.WARNING, Direction.ABOVE, 400)
    assert found.sentence.startswith("rate above: 400 requests, usual 100, plausible ")
    assert found.sentence.endswith("in the 1 hour to 2025-03-12 11:00:00 UTC")
    assert found.expected is not None
    assert found.expected[0] < 100 < found.expected[1] < 400
    assert found.score > 6


def test_far_more_than_that_is_critical() -> None:
    """Thousands of requests where a hundred are usual."""
    assert judged(Kind.RATE, usual(100), spread(NOW - HOUR, HOUR, 3000)).severity is Severity.CRITICAL


def test_two_requests_instead_of_one_are_no_anomaly() -> None:
    """At night one request is usual; two, or forty, are too few to say anything."""
    for number in (2, 40):
        found = judged(Kind.RATE, usual(1), spread(NOW - HOUR, HOUR, number))
        assert (found.severity, found.direction) == (Severity.OK, Direction.WITHIN)


def test_an_incident_in_the_baseline_moves_nothing() -> None:
    """A flood a week ago and an outage two weeks ago: 100 are as usual, 400 are not."""
    flood = spread(NOW - HOUR - timedelta(weeks=1), HOUR, 5000)
    assert judged(Kind.RATE, usual(100), flood, spread(NOW - HOUR, HOUR, 110)).severity is Severity.OK
    assert judged(Kind.RATE, usual(100), flood, spread(NOW - HOUR, HOUR, 400)).severity is Severity.WARNING


def test_too_few_weeks_are_unmeasured() -> None:
    """Two weeks are no baseline, whatever comes."""
    found = judged(Kind.RATE, usual(100, weeks=2), spread(NOW - HOUR, HOUR, 900))
    assert found.severity is Severity.UNMEASURED
    assert "2 weeks to compare with, 3 needed" in found.sentence


def working_days(holiday: bool) -> list[Document]:  # noqa: FBT001 - which of two days it is
    """Return six weeks of 60 requests an hour from 6:00 to 16:00 on working days and 6 on others, up to ``NOW``."""
    found: list[Document] = []
    for back in range(42, -1, -1):
        midnight = (NOW - timedelta(hours=11)) - timedelta(days=back)
        free = midnight.weekday() >= 5 or (back == 0 and holiday)
        for hour in range(6, 16):
            if midnight + hour * HOUR < NOW - HOUR:
                found += spread(midnight + hour * HOUR, HOUR, 6 if free else 60)
    return found


def test_a_holiday_is_no_anomaly_and_a_sudden_drop_is_one() -> None:
    """Six requests where sixty are usual: as a Sunday has, on a day that was a Sunday since the morning."""
    few = spread(NOW - HOUR, HOUR, 6)
    assert judged(Kind.RATE, working_days(holiday=True), few).severity is Severity.OK
    found = judged(Kind.RATE, working_days(holiday=False), few)
    assert (found.severity, found.direction) == (Severity.WARNING, Direction.BELOW)


def test_errors_need_evidence() -> None:
    """Three of 60 may be chance; eighteen of 60 are not, and as their share is surely above 5 % they are critical."""
    base = usual(60)
    thin = [*spread(NOW - HOUR, HOUR, 57), *spread(NOW - HOUR, HOUR, 3, status=500)]
    assert judged(Kind.ERRORS, base, thin).severity is Severity.OK
    found = judged(Kind.ERRORS, base, [*spread(NOW - HOUR, HOUR, 42), *spread(NOW - HOUR, HOUR, 18, status=503)])
    assert (found.severity, found.observed, found.events) == (Severity.CRITICAL, 0.3, 60)
    assert "30.0 % (18 of 60 requests) failed" in found.sentence


def test_ten_failures_of_ten_are_too_thin() -> None:
    """Fewer requests than the least number are unmeasured, also where all of them fail."""
    found = judged(Kind.ERRORS, usual(60), spread(NOW - HOUR, HOUR, 10, status=500))
    assert found.severity is Severity.UNMEASURED


def test_what_fails_every_week_at_this_hour_is_usual() -> None:
    """A job of this hour fails a third of its requests every week, and nothing fails at other hours: that is known."""
    others = [each for then in weeks_before(NOW, 6) for each in spread(then, HOUR, 700)]
    failing = [*spread(NOW - HOUR, HOUR, 60), *spread(NOW - HOUR, HOUR, 30, status=500)]
    assert judged(Kind.ERRORS, usual(90, errors=30), others, failing).severity is Severity.OK
    assert judged(Kind.ERRORS, usual(90), others, failing).severity is Severity.CRITICAL


def test_slow_requests_are_those_beyond_the_usual_95th_percentile() -> None:
    """Usually 0.1 s, and 3 of 100 take 1.5 s; when half take 1.5 s that is an anomaly, when five do it is none."""
    base = usual(100, slow=3)
    half = [*spread(NOW - HOUR, HOUR, 50), *spread(NOW - HOUR, HOUR, 50, seconds=1.5)]
    found = judged(Kind.LATENCY, base, half)
    assert (found.severity, found.direction, found.observed) == (Severity.WARNING, Direction.ABOVE, 0.5)
    assert "50.0 % (50 of 100 requests) took 0.102 s or more" in found.sentence
    few = [*spread(NOW - HOUR, HOUR, 95), *spread(NOW - HOUR, HOUR, 5, seconds=1.5)]
    assert judged(Kind.LATENCY, base, few).severity is Severity.OK


def test_the_long_window_finds_what_is_too_rare_for_an_hour() -> None:
    """Four failures an hour of 200 requests are nothing by the hour, 24 of 1,200 in six hours are; until they end."""
    base: list[Document] = []
    for then in weeks_before(NOW - HOUR, 6):
        base += spread(then - 5 * HOUR, 6 * HOUR, 1200)
    rare = [*spread(NOW - 6 * HOUR, 6 * HOUR, 1176), *spread(NOW - 6 * HOUR, 6 * HOUR, 24, status=500)]
    found = judged(Kind.ERRORS, base, rare)
    assert found.severity is Severity.WARNING
    assert found.window.length == 6 * HOUR
    over = [*spread(NOW - 6 * HOUR, 6 * HOUR, 1176), *spread(NOW - 6 * HOUR, 5 * HOUR, 24, status=500)]
    assert judged(Kind.ERRORS, base, over).severity is Severity.OK


def test_weights_widen_what_is_plausible() -> None:
    """Six of twenty failures in a sample of one in ten say less than sixty of two hundred requests."""
    base = usual(200)
    kept = [*spread(NOW - HOUR, HOUR, 17, weight=10), *spread(NOW - HOUR, HOUR, 3, status=500, weight=10)]
    whole = [*spread(NOW - HOUR, HOUR, 170), *spread(NOW - HOUR, HOUR, 30, status=500)]
    assert judged(Kind.ERRORS, base, kept).severity is Severity.OK
    assert judged(Kind.ERRORS, base, whole).severity is Severity.CRITICAL


def test_events_after_the_instant_change_nothing() -> None:
    """An evaluation can be replayed: what came later is not looked at, not even of the same hour."""
    base, now = usual(100), spread(NOW - HOUR, HOUR, 100)
    later = [*spread(NOW, HOUR, 5000, status=500, seconds=9.0)]
    kinds = (Kind.RATE, Kind.ERRORS, Kind.LATENCY)
    for kind in kinds:
        assert judged(kind, base, now) == judged(kind, base, now, later)


@pytest.mark.parametrize("kind", [Kind.RATE, Kind.ERRORS, Kind.LATENCY, Kind.ERROR_DRIFT, Kind.LATENCY_DRIFT])
def test_an_empty_store_is_unmeasured(kind: Kind) -> None:
    """Absent data is never health."""
    assert judged(kind).severity is Severity.UNMEASURED
