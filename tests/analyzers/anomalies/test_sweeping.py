"""Many instants over one read have the answers of one evaluation each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from analyzers.anomalies import Finding, Kind, Scope
from analyzers.anomalies.clients import StoreClients
from analyzers.anomalies.detecting import find_anomalies
from analyzers.anomalies.episodes import Judged, Tally, summarize
from analyzers.anomalies.finding import Direction
from analyzers.anomalies.floods import find_floods, find_scans
from analyzers.anomalies.silence import find_silence
from analyzers.anomalies.source import StoreSource
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import QueryError, Window
from analyzers.thresholds import Severity
from atalaia.demo.profile import OFFICE_ZONE
from benchmarks.anomalies.history import documents
from benchmarks.anomalies.incidents import WARM_UP, Incident, Planted
from benchmarks.anomalies.scoring import START, defaults, fill

MINUTE = timedelta(minutes=1)
SCOPE = Scope(zone=OFFICE_ZONE.key)
NOON = START + timedelta(hours=12)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with four weeks, and a day with an outage, a flood and a scan around noon."""
    incidents = (
        Planted(Incident.OUTAGE, Window(NOON, NOON + 40 * MINUTE)),
        Planted(Incident.FLOOD, Window(NOON + 60 * MINUTE, NOON + 75 * MINUTE)),
        Planted(Incident.SCAN, Window(NOON + 80 * MINUTE, NOON + 88 * MINUTE)),
        Planted(Incident.SILENCE, Window(NOON + 90 * MINUTE, NOON + 180 * MINUTE)),
    )
    with EmbeddedStore(tmp_path_factory.mktemp("sweep") / "store", writable=True) as filled:
        fill(filled, 7, 1, incidents)
        yield filled


def alone(store: Store, detectors: Detectors, instant: datetime, *, seasonal: bool) -> tuple[Finding, ...]:
    """Return what single evaluations find, each with queries of its own."""
    found: list[Finding] = []
    assert detectors.anomalies is not None
    assert detectors.silence is not None
    assert detectors.floods is not None
    assert detectors.scans is not None
    if seasonal:
        found += find_anomalies(StoreSource(store, SCOPE), detectors.anomalies, instant)
        found.append(find_silence(StoreSource(store, SCOPE), detectors.silence, instant))
    found += find_floods(StoreClients(store, SCOPE), detectors.floods, instant)
    return (*found, *find_scans(StoreClients(store, SCOPE), detectors.scans, instant))


def test_a_sweep_finds_what_single_evaluations_find(store: Store) -> None:
    """Every finding of every instant is equal: numbers, sentences, also of what is well or unmeasured."""
    span = Window(NOON - 10 * MINUTE, NOON + 130 * MINUTE)
    sweep = Sweep(store, defaults(), span, lambda _done, _total: None, step=20 * MINUTE)
    swept = list(sweep)
    assert len(swept) == len(sweep) == 28
    kinds: set[Kind] = set()
    for number, (instant, findings) in enumerate(swept, start=1):
        assert findings == alone(store, defaults(), instant, seasonal=number % 4 == 0)
        kinds |= {each.kind for each in findings if each.severity.breached}
    assert kinds >= {Kind.ERRORS, Kind.LATENCY, Kind.FLOOD, Kind.SCAN, Kind.SILENCE}


def test_parts_of_minutes_are_refused() -> None:
    """What was read by the minute cannot answer for half of one."""
    span = Window(START, START + timedelta(seconds=90))
    with pytest.raises(QueryError, match="parts of minutes"):
        Sweep(MemoryStore(), Detectors(), span, lambda _done, _total: None)


def test_the_invented_history_is_the_same_every_time() -> None:
    """The same seed gives the same documents, another one others."""
    begin = START - WARM_UP
    once, again = list(documents(begin, 2, 5, ())), list(documents(begin, 2, 5, ()))
    assert once == again
    assert once != list(documents(begin, 2, 6, ()))


def found(minute: int, severity: Severity, score: float = 1.0) -> Judged:
    """Return an instant with one finding."""
    at = START + minute * MINUTE
    window = Window(at - MINUTE, at)
    return at, (Finding(Kind.RATE, {}, severity, window, None, None, score, 0, Direction.WITHIN, f"at {minute}"),)


def test_findings_that_follow_each_other_are_one_episode() -> None:
    """A gap of half an hour is bridged, a longer one is not; the worst finding speaks; unmeasured ones are counted."""
    summary = summarize(
        [
            found(0, Severity.WARNING, 8),
            found(15, Severity.CRITICAL, 7),
            found(30, Severity.OK),
            found(45, Severity.WARNING, 9),
            found(60, Severity.UNMEASURED),
            found(90, Severity.WARNING, 5),
        ]
    )
    assert [(each.found, each.last, each.worst.sentence) for each in summary.episodes] == [
        (START, START + 45 * MINUTE, "at 15"),
        (START + 90 * MINUTE, START + 90 * MINUTE, "at 90"),
    ]
    assert summary.tallies == {Kind.RATE: Tally(5, 1, "at 60")}
