"""The monthly report: the agreement with its budgets, what runs out when, the trend, what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from analyzers.blocks import Section
from analyzers.capacity import capacity_plan
from analyzers.capacity.blocks import capacity_section
from analyzers.language import message
from analyzers.reports.advice import advice_sections
from analyzers.reports.agreement_blocks import agreement_section
from analyzers.reports.answer import Answer, answer, base
from analyzers.reports.endpoints import bottlenecks_of, busiest, failing, time_picture
from analyzers.reports.measuring import endpoints, slots
from analyzers.reports.question import Question, Sources
from analyzers.reports.statements import statements_table
from analyzers.reports.summary import figures, summary_section
from analyzers.reports.traffic import days_table, latency_picture, peaks_of, rate_picture, requests_picture
from analyzers.store.query import CalendarUnit, Window

HISTORY: Final = timedelta(days=90)
"""How far back capacity is looked at: so long a store keeps samples."""


def monthly_report(sources: Sources, question: Question) -> Answer:
    """Report one calendar month.

    Raises:
        StoreError: When a store cannot answer.
    """
    store, found = sources.store, base(sources, question)
    numbers = figures(store, question, found.now, found.before)
    days = slots(store, question, question.window, CalendarUnit.DAY)
    routes = endpoints(store, question, question.window)
    sections = (
        summary_section(numbers),
        agreement_section(found.agreement, burn_down=True),
        capacity_section(capacity_plan(store, history(question), question.zone, question.where)),
        Section(
            "trends",
            message("Day by day"),
            (
                requests_picture(question, days),
                rate_picture(question, days),
                latency_picture(question, days),
                days_table(question, days),
                *peaks_of(store, question),
            ),
        ),
        Section(
            "bottlenecks",
            message("Bottlenecks"),
            (
                time_picture(routes),
                *bottlenecks_of(store, question),
                statements_table(store, question, question.window),
            ),
        ),
        Section("endpoints", message("Endpoints"), (busiest(routes), failing(routes))),
        *advice_sections(store, question),
    )
    return answer(sources, question, found, sections)


def history(question: Question) -> Window:
    """Return the time that capacity is planned by."""
    end = min(question.window.end, question.made)
    return Window(end - HISTORY, end)
