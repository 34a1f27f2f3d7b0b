"""The agreement: what was met and what was not, the error budgets, and what the numbers rest on."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.analysis import State
from analyzers.blocks import Picture, Table
from analyzers.fields import REQUEST_STREAM
from analyzers.language import Message, message
from analyzers.losses import losses_in, lost_said
from analyzers.question import instant_text
from analyzers.sla.contract.naming import written
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.ledger.slices import slice_stream
from analyzers.sla.report import Entry, SlaReport, sla_report
from analyzers.store.interface import LostEvents, Store
from analyzers.store.query import Window
from atalaia.web.asked import Question
from atalaia.web.views.burning import burn_down, slots_table
from atalaia.web.views.choices import Choice
from atalaia.web.views.sla_question import (
    PATH,
    SlaQuestion,
    earlier_and_later,
    parts_of,
    per_choices,
)
from atalaia.web.views.sla_tables import (
    contract_table,
    excluded_table,
    objectives_table,
    provenance_table,
    restated_table,
)


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective over a period.

    Attributes:
        name: Its name in the page: unique.
        title: Its name in the contract.
        state: How it fared.
        sentence: That in words.
        budget: Its error budget in words; ``None`` where its kind has none.
        picture: The burn-down; likewise.
        slots: The same as a table; likewise.
        explain: Where what its budget was spent on is explained.
    """

    name: str
    title: Message | str
    state: State
    sentence: Message
    budget: Message | None
    picture: Picture | None
    slots: Table | None
    explain: str


@dataclass(frozen=True, slots=True)
class Sla:
    """The page.

    Attributes:
        title: The period.
        state: How the agreement fared: missed when any objective is, else unmeasured when any is.
        objectives: The objectives, those that decide the state first.
        per: The kinds of period.
        earlier: The period before.
        later: The period after, where it has begun.
        parts: The parts of the traffic that the address narrows to.
        table: All objectives with the numbers they rest on.
        excluded: Time that counts for nothing.
        restated: What late events changed after it was sealed.
        provenance: What is sealed, what is raw, what is missing.
        contract: What the contract says besides its objectives.
        is_default: Whether the contract is the one that is built in.
        is_promised: Whether the contract itself judges by such a period.
        download: Where the report is for ``atalaia verify``; ``None`` where the contract does not say so.
        as_of: The instant as the address takes it, empty for now.
        zone: The IANA zone of the contract's calendar.
        notes: What a reader must know about the numbers.
    """

    title: Message
    state: State
    objectives: tuple[Objective, ...]
    per: tuple[Choice, ...]
    earlier: Choice | None
    later: Choice | None
    parts: tuple[Choice, ...]
    table: Table
    excluded: Table
    restated: Table
    provenance: Table
    contract: Table
    is_default: bool
    is_promised: bool
    download: str | None
    as_of: str
    zone: str
    notes: tuple[Message, ...]


def report_of(store: Store, ledger: Store | None, asked: SlaQuestion) -> SlaReport:
    """Return the report that answers a question: that of ``atalaia sla show``.

    Raises:
        SelectionError: When the contract has no such objective.
        StoreError: When a store cannot answer.
    """
    evidence = evidence_of(store, ledger, asked.contract, asked.as_of)
    return sla_report(asked.contract, evidence, asked.as_of, asked.asked)


def sla(store: Store, ledger: Store | None, question: Question, asked: SlaQuestion) -> Sla:
    """Return the page of a question: from the ledger where it is sealed, else from raw events.

    Args:
        store: The raw events.
        ledger: The sealed slices; ``None`` where there are none.
        question: The address.
        asked: What it asks of the contract.

    Raises:
        SelectionError: When the contract has no such objective.
        StoreError: When a store cannot answer.
    """
    report = report_of(store, ledger, asked)
    earlier, later = earlier_and_later(question, asked)
    return Sla(
        title=message("Every objective over its own periods") if asked.period is None else asked.period.said,
        state=report.state,
        objectives=tuple(_objective(each, question) for each in report.worst_first),
        per=per_choices(question, asked),
        earlier=earlier,
        later=later,
        parts=parts_of(question),
        table=objectives_table(report, question),
        excluded=excluded_table(report),
        restated=restated_table(report),
        provenance=provenance_table(report),
        contract=contract_table(asked.contract, is_promised=asked.is_promised),
        is_default=asked.is_default,
        is_promised=asked.is_promised,
        download=_download(question, report) if asked.is_promised else None,
        as_of=question.one("as_of") or "",
        zone=asked.contract.zone,
        notes=_notes(store, ledger, report),
    )


def _objective(entry: Entry, question: Question) -> Objective:
    scope, budget = entry.scope, entry.budget
    drawn = budget if budget is not None and budget.is_measured else None
    return Objective(
        name=f"{scope.objective.name}-{scope.period.period.name}",
        title=written(scope.objective.name),
        state=entry.judgement.state,
        sentence=entry.judgement.said(scope.period.said),
        budget=None if budget is None else budget.said,
        picture=None if drawn is None else burn_down(entry, drawn, question),
        slots=None if drawn is None else slots_table(entry, drawn, question),
        explain=question.same(f"{PATH}/explain", objective=scope.objective.name),
    )


def _download(question: Question, report: SlaReport) -> str:
    """Return the address of the report as JSON, as of the very instant, so that it stays what is seen."""
    return question.same(f"{PATH}/report.json", as_of=instant_text(report.known))


def _notes(store: Store, ledger: Store | None, report: SlaReport) -> tuple[Message, ...]:
    windows = [each.scope.elapsed for each in report.entries]
    spans = tuple(dict.fromkeys(each for each in windows if each is not None))
    said = [None if report.sampling is None else report.sampling.said, lost_said(_lost(store, spans, REQUEST_STREAM))]
    if ledger is not None:
        lost = lost_said(_lost(ledger, spans, slice_stream(report.contract.environment)))
        if lost is not None:
            said.append(message("the ledger was damaged, so every number may be too small: {lost}", lost=lost))
    return tuple(message("{note}.", note=each) for each in said if each is not None)


def _lost(store: Store, spans: tuple[Window, ...], stream: str) -> tuple[LostEvents, ...]:
    return tuple(dict.fromkeys(each for span in spans for each in losses_in(store, span, stream)))
