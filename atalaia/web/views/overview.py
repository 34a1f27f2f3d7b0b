"""What the overview shows: the agreement's verdict, the last minutes, charts of the window, the busiest endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from analyzers.alerts.rules.file.threshold import STANDARD_WINDOW
from analyzers.analysis import Unit
from analyzers.blocks import Cell, Figures, Heading, Linked, Picture, Table
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.language import Message, message, plural
from analyzers.losses import losses_in, lost_said
from analyzers.numbers import ratio
from analyzers.sampling import STORED, sampling_of
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, Field, Query, Top, Window
from analyzers.store.result import Result, Row
from atalaia.web.asked import Question, fitting_unit
from atalaia.web.views import links
from atalaia.web.views.groups import shown
from atalaia.web.views.promised import Promised
from atalaia.web.views.timeline import errors_picture, latency_picture, measure_course, requests_picture

JUDGED: Final = STANDARD_WINDOW
"""The span that is judged while time goes on: the one that alerts judge by default."""
TOP: Final = 10
STEP: Final = timedelta(seconds=10)
"""Charts and endpoints of a page that moves on are drawn anew so often."""
_ROUTE: Final = Field(HTTP_ROUTE)


@dataclass(frozen=True, slots=True)
class Look:
    """The figures.

    Attributes:
        window: The span they are of.
        figures: Requests, machines, databases.
        links: Where each figure leads, by name.
        is_own: Whether the machine is the one that shows them, for want of samples.
    """

    window: Window
    figures: Figures
    links: Mapping[str, str]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What happened over the window.

    Attributes:
        pictures: Requests, errors, response times.
        endpoints: Those with the most requests.
        notes: What a reader must know about the numbers.
    """

    pictures: tuple[Picture, ...]
    endpoints: Table
    notes: tuple[Message, ...]


def judged_window(question: Question) -> Window:
    """Return the span that the figures are of: the last minutes while time goes on, else the whole window."""
    window = question.window
    if not question.is_live:
        return window
    return Window(max(window.start, window.end - JUDGED), window.end)


def stepped(question: Question) -> Question:
    """Return the question as of the last whole :data:`STEP`, so that what is drawn of it can be kept till the next."""
    if not question.is_live:
        return question
    end = question.window.end
    last = end - timedelta(seconds=end.second % STEP.seconds, microseconds=end.microsecond)
    return Question(Window(last - question.window.length, last), question.params, question.default)


def course(store: Store, question: Question, promised: Promised, zone: str) -> Course:
    """Return what happened over the window, by a handful of queries.

    Raises:
        SelectionError: When a filter cannot be read.
        QueryError: When it names a field that requests do not have.
        StoreError: When the store cannot answer.
    """
    calendar, where = Calendar(fitting_unit(question.window), zone), question.predicate()
    drawn = measure_course(store, question.window, where, calendar, promised.thresholds)

    @cache  # five series have the same buckets
    def link(window: Window) -> str:
        return links.within(question, window)

    pictures = (
        requests_picture(drawn, link),
        errors_picture(drawn, link, promised.error_limits),
        latency_picture(drawn, link, promised.latency_limits),
    )
    busiest = _busiest(store, question)
    return Course(pictures, _endpoints(busiest, question), _notes(store, question, busiest))


def _busiest(store: Store, question: Question) -> Result:
    measures = (REQUESTS, STORED, ERRORS, MEASURED, *PERCENTILES)
    top = Top(TOP, REQUESTS.name)
    return store.query(Query(REQUEST_STREAM, question.window, measures, (_ROUTE,), question.predicate(), top))


def _endpoints(found: Result, question: Question) -> Table:
    rows = sorted(found.rows, key=lambda row: (-count(row, "requests"), str(row[HTTP_ROUTE])))
    return Table(
        "top_endpoints",
        message("Busiest endpoints"),
        (
            Heading("endpoint", message("Endpoint"), Unit.KEY),
            Heading("requests", message("Requests"), Unit.COUNT),
            Heading("errors", message("Errors"), Unit.COUNT),
            Heading("error_rate", message("Error rate"), Unit.RATIO),
            Heading("p50", message("p50"), Unit.SECONDS),
            Heading("p95", message("p95"), Unit.SECONDS),
            Heading("p99", message("p99"), Unit.SECONDS),
        ),
        tuple(_endpoint(row, question) for row in rows),
        message("No requests in {span}.", span=question.window),
        _others(found.others),
    )


def _others(number: int) -> Message | None:
    if not number:
        return None
    return plural("{n} further endpoint: see Endpoints.", "{n} further endpoints: see Endpoints.", number)


def _endpoint(row: Row, question: Question) -> tuple[Cell, ...]:
    route = row[HTTP_ROUTE]
    condition = links.filter_of(_ROUTE, route)
    requests, errors = count(row, "requests"), count(row, "errors")
    failed = links.logs(question, (condition, links.FAILED))
    slow = (_slow(number(row, each.name), question, condition) for each in PERCENTILES)
    return (
        Linked(shown(route), question.address(links.DRILL, also=(condition,), by=None)),
        Linked(requests, links.logs(question, (condition,))),
        Linked(errors, failed),
        Linked(ratio(errors, requests), failed),
        *slow,
    )


def _slow(value: float | None, question: Question, condition: str) -> Cell:
    return None if value is None else Linked(value, links.logs(question, (condition, f"response_time >= {value!r}")))


def _notes(store: Store, question: Question, busiest: Result) -> tuple[Message, ...]:
    every = (*busiest.rows, *busiest.rest)
    requests, stored = (sum(count(row, name) for row in every) for name in (REQUESTS.name, STORED.name))
    sampling = sampling_of(store, REQUEST_STREAM, question.window, question.predicate(), (requests, stored))
    lost = lost_said(losses_in(store, question.window))
    found = (None if sampling is None else sampling.said, lost)
    return tuple(message("{note}.", note=each) for each in found if each is not None)
