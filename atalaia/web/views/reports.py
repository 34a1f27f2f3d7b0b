"""The reports of a day, a week, a month: which there are to choose, and one of them as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.fields import REQUEST_STREAM
from analyzers.language import Message, message
from analyzers.reports.building import build_report
from analyzers.reports.document import Kind, Report
from analyzers.reports.periods import EXAMPLES, Period, last_complete, parse_period
from analyzers.reports.periods import period_of as day_in
from analyzers.reports.question import Question as Asked
from analyzers.reports.question import Sources
from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import Contract
from atalaia.web.asked import Question, path_of
from logging_lib.errors import AtalaiaError

PATH: Final = "/reports"
FORMATS: Final = ("html", "pdf", "json")
"""How a report can be taken away."""
_TITLES: Final = {Kind.DAILY: message("Day"), Kind.WEEKLY: message("Week"), Kind.MONTHLY: message("Month")}
_EARLIER: Final = 4
"""So many periods before the last are offered without typing."""
_INPUTS: Final = {Kind.DAILY: "date", Kind.WEEKLY: "week", Kind.MONTHLY: "month"}
"""The form's field of each; browsers without it take the same text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A period to choose."""

    title: Message
    href: str


@dataclass(frozen=True, slots=True)
class KindOfReport:
    """One kind of report, and its latest periods.

    Attributes:
        kind: Daily, weekly, monthly.
        title: Its unit: ``Week``.
        field: The type of the form's field.
        example: How a period of it is typed.
        latest: The last complete one, and some before it.
    """

    kind: Kind
    title: Message
    field: str
    example: str
    latest: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report.

    Attributes:
        report: The document: the same as that of the files.
        earlier: The period before.
        later: The period after; ``None`` where that is not over.
        downloads: Format to address.
    """

    report: Report
    earlier: Choice
    later: Choice | None
    downloads: dict[str, str]


def kinds(question: Question, now: datetime, zone: ZoneInfo) -> tuple[KindOfReport, ...]:
    """Return what there is to choose at an instant."""
    return tuple(
        KindOfReport(kind, title, _INPUTS[kind], EXAMPLES[kind], _latest(question, kind, now, zone))
        for kind, title in _TITLES.items()
    )


def period_of(kind: str, text: str) -> Period:
    """Return the period that an address names.

    Raises:
        SelectionError: When there is none.
    """
    if kind not in {each.value for each in Kind}:
        raise SelectionError(f"there is no report {kind!r}", f"one of {', '.join(Kind)}")
    try:
        return parse_period(Kind(kind), text)
    except AtalaiaError as error:
        raise SelectionError(error.message, error.remedy) from error


def asked_of(question: Question, period: Period, contract: Contract, now: datetime, zone: ZoneInfo) -> Asked:
    """Return what the report answers; the filters of the address are its own.

    Raises:
        SelectionError: When a filter cannot be read.
        QueryError: When one names a field that requests do not have.
    """
    about = contract if question.environment is None else replace(contract, environment=question.environment)
    return Asked(period, zone, about, now, question.predicate(REQUEST_STREAM))


def report_view(sources: Sources, question: Question, asked: Asked) -> ReportView:
    """Return the report with what leads on from it.

    Raises:
        StoreError: When the store cannot answer.
    """
    period, last = asked.period, last_complete(asked.period.kind, asked.made, asked.zone)
    later = day_in(period.kind, period.end)
    return ReportView(
        report=build_report(sources, asked).report,
        earlier=_choice(question, period.previous),
        later=_choice(question, later) if later <= last else None,
        downloads={form: address(question, period, form) for form in FORMATS},
    )


def address(question: Question, period: Period, form: str | None = None) -> str:
    """Return where a report is, or one of its files."""
    name = str(period) if form is None else f"{period}.{form}"
    return question.address(path_of("reports", period.kind.value, name), window=None, start=None, end=None)


def _latest(question: Question, kind: Kind, now: datetime, zone: ZoneInfo) -> tuple[Choice, ...]:
    period = last_complete(kind, now, zone)
    found = [period]
    for _ in range(_EARLIER):
        period = period.previous
        found.append(period)
    return tuple(_choice(question, each) for each in found)


def _choice(question: Question, period: Period) -> Choice:
    return Choice(period.title, address(question, period))
