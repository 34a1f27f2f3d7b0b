"""How the agreement fares in the present periods, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analyzers.analysis import State
from analyzers.language import Message, plural
from analyzers.sla.contract.model import Contract
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.report import sla_report
from analyzers.store.interface import Store


@dataclass(frozen=True, slots=True)
class Agreed:
    """How the agreement fares.

    Attributes:
        state: Missed when an objective is, else unmeasured when one is.
        verdict: That in words: the objectives that decide it, or that all are met.
        at: The instant of the judgement.
    """

    state: State
    verdict: tuple[Message, ...]
    at: datetime


def agreed(store: Store, ledger: Store | None, contract: Contract, now: datetime) -> Agreed:
    """Judge every objective over its present period.

    Raises:
        StoreError: When the store or its ledger cannot answer.
    """
    report = sla_report(contract, evidence_of(store, ledger, contract, now), now)
    deciding = tuple(
        each.judgement.said(each.scope.period.said)
        for each in report.worst_first
        if each.judgement.state is report.state or each.judgement.suspected
    )
    if report.state is not State.MET:
        return Agreed(report.state, deciding, now)
    met = plural("The objective is met so far.", "All {n} objectives are met so far.", len(report.entries))
    return Agreed(State.MET, (met, *deciding), now)
