"""Build the report that a question asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from analyzers.reports.answer import Answer
from analyzers.reports.daily import daily_report
from analyzers.reports.document import Kind
from analyzers.reports.monthly import monthly_report
from analyzers.reports.question import Question, Sources
from analyzers.reports.weekly import weekly_report

BUILDERS: Final[Mapping[Kind, Callable[[Sources, Question], Answer]]] = MappingProxyType(
    {Kind.DAILY: daily_report, Kind.WEEKLY: weekly_report, Kind.MONTHLY: monthly_report}
)


def build_report(sources: Sources, question: Question) -> Answer:
    """Return the report on a question's period.

    Raises:
        QueryError: When the question cannot be asked: a condition names an unknown field.
        StoreError: When a store cannot answer.
    """
    return BUILDERS[question.period.kind](sources, question)
