"""A report with what it rests on: what its JSON says beside the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzers.blocks import Section
from analyzers.reports.agreement import Agreement, agreement, verdict
from analyzers.reports.document import Kind, Report
from analyzers.reports.held import held
from analyzers.reports.measuring import Whole, whole
from analyzers.reports.notes import notes
from analyzers.reports.question import Question, Sources
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Answer:
    """A report and its question.

    Attributes:
        question: What was asked.
        report: The document.
        agreement: How the objectives fared.
        held_since: The first event of each data set that the store held when the report was made; ``None`` for none.
    """

    question: Question
    report: Report
    agreement: Agreement
    held_since: Mapping[str, datetime | None]

    @property
    def compared(self) -> tuple[Window, ...]:
        """The earlier periods that figures are compared with."""
        question = self.question
        windows = [question.period.previous.window(question.zone)]
        if question.period.kind is Kind.DAILY:
            windows.append(question.period.week_before.window(question.zone))
        return tuple(windows)

    @property
    def suspected(self) -> bool:
        """Whether the measured part has missed an objective that is unmeasured."""
        return any(each.judgement.suspected for each in self.agreement.entries)

    @property
    def judged(self) -> tuple[Window, ...]:
        """The time that the agreement is judged over."""
        return tuple(_judged(self.agreement))


@dataclass(frozen=True, slots=True)
class Base:
    """What every report measures first.

    Attributes:
        now: The period.
        before: The period before.
        agreement: How the objectives fared.
    """

    now: Whole
    before: Whole
    agreement: Agreement


def base(sources: Sources, question: Question) -> Base:
    """Measure what every report needs.

    Raises:
        StoreError: When a store cannot answer.
    """
    before = question.period.previous.window(question.zone)
    now, then = (whole(sources.store, question, each) for each in (question.window, before))
    return Base(now, then, agreement(sources, question))


def answer(sources: Sources, question: Question, found: Base, sections: Sequence[Section]) -> Answer:
    """Return the whole report.

    Raises:
        StoreError: When the store cannot answer.
    """
    store, period = sources.store, question.period
    report = Report(
        kind=period.kind,
        key=str(period),
        title=period.title,
        zone=question.zone.key,
        window=question.window,
        store=store.url,
        state=found.agreement.state,
        verdict=verdict(found.agreement),
        sections=tuple(sections),
        notes=notes(store, question, found.now, found.before, found.agreement),
        made=question.made,
    )
    return Answer(question, report, found.agreement, held(store, question))


def _judged(found: Agreement) -> Iterator[Window]:
    for each in (*found.entries, *found.running):
        for one in (each.provenance, each.before):
            if one is not None:
                yield from (*one.sealed, *one.raw, *one.missing)
