"""What evidence says, where it comes from, and as of when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from analyzers.sla.evidence import Minute
from analyzers.sla.ledger import SealOptions, evidence_of, ledger_place, open_ledger, seal
from analyzers.store.interface import StoreError
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.sla.ledger.traffic import MINUTE, START, Request, contract, message, sample

HOUR = timedelta(hours=1)
BACKUP = "backup.completed"


def test_sealed_raw_and_missing() -> None:
    """Each part is answered from where it is: the ledger, else raw events, else nowhere; the future is none of them."""
    store = MemoryStore(Request(START + each * MINUTE).document() for each in range(30))
    ledger = MemoryStore()
    seal(store, ledger, contract(), lambda: START + timedelta(minutes=15))
    as_of = START + timedelta(minutes=20)
    evidence = evidence_of(store, ledger, contract(), as_of)
    found = evidence.provenance(Window(START - HOUR, START + HOUR))
    assert found.sealed == (Window(START, START + 10 * MINUTE),)
    assert found.raw == (Window(START + 10 * MINUTE, as_of),)
    assert found.missing == (Window(START - HOUR, START),)
    assert evidence.counts([Window(START - HOUR, START + HOUR)], None, ()).total == 20
    assert evidence.provenance(Window(as_of, as_of + HOUR)).raw == ()


def test_a_late_event_waits_until_it_is_sealed() -> None:
    """What arrives in sealed time is not counted from raw events beside the slice; in unsealed time it is."""
    store, ledger = MemoryStore([Request(START).document()]), MemoryStore()
    when = START + timedelta(minutes=8)
    seal(store, ledger, contract(), lambda: when)
    store.append([Request(START).document(), Request(START + 4 * MINUTE).document()])
    evidence = evidence_of(store, ledger, contract(), when)
    assert [each.total for each in evidence.minutes(Window(START, START + HOUR), None)] == [1, 1]


def test_only_events_before_the_moment() -> None:
    """Raw events from the moment on do not count, though their minute began before it."""
    store = MemoryStore([Request(START).document(), Request(START + timedelta(seconds=30)).document()])
    moment = START + timedelta(seconds=30)
    evidence = evidence_of(store, None, contract(), moment)
    assert evidence.minutes(Window(START, START + HOUR), None) == [Minute(START, 1, 0)]
    assert evidence.counts([Window(START, START + MINUTE)], None, ()).total == 1
    assert evidence.provenance(Window(START, START + HOUR)).raw == (Window(START, moment),)
    assert evidence_of(store, None, contract(), START).minutes(Window(START, START + HOUR), None) == []


def test_a_minute_is_known_by_any_event_of_the_service() -> None:
    """Messages, samples and requests of other routes make a minute known; other services' events do not."""
    events = [
        Request(START, 500, route="/a").document(),
        Request(START + MINUTE, route="/b").document(),
        message(START + 2 * MINUTE),
        sample(START + 3 * MINUTE),
        Request(START + 4 * MINUTE, service="another").document(),
        Request(START + 5 * MINUTE, route=None).document(),
    ]
    window = Window(START, START + 6 * MINUTE)
    known = [Minute(START, 1, 1), *(Minute(START + each * MINUTE, 0, 0) for each in (1, 2, 3, 5))]
    store, ledger = MemoryStore(events), MemoryStore()
    assert evidence_of(store, None, contract(), START + HOUR).minutes(window, "/a") == known
    seal(store, ledger, contract(), lambda: START + HOUR)
    assert evidence_of(MemoryStore(), ledger, contract(), START + HOUR).minutes(window, "/a") == known


def test_samples_without_requests_left_make_no_minute_known() -> None:
    """Samples are kept for longer than requests: time whose requests have expired is missing, not good."""
    first = Request(START + timedelta(days=1))
    store = MemoryStore([sample(START), sample(first.when), first.document()])
    evidence = evidence_of(store, None, contract(), first.when + HOUR)
    whole = Window(START, first.when + HOUR)
    assert evidence.minutes(whole, None) == [Minute(first.when, 1, 0)]
    assert evidence.provenance(whole).missing == (Window(START, first.when),)


def test_the_last_backup_before_the_window() -> None:
    """Of the time before the window only the last backup counts, sealed or raw; late ones once they are sealed."""
    times = [START + timedelta(hours=each) for each in range(6)]
    events = [message(times[0], BACKUP, "b-0"), message(times[2], BACKUP, "b-2"), message(times[4], BACKUP, "b-4")]
    store, ledger = MemoryStore([Request(START).document(), *events]), MemoryStore()
    seal(store, ledger, contract(), lambda: times[3])
    evidence = evidence_of(store, ledger, contract(), times[5])
    assert evidence.backups(Window(times[3], times[5]), BACKUP) == [times[2], times[4]]
    assert evidence.backups(Window(times[4] + MINUTE, times[5]), BACKUP) == [times[4]]
    assert evidence.backups(Window(START, times[5]), BACKUP) == [times[0], times[2], times[4]]
    assert evidence.backups(Window(START, times[5]), "another") == []
    late = times[2] + 30 * MINUTE
    store.append([message(late, BACKUP, "b-late")])
    window = Window(times[3], times[4])
    assert evidence_of(store, ledger, contract(), times[5]).backups(window, BACKUP) == [times[2]]
    seal(store, ledger, contract(), lambda: times[5])
    assert evidence_of(store, ledger, contract(), times[5]).backups(window, BACKUP) == [late]
    assert evidence_of(store, ledger, contract(), times[3]).backups(window, BACKUP) == [times[2]]
    assert evidence_of(store, None, contract(), times[1]).backups(Window(times[4], times[5]), BACKUP) == [times[0]]


def test_time_that_was_never_sealed_is_asked_of_raw_events() -> None:
    """A hole in the ledger is answered from raw events, on both sides of sealed time."""
    store = MemoryStore(Request(START + each * MINUTE).document() for each in range(40))
    ledger = MemoryStore()
    since = START + 20 * MINUTE
    seal(store, ledger, contract(), lambda: START + 35 * MINUTE, SealOptions(since))
    evidence = evidence_of(store, ledger, contract(), START + HOUR)
    halves = [Window(START + each * MINUTE, START + (each + 10) * MINUTE) for each in (0, 10, 20, 30)]
    assert [each.total for _, each in evidence.series(halves, "/a", ())] == [10, 10, 10, 10]
    found = evidence.provenance(Window(START, START + 40 * MINUTE))
    assert found.sealed == (Window(since, START + 30 * MINUTE),)
    assert found.raw == (Window(START, since), Window(START + 30 * MINUTE, START + 40 * MINUTE))
    assert [each.total for each in evidence.minutes(Window(START, START + HOUR), None)] == [1] * 40


def test_where_the_ledger_is(tmp_path: object) -> None:
    """Beside an embedded store, inside an Elasticsearch, or where it is said to be; a named one must be there."""
    assert ledger_place("./atalaia-data") == "atalaia-data-ledger"
    assert ledger_place("/var/lib/data/") == "/var/lib/data-ledger"
    assert ledger_place("https://es:9200") == "https://es:9200"
    assert ledger_place("https://es:9200", "here") == "here"
    assert open_ledger(f"{tmp_path}/data") is None
    with pytest.raises(StoreError, match="there is no ledger at"):
        open_ledger(f"{tmp_path}/data", f"{tmp_path}/elsewhere")
    with pytest.raises(StoreError, match="is a file"):
        open_ledger(__file__, __file__)
    made = open_ledger(f"{tmp_path}/data", writable=True)
    assert made is not None
    with made:
        assert made.url == f"{tmp_path}/data-ledger"
