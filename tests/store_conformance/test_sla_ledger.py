"""The SLA ledger and its evidence are the same on every store, over month ends and changes of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import uuid4

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger import evidence_of, seal
from analyzers.store.calendar import bucket_starts
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Calendar, CalendarUnit, Window
from tests.analyzers.events import at
from tests.analyzers.sla.ledger.traffic import (
    THRESHOLDS,
    Request,
    answers,
    by_minute,
    contract,
    counted,
    message,
    sample,
)
from tests.store_conformance.backends import BackendTest

CHANGES = {
    "Europe/Lisbon": at("2024-03-31T01:00:00Z"),
    "America/Sao_Paulo": at("2018-02-18T02:00:00Z"),
    "Australia/Lord_Howe": at("2024-10-05T15:30:00Z"),
    "America/New_York": at("2024-02-29T23:00:00Z"),
}
"""Zones, and when their clocks or months change."""
REACH = timedelta(hours=40)
EXAMPLES = {"memory": 15, "embedded": 12, "elasticsearch": 8}
BACKUP = "backup.completed"


@st.composite
def requests(draw: st.DrawFn, middle: datetime) -> Request:
    """Draw a request near an instant."""
    offset = draw(st.integers(-int(REACH.total_seconds()) * 1000, int(REACH.total_seconds()) * 1000))
    return Request(
        middle + timedelta(milliseconds=offset),
        draw(st.sampled_from((200, 404, 499, 500, 503))),
        draw(st.none() | st.sampled_from((0, 9, 10, 99, 100, 1_999, 2_000, 119_999, 120_000, 300_000))),
        draw(st.sampled_from((None, "/a", "/b", "", "/é/<int:id>"))),
        draw(st.sampled_from((1, 1, 1, 10))),
        draw(st.sampled_from(("ti-osn", "ti-osn", "ti-osn", "another"))),
    )


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Request], list[Request], list[datetime]]:
    """Draw a zone, requests that come in time, others that come late, and when something else happened."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    middle = CHANGES[zone]
    seconds = st.integers(-int(REACH.total_seconds()), int(REACH.total_seconds()))
    others = draw(st.lists(seconds.map(lambda each: middle + timedelta(seconds=each)), max_size=8))
    on_time = draw(st.lists(requests(middle), min_size=1, max_size=40))
    return zone, on_time, draw(st.lists(requests(middle), max_size=10)), others


def test_every_store_has_the_same_evidence(backend: BackendTest) -> None:
    """Slices, restatements, counts, minutes and backups are those of the definition, and of the store in memory."""
    name = type(backend).__name__.removesuffix("Backend").lower().replace("elastic", "elasticsearch")

    @given(histories())
    @settings(
        max_examples=EXAMPLES[name],
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def same(history: tuple[str, list[Request], list[Request], list[datetime]]) -> None:
        environment = f"t{uuid4().hex}"
        with backend.fresh() as store, backend.fresh() as ledger:
            found = told(store, ledger, environment, history)
        assert found == told(MemoryStore(), MemoryStore(), environment, history)

    same()


def told(
    store: Store, ledger: Store, environment: str, history: tuple[str, list[Request], list[Request], list[datetime]]
) -> list[str]:
    """Ingest, seal, ingest what is late, seal again; return everything that is said, once it is right."""
    zone, on_time, late, others = history
    middle = CHANGES[zone]
    whole = Window(middle - REACH - timedelta(hours=1), middle + REACH + timedelta(hours=1))
    first, second = whole.end + timedelta(hours=1), whole.end + timedelta(hours=2)
    promise = contract(environment, zone)
    start = Request(whole.start)
    store.append([start.document(environment), *(each.document(environment) for each in on_time)])
    store.append([*beside(others, environment)])
    summaries = [repr(seal(store, ledger, promise, lambda: first))]
    store.append([each.document(environment) for each in late])
    as_of_first = evidence_of(store, ledger, promise, first)
    check(as_of_first, [start, *on_time], whole, zone, others)
    said = answers(as_of_first, whole, (None, "/a", ""))
    summaries.append(repr(seal(store, ledger, promise, lambda: second)))
    assert answers(evidence_of(store, ledger, promise, first), whole, (None, "/a", "")) == said
    as_of_second = evidence_of(store, ledger, promise, second)
    check(as_of_second, [start, *on_time, *late], whole, zone, others)
    check(evidence_of(store, None, promise, second), [start, *on_time, *late], whole, zone, others)
    return [*summaries, said, answers(as_of_second, whole, (None, "/a", ""))]


def beside(others: Sequence[datetime], environment: str) -> list[Document]:
    """Return messages, samples and backups in turn."""
    backups = [message(when, BACKUP, f"backup-{number}", environment) for number, when in enumerate(others[2::3])]
    messages = [message(when, None, "", environment) for when in others[1::3]]
    return [*(sample(when, environment) for when in others[::3]), *messages, *backups]


def check(
    evidence: Evidence, expected: Sequence[Request], whole: Window, zone: str, others: Sequence[datetime]
) -> None:
    """Make sure that evidence says what plain Python counts, by days and hours of the zone, and by minutes."""
    for unit in (CalendarUnit.DAY, CalendarUnit.HOUR):
        starts = bucket_starts(Calendar(unit, zone), whole)
        windows = [Window(start, end) for start, end in pairwise(starts)]
        for route in (None, "/a", ""):
            found = evidence.series(windows, route, THRESHOLDS)
            assert [counts for _, counts in found] == [counted(expected, window, route) for window in windows]
    minutes = {each.start: each for each in evidence.minutes(whole, "/a")}
    known = {each.start for each in by_minute(expected, whole)}
    known |= {each.replace(second=0, microsecond=0) for each in others}
    assert set(minutes) == known
    assert [each for each in minutes.values() if each.total] == [
        each for each in by_minute(expected, whole, "/a") if each.total
    ]
    assert evidence.backups(whole, BACKUP) == sorted({*others[2::3]})
