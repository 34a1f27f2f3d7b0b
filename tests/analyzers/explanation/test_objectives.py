"""What an objective's budget was spent on: by raw events, and by the ledger where those have expired."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.analysis import State
from analyzers.explanation.objectives import ObjectiveExplanation, explain_objective, request_of
from analyzers.sla.asked import Asked
from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective
from analyzers.sla.ledger import evidence_of, seal
from analyzers.sla.report import sla_report
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import CalendarUnit, Window
from tests.analyzers.events import at
from tests.analyzers.explanation.traffic import Visit, failing, history

DAY = Window(at("2026-03-12T00:00:00Z"), at("2026-03-13T00:00:00Z"))
NEXT = at("2026-03-13T12:00:00Z")
OUTAGE = Window(at("2026-03-12T14:00:00Z"), at("2026-03-12T16:00:00Z"))
_DAYS = (CalendarPeriod(CalendarUnit.DAY),)
CONTRACT = Contract(
    service="ti-osn",
    environment="production",
    zone="UTC",
    objectives=(
        Objective("availability", Kind.AVAILABILITY, _DAYS, target=Fraction(98, 100)),
        Objective("latency", Kind.LATENCY, _DAYS, target=Fraction(95, 100), limit=timedelta(seconds=2)),
        Objective("errors", Kind.ERROR_RATE, _DAYS, target=Fraction(98, 100)),
        Objective("uptime", Kind.UPTIME, _DAYS, target=Fraction(999, 1000)),
        Objective("backups", Kind.RPO, _DAYS, limit=timedelta(hours=1)),
    ),
    lateness=timedelta(hours=1),
    coverage=Fraction(0),
)


def outage(visit: Visit, _dice: random.Random) -> Visit:
    """From 14:00 to 16:00 every request of one page fails."""
    return failing(visit) if visit.route == "/relatorios" and OUTAGE.start <= visit.at < OUTAGE.end else visit


def traffic() -> list[Document]:
    """Return the day of the outage: 1,000 requests, 1 % of which fail anyway."""
    return history(DAY, outage, each=1000)


def explained(
    objective: str, documents: Sequence[Document], ledger: Store | None = None, contract: Contract = CONTRACT
) -> ObjectiveExplanation:
    """Explain an objective on the day after the outage."""
    store = MemoryStore(documents)
    evidence = evidence_of(store, ledger, contract, NEXT)
    report = sla_report(contract, evidence, NEXT, Asked("last", (objective,)))
    return explain_objective((store, ledger), evidence, report.entries[0])


def test_the_hours_and_the_page_are_named() -> None:
    """The outage's two hours spent the most, the page is found, and without it the day would have been met."""
    found = explained("availability", traffic())
    assert found.entry.judgement.state is State.MISSED
    assert {slot.window.start.hour for slot in found.slots[:2]} == {14, 15}
    assert found.events is not None
    (finding,) = found.events.findings
    assert (finding.words, finding.state) == ("endpoint /relatorios", State.MET)
    assert (found.expired, found.routes) == (0, ())
    assert found.sentences[0].startswith("12 March 2026: availability missed")
    assert any("without endpoint /relatorios it would have been met" in line for line in found.sentences)


def test_excluded_time_is_left_out_of_every_number() -> None:
    """With the outage excluded as maintenance the day is met, and the page no longer stands out."""
    excluded = replace(CONTRACT, exclusions=(Exclusion(OUTAGE, "move", "ana"),))
    found = explained("availability", traffic(), contract=excluded)
    assert found.entry.judgement.state is State.MET
    assert found.events is not None
    measured = found.entry.judgement.measured
    assert measured is not None
    assert (found.events.tally.counted, found.events.tally.bad) == (measured.total, measured.bad)  # type: ignore[union-attr]
    assert found.events.findings == ()
    assert not any(OUTAGE.start <= example.at < OUTAGE.end for example in found.events.examples)


def test_only_the_ledger_is_left() -> None:
    """Raw events expired: endpoints and hours are told, by the same numbers, and what cannot be told is said."""
    ledger = MemoryStore()
    documents = traffic()
    seal(MemoryStore(documents), ledger, CONTRACT, lambda: NEXT - timedelta(hours=1))
    now, then = explained("availability", [], ledger), explained("availability", documents)
    assert (now.events, now.expired, now.slots) == (None, 1000, then.slots)
    assert then.events is not None
    assert then.events.findings[0].tally == now.routes[0].tally
    assert (now.routes[0].route, now.routes[0].stands_out) == ("/relatorios", True)
    assert (now.routes[0].without, now.routes[0].state) == (then.events.findings[0].without, State.MET)
    assert any("raw events have expired, none is left: users, versions" in line for line in now.sentences)
    assert any("endpoint /relatorios:" in line and "without it met" in line for line in now.sentences)


def test_a_part_of_the_raw_events_judges_nothing() -> None:
    """What was before noon has expired: the rest is told as the rest, without saying what would have been."""
    ledger = MemoryStore()
    documents = traffic()
    seal(MemoryStore(documents), ledger, CONTRACT, lambda: NEXT - timedelta(hours=1))
    kept = [document for document in documents if at(str(document.body["@timestamp"])) >= at("2026-03-12T12:00:00Z")]
    found = explained("availability", kept, ledger)
    assert (found.expired, len(kept)) == (500, 500)
    assert any("500 of 1,000 requests are left" in line for line in found.sentences)
    assert found.events is not None
    assert found.events.state is State.UNMEASURED
    assert not any("would have been" in line for line in found.sentences)


@pytest.mark.parametrize("objective", ["latency", "errors", "uptime", "backups"])
def test_every_kind_is_answered(objective: str) -> None:
    """Slow requests of a latency; the failed ones of minutes, unjudged; of backups there is nothing but the verdict."""
    found = explained(objective, traffic())
    request = request_of(found.entry)
    if objective == "backups":
        assert (request, found.events, found.sentences) == (None, None, (found.entry.sentence,))
        return
    assert request is not None
    assert found.events is not None
    assert request.noun == ("slow requests" if objective == "latency" else "failed requests")
    assert (
        found.events.state
        is {
            "latency": State.MET,
            "errors": State.MISSED,
            "uptime": State.UNMEASURED,
        }[objective]
    )
