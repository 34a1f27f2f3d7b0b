"""The daily, weekly and monthly report, built again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.fields import REQUEST_STREAM
from analyzers.reports.answer import Answer
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind as ReportKind
from analyzers.reports.json import FORM, QUESTION, report_document
from analyzers.reports.periods import parse_period
from analyzers.reports.question import Question
from analyzers.reports.question import Sources as ReportSources
from analyzers.selection import parse_where, parse_zone
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import contract_hash, from_json
from analyzers.store.query import EVERYTHING, Window
from analyzers.store.schema import load_schema
from analyzers.strict_toml import TomlError
from analyzers.verification.estimates import estimates
from analyzers.verification.kinds import Derivation, Events, Kind, Sources, around, exactly
from analyzers.verification.leaves import ABSENT, Difference, JsonObject, Leaf
from analyzers.verification.naming import against
from analyzers.verification.reading import instant, optional_text, part, text, texts
from analyzers.verification.report_estimates import adopt, near_values
from analyzers.verification.report_events import events_teller
from analyzers.verification.report_times import planned_by, time_teller

_NO_LEDGER: Final = "the report rests on sealed slices, and there is no ledger: name it with --ledger"


def derive(document: JsonObject, sources: Sources) -> Derivation:
    """Build a report again, of the sources as they are, with what was sealed when it was made.

    Raises:
        ReportError: When it lacks a part of the question.
        AtalaiaError: When a part of the question cannot be read, or a store cannot answer.
    """
    question = _question(document)
    if isinstance(question, Derivation):
        return question
    answer = build_report(ReportSources(sources.store, sources.ledger), question)
    found = report_document(answer)
    for key in (*QUESTION, "question_hash"):
        found.pop(key, None)
    found.update({key: document[key] for key in (*QUESTION, "question_hash") if key in document})
    sides = estimates(text(document, "store"), sources.store.url)
    adopt(document, found, sides)
    return Derivation(
        document=found,
        events_of=events_teller(document, sources.store, question, _whole(answer)),
        time_of=time_teller(found, answer),
        near=near_values(sides),
        notes=_notes(document, sources),
        differences=against(sources.contract, question.contract),
    )


def kind_of_report(kind: ReportKind) -> Kind:
    """Return how reports of a kind are verified."""
    return Kind(f"{kind.value} report", FORM, (), QUESTION, "question_hash", derive)


REPORTS: Final[Mapping[str, Kind]] = MappingProxyType({each.value: kind_of_report(each) for each in ReportKind})
"""What a report calls itself to how it is built again."""


def _question(document: JsonObject) -> Question | Derivation:
    """Return the question; where its contract is not the one of its hash, that is all there is to say."""
    zone, made = parse_zone(text(document, "zone")), instant(document, "made")
    period = parse_period(ReportKind(text(document, "report")), text(document, "period"))
    condition = optional_text(document, "where")
    where = EVERYTHING if condition is None else parse_where(condition, load_schema(REQUEST_STREAM))
    contract = _contract(document)
    if isinstance(contract, Contract):
        return Question(period, zone, contract, made, where, texts(document, "metrics"))
    return _other_contract(document, period.window(zone), *contract)


def _contract(document: JsonObject) -> Contract | tuple[Leaf, str]:
    try:
        contract = from_json(part(document, "contract"))
    except TomlError as error:
        return ABSENT, f"the contract cannot be read: {error.message}"
    derived = contract_hash(contract)
    if derived != text(document, "contract_hash"):
        return derived, "the contract was edited after the report"
    return contract


def _other_contract(document: JsonObject, window: Window, derived: Leaf, why: str) -> Derivation:
    """Return what there is to say where no number can be compared."""
    return Derivation(
        document=document,
        events_of=lambda _path: (Events(REQUEST_STREAM, window, EVERYTHING, instant(document, "made")),),
        time_of=lambda _path: window,
        near=exactly,
        differences=(Difference("/contract_hash", text(document, "contract_hash"), derived, why),),
    )


def _whole(answer: Answer) -> Window:
    """Return all time that a report is about."""
    planned = planned_by(answer)
    return around((answer.question.window, *answer.compared, *answer.judged, *(() if planned is None else (planned,))))


def _notes(document: JsonObject, sources: Sources) -> tuple[str, ...]:
    provenance = document.get("provenance")
    sealed = provenance.get("sealed") if isinstance(provenance, dict) else None
    return (_NO_LEDGER,) if sealed and sources.ledger is None else ()
