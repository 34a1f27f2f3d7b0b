"""How the agreement fared: over the report's own period, and over its own periods as they stood at the end of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from analyzers.analysis import State
from analyzers.language import Message, plural
from analyzers.language.parts import listed
from analyzers.reports.periods import UNITS
from analyzers.reports.question import Question, Sources
from analyzers.sla.contract.model import CalendarPeriod
from analyzers.sla.contract.naming import spoken
from analyzers.sla.contract.periods import named_period, period_at
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.once import AskedOnce
from analyzers.sla.report import Entry, entry_of
from analyzers.sla.scope import Scope, scope_of

_WORST_FIRST: Final = (State.MISSED, State.UNMEASURED, State.MET)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The objectives of a contract.

    Attributes:
        entries: One for each, over the report's period, in the contract's order.
        running: One for each and each other period of the contract, as of the end of the report's.
    """

    entries: tuple[Entry, ...]
    running: tuple[Entry, ...]

    @property
    def state(self) -> State:
        """Missed when any objective is, else unmeasured when any is, else met."""
        states = {each.judgement.state for each in self.entries}
        return next((state for state in _WORST_FIRST if state in states), State.UNMEASURED)

    @property
    def worst_first(self) -> tuple[Entry, ...]:
        """The entries, those that decide the state first; of the unmeasured those that their measured part misses."""
        return tuple(sorted(self.entries, key=_badness))


def _badness(entry: Entry) -> tuple[int, bool]:
    return _WORST_FIRST.index(entry.judgement.state), not entry.judgement.suspected


def agreement(sources: Sources, question: Question) -> Agreement:
    """Judge every objective of a question's contract.

    The agreement counts days, weeks and months by its own zone.

    Raises:
        StoreError: When a store cannot answer.
    """
    evidence = AskedOnce(evidence_of(sources.store, sources.ledger, question.contract, question.made))
    entries = tuple(entry_of(evidence, each) for each in _scopes(question))
    mine = {(each.scope.objective.name, each.scope.period.window) for each in entries}
    others = (each for each in _others(question) if (each.objective.name, each.period.window) not in mine)
    return Agreement(entries, tuple(entry_of(evidence, each) for each in others))


def verdict(agreement: Agreement) -> tuple[Message, ...]:
    """Return the judgement in words: first all of it, then objective by objective, the worst first.

    Of what is unmeasured, what its measured part has missed is named: nobody should have to search for it.
    """
    return _whole(agreement), *(each.judgement.short for each in agreement.worst_first)


def _whole(agreement: Agreement) -> Message:
    total = len(agreement.entries)
    if agreement.state is State.MET:
        return plural("{n} objective met", "all {n} objectives met", total)
    missed, unmeasured = (_named(agreement, state) for state in (State.MISSED, State.UNMEASURED))
    if missed:
        return plural(
            "{missed} of {n} objective missed: {names}",
            "{missed} of {n} objectives missed: {names}",
            total,
            missed=len(missed),
            names=listed(*missed),
        )
    suspected = [_title(each) for each in agreement.entries if each.judgement.suspected]
    if suspected:
        return plural(
            "{unmeasured} of {n} objective unmeasured; missed by the measured part: {names}",
            "{unmeasured} of {n} objectives unmeasured; missed by the measured part: {names}",
            total,
            unmeasured=len(unmeasured),
            names=listed(*suspected),
        )
    return plural(
        "{unmeasured} of {n} objective unmeasured: {names}",
        "{unmeasured} of {n} objectives unmeasured: {names}",
        total,
        unmeasured=len(unmeasured),
        names=listed(*unmeasured),
    )


def _named(agreement: Agreement, state: State) -> list[Message | str]:
    return [_title(each) for each in agreement.entries if each.judgement.state is state]


def _title(entry: Entry) -> Message | str:
    return spoken(entry.scope.objective.name)


def _scopes(question: Question) -> Iterator[Scope]:
    contract = question.contract
    period = named_period(str(question.period), contract.zone)
    for objective in contract.objectives:
        yield scope_of(contract, objective, period, question.made)


def _others(question: Question) -> Iterator[Scope]:
    """Yield the contract's periods that hold the last minute of the report's, as of its end."""
    contract = question.contract
    end = named_period(str(question.period), contract.zone).window.end
    as_of = min(end, question.made)
    for objective in contract.objectives:
        for each in objective.periods:
            if each == CalendarPeriod(UNITS[question.period.kind]):
                continue
            last = end - _MINUTE if isinstance(each, CalendarPeriod) else as_of
            yield scope_of(contract, objective, period_at(each, contract.zone, last), as_of)
