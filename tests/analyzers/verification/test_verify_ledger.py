"""SLA reports derived again where the ledger comes in: expired logs, late events, restatements."""

from __future__ import annotations

import json
from datetime import timedelta

from analyzers.sla.ledger import seal
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.verification import Outcome, Sources, Verification, read_report, verify
from tests.analyzers.verification.made_reports import CONTRACT, MADE, START, event, events, judged

LATER = MADE + timedelta(days=400)
LATE = event(1000, START + timedelta(days=8, hours=5), 500, ingested=MADE + timedelta(hours=1))
NOTHING = MemoryStore()


def sealed(store: Store, ledger: Store, at_hours: float) -> None:
    """Seal, so many hours after the report is made."""
    seal(store, ledger, CONTRACT, lambda: MADE + timedelta(hours=at_hours))


def verified(text: str, store: Store, ledger: Store | None) -> Verification:
    """Verify a report more than a year later."""
    return verify(read_report(text, "it"), Sources(store, ledger, None, LATER))


def test_a_sealed_report_is_derived_from_the_ledger_alone() -> None:
    """Every raw event has expired, and every value is still derived again."""
    store, ledger = MemoryStore(events()), MemoryStore()
    sealed(store, ledger, -1)
    assert verified(judged(store, ledger), NOTHING, ledger).outcome is Outcome.EQUAL


def test_what_was_sealed_later_stands_in_for_expired_events() -> None:
    """Made from raw events, sealed an hour later, expired since: the same numbers, and it is said whence."""
    store, ledger = MemoryStore(events()), MemoryStore()
    text = judged(store)
    sealed(store, ledger, 1)
    found = verified(text, NOTHING, ledger)
    assert (found.outcome, found.differences) == (Outcome.EQUAL, ())
    assert found.notes == ("the raw events have expired: derived from what was sealed after the instant of the report",)


def test_an_edit_is_found_by_what_was_sealed_later() -> None:
    """Also of where the numbers come from: not even a part of that can be changed."""
    store, ledger = MemoryStore(events()), MemoryStore()
    text = judged(store)
    sealed(store, ledger, 1)
    document = json.loads(text)
    document["judgements"][0]["measured"]["bad"] += 1
    [difference] = verified(json.dumps(document), NOTHING, ledger).differences
    assert difference.path == "/judgements/0/measured/bad"
    assert "sealed with the others, before they expired" in difference.why
    for key, bound in (("from", "2024-03-18T00:00:00Z"), ("to", "2024-03-23T00:00:00Z")):
        document = json.loads(text)
        document["judgements"][0]["provenance"]["raw"][0][key] = bound
        assert verified(json.dumps(document), NOTHING, ledger).outcome is not Outcome.EQUAL


def test_late_events_that_were_sealed_make_an_unsealed_report_differ() -> None:
    """It was made before they came, nothing was sealed yet, and what it rested on has expired."""
    store, ledger = MemoryStore(events()), MemoryStore()
    text = judged(store)
    store.append([LATE])
    sealed(store, ledger, 2)
    found = verified(text, NOTHING, ledger)
    assert found.outcome is Outcome.DIFFERS
    [bad] = [each for each in found.differences if each.path == "/judgements/0/measured/bad"]
    assert isinstance(bad.reported, int)
    assert bad.derived == bad.reported + 1


def test_a_restatement_does_not_make_a_report_wrong() -> None:
    """It was right when it was made, and still is; that a report made now may differ is said."""
    store, ledger = MemoryStore(events()), MemoryStore()
    sealed(store, ledger, -1)
    text = judged(store, ledger)
    store.append([LATE])
    sealed(store, ledger, 2)
    found = verified(text, store, ledger)
    assert found.outcome is Outcome.EQUAL
    assert found.notes == ("1 minute restated since, by 1 request: a report made now may differ",)
    assert judged(store, ledger) == text


def test_without_the_ledger_a_sealed_report_is_no_longer_the_same() -> None:
    """Events and slices are different sources: the report says that it came from slices, and there are none."""
    store, ledger = MemoryStore(events()), MemoryStore()
    sealed(store, ledger, -1)
    found = verified(judged(store, ledger), store, None)
    assert found.outcome is Outcome.DIFFERS
    assert all("/provenance" in each.path for each in found.differences)
    assert found.notes == ("the report rests on sealed slices, and there is no ledger: name it with --ledger",)
