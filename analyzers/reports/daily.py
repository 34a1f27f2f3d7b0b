"""The daily report: the documented figures beside the day before and the same weekday of the week before."""

from __future__ import annotations

from analyzers.blocks import Section
from analyzers.language import message
from analyzers.reports.advice import advice_sections
from analyzers.reports.agreement_blocks import agreement_section
from analyzers.reports.answer import Answer, answer, base
from analyzers.reports.endpoints import bottlenecks_of, busiest, errors_table, failing
from analyzers.reports.measuring import endpoints, slots, whole
from analyzers.reports.question import Question, Sources
from analyzers.reports.statements import statements_table
from analyzers.reports.summary import figures, summary_section, week_before_section
from analyzers.reports.traffic import latency_picture, peaks_of, requests_picture
from analyzers.store.query import CalendarUnit


def daily_report(sources: Sources, question: Question) -> Answer:
    """Report one day.

    Raises:
        StoreError: When a store cannot answer.
    """
    store, found = sources.store, base(sources, question)
    week_before = whole(store, question, question.period.week_before.window(question.zone))
    numbers = figures(store, question, found.now, found.before)
    hours = slots(store, question, question.window, CalendarUnit.HOUR)
    routes = endpoints(store, question, question.window)
    sections = (
        summary_section(numbers),
        week_before_section(store, question, found.now, week_before),
        agreement_section(found.agreement, burn_down=False),
        Section(
            "traffic",
            message("Hour by hour"),
            (requests_picture(question, hours), latency_picture(question, hours), peaks_of(store, question)[0]),
        ),
        Section(
            "errors",
            message("Errors"),
            (failing(routes), errors_table(store, question, question.window, found.now.totals.errors)),
        ),
        Section("endpoints", message("Endpoints"), (busiest(routes), *bottlenecks_of(store, question))),
        Section("database", message("Database"), (statements_table(store, question, question.window),)),
        *advice_sections(store, question),
    )
    return answer(sources, question, found, sections)
