"""The weekly report: trends against the week before, peaks, bottlenecks, what to do."""

from __future__ import annotations

from analyzers.blocks import Section
from analyzers.language import message
from analyzers.reports.advice import advice_sections
from analyzers.reports.agreement_blocks import agreement_section
from analyzers.reports.answer import Answer, answer, base
from analyzers.reports.endpoints import bottlenecks_of, busiest, errors_table, failing, time_picture
from analyzers.reports.measuring import endpoints, slots
from analyzers.reports.question import Question, Sources
from analyzers.reports.statements import statements_table
from analyzers.reports.summary import figures, summary_section
from analyzers.reports.traffic import (
    days_table,
    latency_picture,
    peaks_of,
    rate_picture,
    requests_picture,
)
from analyzers.store.query import CalendarUnit


def weekly_report(sources: Sources, question: Question) -> Answer:
    """Report one ISO week.

    Raises:
        StoreError: When a store cannot answer.
    """
    store, found = sources.store, base(sources, question)
    numbers = figures(store, question, found.now, found.before)
    days, hours = (slots(store, question, question.window, unit) for unit in (CalendarUnit.DAY, CalendarUnit.HOUR))
    routes = endpoints(store, question, question.window)
    sections = (
        summary_section(numbers),
        agreement_section(found.agreement, burn_down=False),
        Section(
            "trends",
            message("Day by day"),
            (
                requests_picture(question, days),
                rate_picture(question, days),
                latency_picture(question, hours),
                days_table(question, days),
            ),
        ),
        Section("peaks", message("Peaks"), peaks_of(store, question)),
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
        Section(
            "errors", message("Errors"), (errors_table(store, question, question.window, found.now.totals.errors),)
        ),
        *advice_sections(store, question),
    )
    return answer(sources, question, found, sections)
