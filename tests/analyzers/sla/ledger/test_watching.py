"""A contract that begins to ask for backups after minutes were sealed without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from analyzers.analysis import State
from analyzers.sla.contract.model import Contract, Kind
from analyzers.sla.contract.periods import named_period
from analyzers.sla.judging import judge
from analyzers.sla.ledger import SealedEnvironment, evidence_of, seal
from analyzers.sla.ledger.spans import without
from analyzers.sla.scope import scope_of
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.events import at
from tests.analyzers.sla.contracts import DAY
from tests.analyzers.sla.ledger.traffic import MINUTE, Request, contract, message

BEGUN = at("2024-01-15T00:00:00Z")
WHOLE = Window(BEGUN, at("2024-01-17T00:00:00Z"))
NOW = at("2024-01-17T01:00:00Z")
BACKUP = "backup.completed"
BACKUPS = [BEGUN + number * timedelta(minutes=30) for number in range(96)]
ASKING = contract(zone="UTC")
SILENT = replace(ASKING, objectives=())


def told(store: Store) -> None:
    """Let two days of a request each minute, and a backup each half hour, arrive."""
    requests = [Request(BEGUN + place * MINUTE).document() for place in range(2 * 24 * 60)]
    store.append([*requests, *(message(each, BACKUP, f"b-{each}") for each in BACKUPS)])


def sealed(store: Store, ledger: Store, made: Contract) -> SealedEnvironment:
    """Seal by a contract."""
    [found] = seal(store, ledger, made, lambda: NOW).environments
    return found


def state(store: Store, ledger: Store, day: str) -> State:
    """Judge the recovery point of a day."""
    [objective] = ASKING.objectives
    assert objective.kind is Kind.RPO
    scope = scope_of(ASKING, replace(objective, periods=(DAY,)), named_period(day, "UTC"), NOW)
    return judge(evidence_of(store, ledger, ASKING, NOW), scope).state


def test_backups_that_were_not_asked_for_are_found_in_the_raw_events() -> None:
    """What is sealed says nothing of them yet, so it does not say that there were none."""
    store, ledger = MemoryStore(), MemoryStore()
    told(store)
    sealed(store, ledger, SILENT)
    evidence = evidence_of(store, ledger, ASKING, NOW)
    assert list(evidence.backups(WHOLE, BACKUP)) == BACKUPS
    later = Window(at("2024-01-16T00:10:00Z"), WHOLE.end)
    assert list(evidence.backups(later, BACKUP)) == [each for each in BACKUPS if each >= at("2024-01-16T00:00:00Z")]
    assert state(store, ledger, "2024-01-16") is State.MET


def test_the_next_run_seals_them_and_restates_nothing() -> None:
    """They were not late: nobody had asked. From then on the ledger answers by itself, and later ones are late."""
    store, ledger = MemoryStore(), MemoryStore()
    told(store)
    sealed(store, ledger, SILENT)
    first = sealed(store, ledger, ASKING)
    assert (first.slices, first.restated) == (96, ())
    assert list(evidence_of(MemoryStore(), ledger, ASKING, NOW).backups(WHOLE, BACKUP)) == BACKUPS
    assert sealed(store, ledger, ASKING).slices == 0
    store.append([message(BEGUN + timedelta(minutes=7), BACKUP, "late")])
    [late] = sealed(store, ledger, ASKING).restated
    assert (late.minute, late.revision) == (BEGUN + timedelta(minutes=7), 2)


def test_backups_that_nobody_can_know_of_any_more_are_not_missed() -> None:
    """The first day's raw events expired before anyone asked: unmeasured, not a day without a backup."""
    store, ledger, left = MemoryStore(), MemoryStore(), MemoryStore()
    told(store)
    sealed(store, ledger, SILENT)
    second = Window(at("2024-01-16T00:00:00Z"), WHOLE.end)
    left.append([Request(second.start + place * MINUTE).document() for place in range(24 * 60)])
    left.append([message(each, BACKUP, f"b-{each}") for each in BACKUPS if each >= second.start])
    evidence = evidence_of(left, ledger, ASKING, NOW)
    assert tuple(evidence.unwatched(WHOLE, BACKUP)) == without(WHOLE, [second])
    assert state(left, ledger, "2024-01-16") is State.MET
    week = scope_of(ASKING, ASKING.objectives[0], named_period("2024-W03", "UTC"), NOW)
    assert judge(evidence, week).state is State.UNMEASURED
