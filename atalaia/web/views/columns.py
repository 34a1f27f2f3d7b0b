"""The columns of endpoints: what they show, by what they sort, and which endpoints come first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from analyzers.analysis import Unit
from analyzers.blocks import Heading
from analyzers.fields import HTTP_ROUTE
from analyzers.language import Message, message
from analyzers.numbers import ratio
from analyzers.selection.errors import SelectionError
from analyzers.store.result import Result, Row
from atalaia.web.asked import Question
from atalaia.web.views import links
from atalaia.web.views.numbers import Numbers, numbers_of


class Column(NamedTuple):
    """A column that endpoints can be sorted by.

    Attributes:
        heading: Its heading.
        rank: The measure by which the greatest are chosen.
        value: What rows are sorted by; ``None`` sorts last.
    """

    heading: Heading
    rank: str
    value: Callable[[Numbers], float | None]


def _columns() -> Mapping[str, Column]:
    columns = (
        Column(Heading("requests", message("Requests"), Unit.COUNT), "requests", lambda each: each.requests),
        Column(Heading("errors", message("Errors"), Unit.COUNT), "errors", lambda each: each.errors),
        Column(Heading("error_rate", message("Error rate"), Unit.RATIO), "errors", lambda each: each.error_rate),
        Column(Heading("p50", message("p50"), Unit.SECONDS), "p50", lambda each: each.p50),
        Column(Heading("p95", message("p95"), Unit.SECONDS), "p95", lambda each: each.p95),
        Column(Heading("p99", message("p99"), Unit.SECONDS), "p99", lambda each: each.p99),
        Column(Heading("throughput", message("Throughput"), Unit.PER_SECOND), "requests", lambda each: each.requests),
        Column(Heading("time", message("Share of time"), Unit.RATIO), "seconds", lambda each: each.seconds),
        Column(Heading("database", message("Database time"), Unit.SECONDS), "database", lambda each: each.database),
        Column(
            Heading("queries", message("Queries a request"), Unit.NUMBER),
            "queries",
            lambda each: each.queries_per_request,
        ),
    )
    return MappingProxyType({each.heading.name: each for each in columns})


COLUMNS: Final = _columns()
"""Name of a column, as ``sort=`` takes it, to the column."""
NAME: Final = "name"
"""The ``sort=`` by the endpoints' names."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """How endpoints are sorted.

    Attributes:
        name: One of :data:`COLUMNS`, or :data:`NAME`.
        ascending: Whether the least come first.
    """

    name: str
    ascending: bool


@dataclass(frozen=True, slots=True)
class Sort:
    """A heading that sorts.

    Attributes:
        heading: The heading.
        href: The address sorted by it; by it the other way round where it is by it already.
        order: ``ascending`` or ``descending`` where it is by it, as ``aria-sort`` has it; else ``None``.
    """

    heading: Heading
    href: str
    order: str | None


def sorting_of(question: Question) -> Sorting:
    """Return how an address sorts endpoints: by default those with the most requests first.

    Raises:
        SelectionError: When it names no column or no order.
    """
    name, order = question.one("sort") or "requests", question.one("order")
    if name not in {*COLUMNS, NAME}:
        raise SelectionError(f"sort={name} is no column", f"give one of {', '.join((NAME, *COLUMNS))}")
    if order not in {None, "asc", "desc"}:
        raise SelectionError(f"order={order} is no order", "give asc or desc")
    return Sorting(name, ascending=(order or ("asc" if name == NAME else "desc")) == "asc")


def sort_rows(rows: Sequence[Row], sorting: Sorting) -> list[Row]:
    """Return rows in order; equals by their names, what was not measured last."""
    named = sorted(rows, key=lambda row: (row[HTTP_ROUTE] is None, str(row[HTTP_ROUTE])))
    if sorting.name == NAME:
        return named if sorting.ascending else named[::-1]
    value, sign = COLUMNS[sorting.name].value, 1 if sorting.ascending else -1
    keyed = [(value(numbers_of(row)), row) for row in named]
    return [row for _, row in sorted(keyed, key=lambda each: (each[0] is None, sign * (each[0] or 0)))]


def sorts_of(question: Question, sorting: Sorting) -> tuple[Sort, ...]:
    """Return the headings, each with the address sorted by it."""
    name = Heading(NAME, message("Endpoint"), Unit.KEY)
    return tuple(_sort(question, sorting, each) for each in (name, *(each.heading for each in COLUMNS.values())))


def _sort(question: Question, sorting: Sorting, heading: Heading) -> Sort:
    order = None
    if heading.name == sorting.name:
        order = "ascending" if sorting.ascending else "descending"
    first = "asc" if heading.name == NAME else "desc"
    turned = "desc" if sorting.ascending else "asc"
    href = question.same(links.ENDPOINTS, sort=heading.name, order=turned if order else first)
    return Sort(heading, href, order)


def cells_of(each: Numbers, length: timedelta, now: Numbers) -> tuple[float | None, ...]:
    """Return the numbers in the order of :data:`COLUMNS`."""
    time = None if each.seconds is None or not now.seconds else each.seconds / now.seconds
    throughput = each.requests / length.total_seconds()
    return (
        each.requests,
        each.errors,
        ratio(each.errors, each.requests),
        each.p50,
        each.p95,
        each.p99,
        throughput,
        time,
        each.database,
        each.queries_per_request,
    )


def rank_words(sorting: Sorting, found: Result) -> Message | None:
    """Return by what the endpoints were chosen; shares are of few requests where they are greatest."""
    if not found.others:
        return None
    if sorting.name == "error_rate":
        return message("Shown are those with the most errors, sorted by error rate.")
    if sorting.name == "queries":
        return message("Shown are those with the most queries, sorted by queries a request.")
    return message("All others are measured together in the last row.")
