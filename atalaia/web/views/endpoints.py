"""The endpoints of a window: what each was asked, how it fared, and what it took of all time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.analysis import State
from analyzers.blocks import Cell, Figures, Linked
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import PERCENTILES
from analyzers.language import Message, plural
from analyzers.reports.percents import places_of
from analyzers.store.answering import among
from analyzers.store.interface import Store
from analyzers.store.query import And, Calendar, Field, Query, Top, Window
from analyzers.store.result import Result, Row, Value
from atalaia.web.asked import Question, fitting_unit
from atalaia.web.views import links
from atalaia.web.views.asking import asking
from atalaia.web.views.columns import (
    COLUMNS,
    NAME,
    Sort,
    Sorting,
    cells_of,
    rank_words,
    sort_rows,
    sorting_of,
    sorts_of,
)
from atalaia.web.views.cutting import MOST_GROUPS, limit_of
from atalaia.web.views.groups import shown
from atalaia.web.views.judged import figures, judged, relative
from atalaia.web.views.measuring import before_it, measure
from atalaia.web.views.notes import notes
from atalaia.web.views.numbers import MEASURES, Numbers, numbers_of
from atalaia.web.views.promised import Promised
from atalaia.web.views.timeline import course_of

ROUTE: Final = Field(HTTP_ROUTE)
_P95: Final = next(each for each in PERCENTILES if each.name == "p95")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row.

    Attributes:
        name: The endpoint, which leads to its drill-down.
        cells: Its numbers, in the order of :attr:`Endpoints.sorts` without the name.
        change: By which share its requests changed against as long a time before; ``None`` without any.
        slower: By which share its p95 did.
        course: Its requests over time, in order, as shares of its greatest; ``None`` where there was none.
    """

    name: Linked
    cells: tuple[Cell, ...]
    change: float | None
    slower: float | None
    course: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The page.

    Attributes:
        state: How all requests are judged.
        verdict: That in words.
        figures: The numbers of all requests.
        sorts: The headings.
        rows: The endpoints with rows of their own.
        rest: The name and the numbers of all others together; ``None`` where there are none.
        more: The address that shows more of them; ``None`` where all are shown.
        ranked: By what those with rows of their own were chosen, where some are not shown.
        notes: What a reader must know about the numbers.
    """

    state: State
    verdict: tuple[Message, ...]
    figures: Figures
    sorts: tuple[Sort, ...]
    rows: tuple[Endpoint, ...]
    rest: tuple[Message, tuple[Cell, ...]] | None
    more: str | None
    ranked: Message | None
    notes: tuple[Message, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """How many decimals the percents of each column of numbers have."""
        rows = [each.cells for each in self.rows] + ([self.rest[1]] if self.rest else [])
        return tuple(map(places_of, zip(*rows, strict=True)))


def endpoints(store: Store, question: Question, promised: Promised, zone: str) -> Endpoints:
    """Return the endpoints of a question, by about seven queries however many there are.

    Args:
        store: The store.
        question: Window and filters; ``sort`` and ``order`` sort, ``top`` says how many rows.
        promised: What judges the numbers.
        zone: Whose calendar the courses follow.

    Raises:
        SelectionError: When the address cannot be read.
        QueryError: When it names a field that requests do not have.
        StoreError: When the store cannot answer.
    """
    sorting, before = sorting_of(question), before_it(question.window)
    with asking() as pool:
        measured = pool.submit(measure, store, question, question.window)
        measured_before = pool.submit(measure, store, question, before)
        found = store.query(_ranked(question, sorting))
        rows = sort_rows(found.rows, sorting)
        courses = pool.submit(_courses, store, question, rows, zone)
        compared = _compared(store, question, rows, before)
        now, earlier = measured.result(), measured_before.result()
    state, verdict = judged(now, question.window, promised.thresholds)
    return Endpoints(
        state=state,
        verdict=verdict,
        figures=figures(now, earlier, question.window, promised.thresholds),
        sorts=sorts_of(question, sorting),
        rows=tuple(_endpoint(row, question, now, compared, courses.result()) for row in rows),
        rest=_rest(found, question, now),
        more=_more(question, found),
        ranked=rank_words(sorting, found),
        notes=notes(store, question, now),
    )


def _ranked(question: Question, sorting: Sorting) -> Query:
    rank = "requests" if sorting.name == NAME else COLUMNS[sorting.name].rank
    top = Top(limit_of(question), rank, ascending=sorting.ascending and sorting.name != NAME)
    return Query(REQUEST_STREAM, question.window, MEASURES, (ROUTE,), question.predicate(), top)


def _compared(store: Store, question: Question, rows: Sequence[Row], before: Window) -> Mapping[Value, Row]:
    """Return what the shown endpoints had before, by one query."""
    if not rows:
        return {}
    where = And((question.predicate(), among((ROUTE,), [(row[HTTP_ROUTE],) for row in rows])))
    found = store.query(Query(REQUEST_STREAM, before, (REQUESTS, ERRORS, _P95), (ROUTE,), where))
    return {row[HTTP_ROUTE]: row for row in found.rows}


def _courses(
    store: Store, question: Question, rows: Sequence[Row], zone: str
) -> Mapping[Value, tuple[float | None, ...]]:
    """Return the requests of the shown endpoints over time, by one query."""
    if not rows:
        return {}
    calendar = Calendar(fitting_unit(question.window), zone)
    where = And((question.predicate(), among((ROUTE,), [(row[HTTP_ROUTE],) for row in rows])))
    found = store.query(Query(REQUEST_STREAM, question.window, (REQUESTS,), (calendar, ROUTE), where)).rows
    of_route: dict[Value, list[Row]] = {row[HTTP_ROUTE]: [] for row in rows}
    for row in found:
        of_route[row[HTTP_ROUTE]].append(row)
    return {route: _course(each, question.window, calendar) for route, each in of_route.items()}


def _course(rows: Sequence[Row], window: Window, calendar: Calendar) -> tuple[float | None, ...]:
    values = [
        None if each.row is None else count(each.row, "requests") for each in course_of(rows, window, calendar).buckets
    ]
    greatest = max((each for each in values if each is not None), default=0)
    return tuple(None if each is None else each / greatest for each in values)


def _endpoint(
    row: Row,
    question: Question,
    now: Numbers,
    compared: Mapping[Value, Row],
    courses: Mapping[Value, tuple[float | None, ...]],
) -> Endpoint:
    route, numbers = row[HTTP_ROUTE], numbers_of(row)
    condition, earlier = links.filter_of(ROUTE, route), compared.get(route)
    name = Linked(shown(route), question.address(links.DRILL, also=(condition,), by=None))
    return Endpoint(
        name,
        _linked(cells_of(numbers, question.window.length, now), question, condition),
        None if earlier is None else relative(numbers.requests, count(earlier, "requests")),
        None if earlier is None else relative(numbers.p95, number(earlier, "p95")),
        courses.get(route, ()),
    )


def _linked(cells: tuple[float | None, ...], question: Question, condition: str) -> tuple[Cell, ...]:
    requests, errors, rate, p50, p95, p99, *others = cells
    drill = question.address(links.DRILL, also=(condition,), by=None)
    failed = links.logs(question, (condition, links.FAILED))
    slow = (
        None if each is None else Linked(each, links.logs(question, (condition, f"response_time >= {each!r}")))
        for each in (p50, p95, p99)
    )
    further = (None if each is None else Linked(each, drill) for each in others)
    return (
        Linked(requests, links.logs(question, (condition,))),
        Linked(errors, failed),
        Linked(rate, failed),
        *slow,
        *further,
    )


def _more(question: Question, found: Result) -> str | None:
    """Return the address that shows ten times as many endpoints, as far as they are shown at all."""
    limit = limit_of(question)
    if not found.others or limit == MOST_GROUPS:
        return None
    return question.same(links.ENDPOINTS, top=str(min(10 * limit, MOST_GROUPS)))


def _rest(found: Result, question: Question, now: Numbers) -> tuple[Message, tuple[Cell, ...]] | None:
    if not found.rest:
        return None
    name = plural("{n} other endpoint", "{n} other endpoints", found.others)
    return name, cells_of(numbers_of(found.rest[0]), question.window.length, now)
