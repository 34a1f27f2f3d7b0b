"""What a sealing run writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers.sla.evidence import Restatement
from analyzers.sla.ledger import SealOptions, SealSummary, evidence_of, seal
from analyzers.store.document import Document
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store, StoreError
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.events import at
from tests.analyzers.sla.ledger.traffic import (
    LATENESS,
    MINUTE,
    START,
    Request,
    answers,
    by_minute,
    contract,
    counted,
    message,
    sample,
)

HOUR = timedelta(hours=1)


def sealed_at(store: Store, ledger: Store | None, when: datetime, options: SealOptions | None = None) -> SealSummary:
    """Seal at an instant."""
    return seal(store, ledger, contract(), lambda: when, options)


def bodies(ledger: MemoryStore, kind: str) -> list[object]:
    """Return the ledger's documents of a kind, as they are, in order."""
    documents = sorted(ledger.kept.values(), key=lambda each: str(each.body["@timestamp"]))
    found: list[object] = []
    for each in documents:
        numbers = each.body["sla"]
        assert isinstance(numbers, dict)
        assert isinstance(numbers["slice"], dict)
        if numbers["slice"]["kind"] == kind:
            found.append(dict(each.body))
    return found


def test_a_slice_of_a_minute_and_a_route() -> None:
    """Requests are counted by minute and route: failed ones, timed ones, and each of those in one bucket."""
    requests = [
        Request(START, 200, 9),
        Request(START + timedelta(seconds=59.999), 500, 10),
        Request(START + timedelta(seconds=30), 503, 120_000),
        Request(START + timedelta(seconds=30), 499, None),
        Request(START + MINUTE, 200, 1_999, route=None),
        Request(START, 200, 9, service="another"),
    ]
    store, ledger = MemoryStore(each.document() for each in requests), MemoryStore()
    when = START + timedelta(minutes=7)
    sealed_at(store, ledger, when)
    number = int(when.timestamp() * 1000)
    common = {"service": {"name": "ti-osn", "environment": "production"}}
    first = {"total": 4, "good": 2, "bad": 2, "measured": 3, "revision": 1, "kind": "requests", "seal": number}
    second = {"total": 1, "good": 1, "bad": 0, "measured": 1, "revision": 1, "kind": "requests", "seal": number}
    assert bodies(ledger, "requests") == [
        {
            **common,
            "@timestamp": "2024-01-15T10:00:00.000Z",
            "http": {"route": "/a"},
            "sla": {"slice": {**first, "latency": {"lt_10ms": 1, "lt_20ms": 1, "ge_120000ms": 1}}},
        },
        {
            **common,
            "@timestamp": "2024-01-15T10:01:00.000Z",
            "sla": {"slice": {**second, "latency": {"lt_2000ms": 1}}},
        },
    ]
    assert [each["sla"]["slice"]["events"] for each in bodies(ledger, "presence")] == [4, 1]  # type: ignore[index]
    until = int((START + 2 * MINUTE).timestamp() * 1000)
    assert bodies(ledger, "seal") == [
        {
            **common,
            "@timestamp": "2024-01-15T10:00:00.000Z",
            "sla": {"slice": {"kind": "seal", "seal": number, "revision": 1, "until": until}},
        }
    ]


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 0), (60, 1), (119.999, 1), (120, 2)])
def test_only_what_has_had_its_time_is_sealed(seconds: float, minutes: int) -> None:
    """A minute is sealed once the lateness has passed since its end, not a moment before."""
    store, ledger = MemoryStore([Request(START).document()]), MemoryStore()
    summary = sealed_at(store, ledger, START + LATENESS + timedelta(seconds=seconds))
    assert summary.environments[0].minutes == minutes
    assert len(bodies(ledger, "seal")) == min(minutes, 1)


def test_sealing_again_writes_nothing_but_what_has_come() -> None:
    """A run seals from where the last one ended; silence is sealed, too."""
    store, ledger = MemoryStore([Request(START).document()]), MemoryStore()
    sealed_at(store, ledger, START + timedelta(minutes=6))
    before = dict(ledger.kept)
    again = sealed_at(store, ledger, START + timedelta(minutes=6)).environments[0]
    assert (again.minutes, again.slices, again.restated) == (0, 0, ())
    assert ledger.kept == before
    later = sealed_at(store, ledger, START + timedelta(minutes=9)).environments[0]
    assert later.sealed == (Window(START + MINUTE, START + 4 * MINUTE),)
    assert (later.slices, len(bodies(ledger, "seal"))) == (0, 2)


def test_late_events_restate_visibly() -> None:
    """A revision adds what came too late; the restatement says minute, numbers and seal; before it nothing is new."""
    early = [Request(START, 500), Request(START + MINUTE)]
    store, ledger = MemoryStore(each.document() for each in early), MemoryStore()
    first, second, third = (START + timedelta(minutes=each) for each in (10, 20, 30))
    sealed_at(store, ledger, first)
    hour = Window(START, START + HOUR)
    before = answers(evidence_of(store, ledger, contract(), first), hour)
    late = [Request(START, 500, 5_000), Request(START, 200, None, "/b"), Request(START + 2 * MINUTE)]
    store.append([each.document() for each in late])
    assert answers(evidence_of(store, ledger, contract(), first), hour) == before
    summary = sealed_at(store, ledger, second).environments[0]
    restated = (Restatement(START, 2, 2, 1, second), Restatement(START + 2 * MINUTE, 2, 1, 0, second))
    assert summary.restated == restated
    assert answers(evidence_of(store, ledger, contract(), first), hour) == before
    now = evidence_of(store, ledger, contract(), second)
    assert now.provenance(hour).restatements == restated
    assert now.counts([hour], None, (10, 100, 2_000, 120_000)) == counted([*early, *late], hour)
    store.append([Request(START, 200).document()])
    assert sealed_at(store, ledger, third).environments[0].restated == (Restatement(START, 3, 1, 0, third),)
    found = evidence_of(store, ledger, contract(), third).provenance(hour).restatements
    assert found == (Restatement(START, 3, 3, 1, third), restated[1])
    assert evidence_of(store, ledger, contract(), second).provenance(hour).restatements == restated


def test_a_minute_that_becomes_known_late_is_restated() -> None:
    """A late sample makes an unmeasured minute a measured one, which is said; another of a known minute is not."""
    store, ledger = MemoryStore([Request(START).document(), sample(START)]), MemoryStore()
    first, second = START + timedelta(minutes=20), START + timedelta(minutes=30)
    sealed_at(store, ledger, first)
    store.append([sample(START), sample(START + 5 * MINUTE), message(START + 7 * MINUTE, "backup.completed")])
    summary = sealed_at(store, ledger, second).environments[0]
    minutes = [START + 5 * MINUTE, START + 7 * MINUTE]
    assert [each.minute for each in summary.restated] == minutes
    found = evidence_of(store, ledger, contract(), second)
    assert [each.minute for each in found.provenance(Window(START, START + HOUR)).restatements] == minutes
    assert [each.start for each in found.minutes(Window(START, START + HOUR), None)] == [START, *minutes]


def test_sampled_requests_count_by_their_weight() -> None:
    """A slice counts what its events stand for."""
    requests = [Request(START, 200, 50, weight=20), Request(START, 500, 3_000), Request(START, 200, None, weight=7)]
    store, ledger = MemoryStore(each.document() for each in requests), MemoryStore()
    sealed_at(store, ledger, START + HOUR)
    window = Window(START, START + MINUTE)
    evidence = evidence_of(MemoryStore(), ledger, contract(), START + HOUR)
    assert evidence.counts([window], None, (10, 100, 2_000, 120_000)) == counted(requests, window)
    assert evidence.minutes(window, None) == by_minute(requests, window)


def test_since_leaves_earlier_minutes_for_another_run() -> None:
    """With ``since`` nothing before it is sealed; a later run without it seals the rest, and restates nothing."""
    store, ledger = MemoryStore([Request(START).document(), Request(START + 5 * MINUTE).document()]), MemoryStore()
    when = START + timedelta(minutes=12)
    part = sealed_at(store, ledger, when, SealOptions(since=START + timedelta(minutes=3, seconds=20)))
    assert part.environments[0].sealed == (Window(START + 3 * MINUTE, START + 7 * MINUTE),)
    rest = sealed_at(store, ledger, when).environments[0]
    assert (rest.sealed, rest.slices, rest.restated) == ((Window(START, START + 3 * MINUTE),), 2, ())


def test_a_dry_run_writes_nothing() -> None:
    """It says what would be written, also where there is no ledger yet."""
    store, ledger = MemoryStore([Request(START).document()]), MemoryStore()
    for place in (ledger, None):
        would = sealed_at(store, place, START + HOUR, SealOptions(dry_run=True)).environments[0]
        assert (would.minutes, would.slices) == (55, 2)
    assert not ledger.kept


def test_fewer_raw_events_than_sealed_ones_are_told_and_change_nothing() -> None:
    """The ledger keeps what the disk took; a late event of another minute is added all the same."""
    kept, gone = Request(START), [Request(START + MINUTE, 500), Request(START + MINUTE)]
    whole = MemoryStore(each.document() for each in (kept, *gone))
    ledger = MemoryStore()
    sealed_at(whole, ledger, START + HOUR)
    hour = Window(START, START + timedelta(minutes=55))
    before = evidence_of(whole, ledger, contract(), START + HOUR).counts([hour], None, ())
    late = Request(START + 2 * MINUTE)
    damaged = MemoryStore([kept.document(), late.document()])
    summary = sealed_at(damaged, ledger, START + 2 * HOUR).environments[0]
    assert [(each.requests, each.events) for each in summary.shortfalls] == [(2, 2)]
    assert [each.minute for each in summary.restated] == [START + 2 * MINUTE]
    after = evidence_of(damaged, ledger, contract(), START + 2 * HOUR).counts([hour], None, ())
    assert (after.total, after.errors) == (before.total + 1, before.errors) == (4, 1)


def test_what_expired_is_not_compared() -> None:
    """Sealed time before the first raw event left is named as such, and is no shortfall."""
    later = Request(START + timedelta(days=2))
    ledger = MemoryStore()
    sealed_at(MemoryStore([Request(START).document(), later.document()]), ledger, later.when + HOUR)
    summary = sealed_at(MemoryStore([later.document()]), ledger, later.when + 2 * HOUR).environments[0]
    assert (summary.shortfalls, summary.uncompared) == ((), Window(START, later.when))


def test_backups_are_kept_with_their_instant() -> None:
    """A backup is one document, whenever and however often it is sealed; another action is none."""
    done = START + timedelta(seconds=12.345)
    events = [message(done, "backup.completed", "b-1"), message(done + HOUR, "restore.completed"), message(done + HOUR)]
    store, ledger = MemoryStore([Request(START).document(), *events]), MemoryStore()
    for hours in (1, 2, 3):
        sealed_at(store, ledger, START + hours * HOUR)
    (backup,) = bodies(ledger, "backup")
    assert isinstance(backup, dict)
    assert (backup["@timestamp"], backup["event"]) == ("2024-01-15T10:00:12.345Z", {"action": "backup.completed"})
    evidence = evidence_of(MemoryStore(), ledger, contract(), START + 3 * HOUR)
    assert evidence.backups(Window(START, START + HOUR), "backup.completed") == [done]


def test_every_environment_is_sealed_by_itself() -> None:
    """With ``*`` each environment has its own slices, and the evidence adds them up."""
    store, ledger = MemoryStore([Request(START).document(each) for each in ("production", "staging")]), MemoryStore()
    every = contract("*")
    summary = seal(store, ledger, every, lambda: START + HOUR)
    assert [(each.environment, each.slices) for each in summary.environments] == [("production", 2), ("staging", 2)]
    assert sorted({stream for stream, _ in ledger.kept}) == [
        "metrics-sla.slice-production",
        "metrics-sla.slice-staging",
    ]
    window = Window(START, START + MINUTE)
    evidence = evidence_of(MemoryStore(), ledger, every, START + HOUR)
    assert evidence.counts([window], None, ()).total == 2
    assert [each.total for each in evidence.minutes(window, None)] == [2]
    assert evidence.provenance(window).sealed == (window,)


def test_every_service_is_one_of_its_own() -> None:
    """The service ``*`` is sealed from the events of all, beside what is sealed of one: neither counts in the other."""
    requests = [Request(START), Request(START, service="another"), Request(START, 500, service="")]
    store, ledger = MemoryStore(each.document() for each in requests), MemoryStore()
    window = Window(START, START + MINUTE)
    for service, total in (("ti-osn", 1), ("*", 3)):
        promise = replace(contract(), service=service)
        seal(store, ledger, promise, lambda: START + HOUR)
        found = evidence_of(MemoryStore(), ledger, promise, START + HOUR)
        assert found.counts([window], None, ()).total == total
        assert found.provenance(window).sealed == (window,)


def test_nothing_of_the_service_is_said() -> None:
    """Events of another service are none of this one's."""
    store = MemoryStore([Request(START, service="another").document()])
    assert not sealed_at(store, MemoryStore(), START + HOUR).has_events
    assert not sealed_at(MemoryStore(), MemoryStore(), START + HOUR).has_events
    store.append([sample(START)])
    assert sealed_at(store, MemoryStore(), START + HOUR).has_events


def test_progress_counts_minutes() -> None:
    """A day at a time is told, up to the whole."""
    store, told = MemoryStore([Request(START).document()]), []
    seal(store, MemoryStore(), contract(), lambda: START + timedelta(days=2), None, lambda *each: told.append(each))
    assert told == [(840, 2875), (2280, 2875), (2875, 2875)]


def test_a_refused_slice_is_an_error(tmp_path: Path) -> None:
    """What the ledger does not take is not passed over."""

    def refuse(_: Document) -> str:
        return "no room"

    store = MemoryStore([Request(at("2024-01-15T10:00:00Z")).document()])
    with pytest.raises(StoreError, match="the ledger refuses a slice: no room"):
        sealed_at(store, MemoryStore(refuse=refuse), START + HOUR)
    with EmbeddedStore(tmp_path / "ledger", writable=True):
        pass
    with EmbeddedStore(tmp_path / "ledger") as reading, pytest.raises(StoreError, match="open for reading only"):
        sealed_at(store, reading, START + HOUR)
