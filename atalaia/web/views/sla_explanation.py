"""What the budgets of the agreement were spent on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.analysis import State, Unit
from analyzers.blocks import Cell, Heading, Linked, Table
from analyzers.explanation.objectives import ObjectiveExplanation, explain_objective
from analyzers.language import Message, message, plural
from analyzers.numbers import ratio
from analyzers.sla.budget import Spending
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.report import sla_report
from analyzers.store.interface import Store
from atalaia.web.asked import Question
from atalaia.web.views.burning import drill_of
from atalaia.web.views.examples import examples_table
from atalaia.web.views.explained import explained_words, findings_table, statements_table, weeks_table
from atalaia.web.views.sla_question import PATH, SlaQuestion


@dataclass(frozen=True, slots=True)
class ExplainedObjective:
    """What the budget of an objective was spent on.

    Attributes:
        name: The objective's name and its period's, unique in the page.
        state: How it fared.
        sentence: That in words.
        words: What stands out, and what can no longer be told.
        tables: Days, hours, endpoints, findings, statements and examples, as far as there are any.
    """

    name: str
    state: State
    sentence: Message
    words: tuple[Message, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class SlaExplained:
    """The page.

    Attributes:
        title: The period.
        state: How the agreement fared.
        objectives: Those that are missed, or that the address names.
        back: The agreement's page.
    """

    title: Message
    state: State
    objectives: tuple[ExplainedObjective, ...]
    back: str


def sla_explained(store: Store, ledger: Store | None, question: Question, asked: SlaQuestion) -> SlaExplained:
    """Return what budgets were spent on: of what is missed, or of the objectives that the address names.

    Raises:
        SelectionError: When the contract has no such objective.
        StoreError: When a store cannot answer.
    """
    evidence = evidence_of(store, ledger, asked.contract, asked.as_of)
    report = sla_report(asked.contract, evidence, asked.as_of, asked.asked)
    named = bool(asked.asked.objectives)
    chosen = [each for each in report.worst_first if named or each.judgement.breached]
    found = [explain_objective((store, ledger), evidence, each) for each in chosen]
    return SlaExplained(
        message("Every objective over its own periods") if asked.period is None else asked.period.said,
        report.state,
        tuple(_objective(each, question) for each in found),
        question.same(PATH, objective=None),
    )


def _objective(found: ObjectiveExplanation, question: Question) -> ExplainedObjective:
    scope = found.entry.scope
    name = f"{scope.objective.name}-{scope.period.period.name}"
    slots = _spending(f"slots-{name}", message("When it was spent"), found.slots, found, question)
    hours = _spending(f"hours-{name}", message("The worst hours of the worst day"), found.hours, found, question)
    tables = [slots, hours, _routes(f"routes-{name}", found)]
    words: tuple[Message, ...] = ()
    if found.events is not None:
        words = explained_words(found.events)
        own = (
            findings_table(found.events, question),
            weeks_table(found.events, question),
            statements_table(found.events),
            examples_table(found.events.examples, question, failed=scope.objective.kind.value != "latency"),
        )
        tables += [_renamed(each, name) for each in own]
    filled = tuple(each for each in tables if each.rows)
    said = found.entry.judgement.said(scope.period.said)
    return ExplainedObjective(name, found.entry.judgement.state, said, (*_expired(found), *words), filled)


def _expired(found: ObjectiveExplanation) -> tuple[Message, ...]:
    if not found.expired:
        return ()
    return (
        plural(
            "The raw event of {n} request has expired: only its endpoint and its hour can still be told.",
            "The raw events of {n} requests have expired: only their endpoints and hours can still be told.",
            found.expired,
        ),
    )


def _spending(
    name: str, title: Message, spending: Sequence[Spending], found: ObjectiveExplanation, question: Question
) -> Table:
    budget = found.entry.budget
    spent = 0 if budget is None else budget.spent
    rows: list[tuple[Cell, ...]] = [
        (
            Linked(each.window, drill_of(found.entry, each.window, question)),
            each.bad,
            each.total,
            ratio(each.bad, spent),
        )
        for each in spending
    ]
    headings = (
        Heading("when", message("When"), Unit.KEY),
        Heading("bad", message("Bad"), Unit.COUNT),
        Heading("total", message("Judged"), Unit.COUNT),
        Heading("share", message("Share of what was spent"), Unit.RATIO),
    )
    return Table(name, title, headings, tuple(rows), message("Nothing was spent."))


def _routes(name: str, found: ObjectiveExplanation) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            each.route,
            each.tally.counted,
            each.tally.bad,
            ratio(each.tally.bad, each.tally.counted),
            message("yes") if each.stands_out else message("no"),
            each.state,
        )
        for each in found.routes
    )
    headings = (
        Heading("endpoint", message("Endpoint"), Unit.KEY),
        Heading("requests", message("Requests"), Unit.COUNT),
        Heading("bad", message("Bad"), Unit.COUNT),
        Heading("rate", message("Share"), Unit.RATIO),
        Heading("stands_out", message("Stands out"), Unit.KEY),
        Heading("without", message("Without it"), Unit.KEY),
    )
    return Table(name, message("Endpoints by the ledger"), headings, rows, message("There is no endpoint to tell."))


def _renamed(table: Table, name: str) -> Table:
    """Return a table whose name is unique among those of several objectives."""
    return Table(f"{table.name}-{name}", table.title, table.headings, table.rows, table.empty, table.note)
