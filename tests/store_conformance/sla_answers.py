"""What ``atalaia sla`` is asked of a place, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.explanation.objectives import explain_objective
from analyzers.sla.asked import LAST, THIS, Asked
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import report_document as sla_document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.store_conformance.places import Place
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import DAY


def sla_show(place: Place) -> Iterator[Told]:
    """Judge every objective: by raw events, by the ledger, before and after late events were sealed."""
    yield Told("before late ones", sla_document(place.first))
    for name, period in (
        ("raw", THIS),
        ("before restating", THIS),
        ("restated", THIS),
        ("restated", LAST),
        ("ledger", THIS),
    ):
        report = sla_report(place.contract, place.evidences[name], place.instant(name), Asked(period))
        yield Told(f"{name} {period}", sla_document(report))


def sla_budget(place: Place) -> Iterator[Told]:
    """Return the error budgets of named periods."""
    local = place.scene.local(place.scene.now)
    periods = (f"{local:%Y-%m}", f"{local:%G-W%V}", f"{local:%Y-%m-%d}")
    for name, period in (*(("restated", each) for each in periods), ("raw", periods[0]), ("ledger", periods[0])):
        report = sla_report(place.contract, place.evidences[name], place.instant(name), Asked(period))
        yield Told(f"{name} {period}", [each.budget for each in report.entries])


def sla_explain(place: Place) -> Iterator[Told]:
    """Explain every objective, met ones too: where all raw events are left, and where none is."""
    every = tuple(each.name for each in place.contract.objectives)
    for name, objectives in (("restated", every), ("ledger", ("tickets", "reports"))):
        evidence = place.evidences[name]
        store = place.store if name == "restated" else MemoryStore()  # all raw events have expired
        report = sla_report(place.contract, evidence, place.scene.now, Asked(THIS, objectives))
        first = {entry.scope.objective.name: entry for entry in reversed(report.entries)}
        for entry in first.values():
            found = explain_objective((store, place.ledger), evidence, entry)
            label = f"{name} {entry.scope.objective.name} {entry.scope.period.name}"
            yield Told(label, (found.slots, found.hours, found.routes, found.events, found.expired, found.sentences))


def sla_seal(place: Place) -> Iterator[Told]:
    """Say what was sealed, and what late events changed."""
    yield Told("summaries", place.seals)
    whole = Window(place.scene.change - 5 * DAY, place.scene.now)
    for name, evidence in place.evidences.items():
        yield Told(f"{name}: minutes", evidence.minutes(whole, None))
        yield Told(f"{name}: backups", evidence.backups(whole, "backup.completed"))
