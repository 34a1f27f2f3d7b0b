"""What a reader must know about the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzers.language import Message, message, plural
from analyzers.losses import losses_in, lost_said
from analyzers.reports.agreement import Agreement
from analyzers.reports.measuring import REQUESTS_OF, Whole
from analyzers.reports.question import Question
from analyzers.reports.statements import STATEMENTS_OF
from analyzers.sampling import sampling_of
from analyzers.selection import print_where
from analyzers.sla.contract.model import EVERY
from analyzers.sla.evidence import Provenance
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Window

_MOST: Final = 3
"""So many gaps are named; of the rest the number is told."""


def notes(store: Store, question: Question, now: Whole, before: Whole, found: Agreement) -> tuple[Message, ...]:
    """Return the notes of a report.

    Raises:
        StoreError: When the store cannot answer.
    """
    return (
        *_about(question),
        *_gaps(question, now),
        *_gaps_before(question, before),
        *_kept(store, question, now),
        *_lost(store, question),
        *_maintenance(question),
        *_sources(found),
    )


def _about(question: Question) -> Iterator[Message]:
    contract = question.contract
    if question.is_built_in:
        yield message(
            "There is no agreement: the three objectives that are built in are judged. Write sla.toml to have your own."
        )
    if contract.service != EVERY:
        yield message("About the service {service}.", service=contract.service)
    if contract.environment != EVERY:
        yield message("About the environment {environment}.", environment=contract.environment)
    if question.where != EVERYTHING:
        yield message(
            "The numbers of requests are of those with {condition}; the agreement, slow statements, samples and advice "
            "are of all.",
            condition=print_where(question.where),
        )
    if contract.zone != question.zone.key:
        yield message("The agreement counts by the calendar of {zone}.", zone=contract.zone)
    if question.made < question.window.end:
        yield message("The period is not over: as of {instant}.", instant=question.made)


def _gaps(question: Question, now: Whole) -> Iterator[Message]:
    days = len(question.period.days)
    if now.totals.requests and len(now.days) < days:
        yield plural(
            "{known} of {n} day has requests.", "{known} of {n} days have requests.", days, known=len(now.days)
        )


def _gaps_before(question: Question, before: Whole) -> Iterator[Message]:
    """Yield that the period before was not whole: its totals are smaller for that reason alone."""
    days = len(question.period.previous.days)
    if before.totals.requests and len(before.days) < days:
        yield plural(
            "Of the period before {known} of {n} day has requests: changes of totals are due to that, too.",
            "Of the period before {known} of {n} days have requests: changes of totals are due to that, too.",
            days,
            known=len(before.days),
        )


def _kept(store: Store, question: Question, now: Whole) -> Iterator[Message]:
    counts = (now.totals.requests, now.stored)
    found = sampling_of(store, question.stream(REQUESTS_OF), question.window, question.requests, counts)
    if found is not None:
        yield found.said


def _lost(store: Store, question: Question) -> Iterator[Message]:
    """Yield what had been lost when the report was made: later losses are not its concern."""
    streams = (REQUESTS_OF, STATEMENTS_OF)
    known = [each for name in streams for each in losses_in(store, question.window, question.stream(name))]
    found = lost_said([each for each in known if each.noticed <= question.made])
    if found is not None:
        yield found


def _maintenance(question: Question) -> Iterator[Message]:
    window = question.window
    for each in question.contract.exclusions:
        if _touch(each.window, window):
            yield message(
                "Maintenance does not count for the agreement: {span}, {reason} (agreed by {person}).",
                span=each.window,
                reason=each.reason,
                person=each.approved_by,
            )
    for outage in question.contract.outages:
        if _touch(outage.window, window):
            yield message(
                "An outage was declared: {span}, {reason} (by {person}).",
                span=outage.window,
                reason=outage.reason,
                person=outage.declared_by,
            )


def _sources(found: Agreement) -> Iterator[Message]:
    windows = _windows(found)
    for each in windows[:_MOST]:
        yield message("Of {span} neither requests nor sealed slices are there.", span=each)
    if len(windows) > _MOST:
        yield plural("And {n} more such span.", "And {n} more such spans.", len(windows) - _MOST)
    restated = [each for one in _provenances(found) for each in one.restatements]
    minutes = {each.minute: each.total for each in restated}
    if minutes:
        yield plural(
            "{n} minute was restated after it was sealed: late events added {requests} requests.",
            "{n} minutes were restated after they were sealed: late events added {requests} requests.",
            len(minutes),
            requests=sum(minutes.values()),
        )


def _windows(found: Agreement) -> Sequence[Window]:
    missing = [each for one in _provenances(found) for each in one.missing]
    return sorted(dict.fromkeys(missing), key=lambda each: each.start)


def _provenances(found: Agreement) -> Iterator[Provenance]:
    for each in found.entries:
        if each.provenance is not None:
            yield each.provenance


def _touch(one: Window, other: Window) -> bool:
    return one.start < other.end and other.start < one.end
