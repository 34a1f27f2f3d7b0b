"""Endpoints in rank: the busiest, those that fail, the slow ones, and where the time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from analyzers.blocks import Cell, Heading, Picture, Table
from analyzers.charts.definition import Bar, Ranking
from analyzers.fields import HTTP_ROUTE, STATUS_CODE
from analyzers.jobs.job import ERRORS, FAILED
from analyzers.language import Message, message, plural
from analyzers.reports.bottlenecks import bottlenecks, first_of
from analyzers.reports.measuring import REQUESTS_OF, Endpoint, Totals
from analyzers.reports.question import Question
from analyzers.store.interface import Store
from analyzers.store.query import And, Field, Query, Top, Window
from analyzers.store.result import Row
from analyzers.units import Unit

TOP: Final = 10
"""How many endpoints a list shows."""

_ROUTE: Final = Heading("endpoint", message("Endpoint"), Unit.KEY)
_REQUESTS: Final = Heading("requests", message("Requests"), Unit.COUNT)
_ERRORS: Final = Heading("errors", message("Errors"), Unit.COUNT)
_RATE: Final = Heading("error_rate", message("Error rate"), Unit.RATIO)
_MEASURED: Final = Heading("measured", message("Timed"), Unit.COUNT)
_TIMES: Final = (
    Heading("p50", message("p50"), Unit.SECONDS),
    Heading("p95", message("p95"), Unit.SECONDS),
    Heading("p99", message("p99"), Unit.SECONDS),
)
_EMPTY: Final = message("No request was recorded.")


def busiest(found: Sequence[Endpoint]) -> Table:
    """Return the endpoints with the most requests."""
    return _table(
        ("busiest", message("Endpoints by requests")),
        found,
        lambda totals: totals.requests,
        _EMPTY,
        first_of(len(found)),
    )


def failing(found: Sequence[Endpoint]) -> Table:
    """Return the endpoints with the most errors; those without any are left out."""
    empty = message("No request failed.") if found else _EMPTY
    failed = sum(each.totals.errors > 0 for each in found)
    titled = ("failing", message("Endpoints by errors"))
    return _table(titled, found, lambda totals: totals.errors, empty, first_of(failed))


def bottlenecks_of(store: Store, question: Question) -> tuple[Table, ...]:
    """Return the endpoints by all their time, by p95, and by the time in the database.

    Raises:
        StoreError: When the store cannot answer.
    """
    return bottlenecks(store, question.window, question.requests, question.stream(REQUESTS_OF))


def time_picture(found: Sequence[Endpoint]) -> Picture:
    """Return the endpoints that take the most time together, as bars."""
    bars = tuple(
        Bar(_name(each.route), each.totals.seconds) for each in _top(found, lambda totals: totals.seconds or 0)
    )
    return Picture(
        "time_chart", message("Where the time goes"), Ranking(Unit.SECONDS, message("Total response time"), bars)
    )


def errors_table(store: Store, question: Question, window: Window, errors: int) -> Table:
    """Return the failed requests by endpoint and status, the most frequent ones.

    Args:
        store: Where the requests are.
        question: Which requests count.
        window: The period.
        errors: All errors of the period: the rows may have fewer.

    Raises:
        StoreError: When the store cannot answer.
    """
    by = (Field(HTTP_ROUTE), Field(STATUS_CODE))
    where = And((question.requests, FAILED))
    asked = Query(question.stream(REQUESTS_OF), window, (ERRORS,), by, where, Top(TOP, ERRORS.name))
    rows = sorted(store.query(asked).rows, key=_by_errors)
    return Table(
        "errors",
        message("Errors by endpoint and status"),
        (_ROUTE, Heading("status", message("Status"), Unit.KEY), _ERRORS),
        tuple((_name(row[HTTP_ROUTE]), str(row[STATUS_CODE]), int(str(row[ERRORS.name]))) for row in rows),
        message("No request failed."),
        _shown_of(sum(int(str(row[ERRORS.name])) for row in rows), errors),
    )


def _shown_of(shown: int, errors: int) -> Message | None:
    """Return how many errors the rows have of all, where some are left out."""
    if shown >= errors:
        return None
    return plural("{shown} of {n} error.", "{shown} of {n} errors.", errors, shown=shown)


def _by_errors(row: Row) -> tuple[int, str, str]:
    return -int(str(row[ERRORS.name])), str(row[HTTP_ROUTE]), str(row[STATUS_CODE])


def _table(
    named: tuple[str, Message],
    found: Sequence[Endpoint],
    key: Callable[[Totals], float],
    empty: Message,
    note: Message | None,
) -> Table:
    rows = tuple(_row(each) for each in _top(found, key))
    headings = (_ROUTE, _REQUESTS, _ERRORS, _RATE, _MEASURED, *_TIMES)
    return Table(*named, headings, rows, empty, note)


def _row(each: Endpoint) -> tuple[Cell, ...]:
    totals = each.totals
    counts = (totals.requests, totals.errors, totals.error_rate, totals.measured)
    return (_name(each.route), *counts, totals.p50, totals.p95, totals.p99)


def _top(found: Sequence[Endpoint], key: Callable[[Totals], float]) -> tuple[Endpoint, ...]:
    """Return the endpoints with the greatest keys, equals by name; those at zero are left out."""
    ranked = sorted(found, key=lambda each: (-key(each.totals), each.route is None, each.route or ""))
    return tuple(each for each in ranked if key(each.totals) > 0)[:TOP]


def _name(route: object) -> Message | str:
    return message("(no endpoint)") if route is None else str(route)
