"""Where the time goes: the endpoints that take most of it, those that are slow, and what they wait for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Table
from analyzers.fields import DB_TIME, HTTP_ROUTE, REQUEST_STREAM, RESPONSE_TIME, TEMPLATE_TIME
from analyzers.jobs.job import REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.language import Message, message, plural
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, Exists, Field, NamedMeasure, Predicate, Query, Sum, Window
from analyzers.store.result import Row

TOP: Final = 10
"""How many endpoints a table lists."""
ENOUGH: Final = 20
"""An endpoint measured less often has no p95 worth ranking: it would be its slowest request."""
_SECONDS: Final = NamedMeasure("seconds", Sum(RESPONSE_TIME))
_ENDPOINT: Final = Heading("endpoint", message("Endpoint"), Unit.KEY)
_REQUESTS: Final = Heading("requests", message("Measured requests"), Unit.COUNT)
_PERCENTILES: Final = tuple(Heading(each.name, message("{name}", name=each.name), Unit.SECONDS) for each in PERCENTILES)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that requests wait for, and that says how long.

    Attributes:
        name: The table's name.
        title: Its title.
        field: The seconds of each request.
        heading: The title of their column.
        empty: What is said where no request has the field.
    """

    name: str
    title: Message
    field: str
    heading: Message
    empty: Message


DATABASE: Final = Waiting(
    "bottlenecks_database",
    message("Endpoints by time in the database"),
    DB_TIME,
    message("In the database"),
    message("No request says how long it was in the database."),
)

TEMPLATES: Final = Waiting(
    "bottlenecks_templates",
    message("Endpoints by time in templates"),
    TEMPLATE_TIME,
    message("In templates"),
    message("No request says how long it rendered templates."),
)


def bottlenecks(
    store: Store, window: Window, where: Predicate = EVERYTHING, stream: str = REQUEST_STREAM
) -> tuple[Table, ...]:
    """Return the endpoints by all their time, by p95, by the time in the database, and in templates.

    Raises:
        StoreError: When the store cannot answer.
    """
    measures = (REQUESTS, MEASURED, _SECONDS, *PERCENTILES)
    timed = And((where, Exists(RESPONSE_TIME)))
    rows = store.query(Query(stream, window, measures, (Field(HTTP_ROUTE),), timed)).rows
    waits = (waiting(store, window, what, where, stream) for what in (DATABASE, TEMPLATES))
    return by_total(rows), by_p95(rows), *waits


def by_total(rows: Sequence[Row]) -> Table:
    """Return the endpoints that take most time altogether: what is mended there helps most."""
    whole = sum(number(row, "seconds") or 0 for row in rows)
    headings = (
        _ENDPOINT,
        _REQUESTS,
        Heading("seconds", message("Total time"), Unit.SECONDS),
        Heading("share", message("Of all time"), Unit.RATIO),
        *_PERCENTILES,
    )
    cells = tuple(
        (
            _route(row),
            count(row, "measured"),
            number(row, "seconds"),
            _part(number(row, "seconds"), whole),
            *_times(row),
        )
        for row in _top(rows, lambda row: number(row, "seconds") or 0)
    )
    title = message("Endpoints by total time")
    empty = message("No response time was measured.")
    return Table("bottlenecks_total", title, headings, cells, empty, first_of(len(rows)))


def by_p95(rows: Sequence[Row]) -> Table:
    """Return the slowest endpoints, of those measured often enough."""
    often = [row for row in rows if count(row, "measured") >= ENOUGH]
    cells = tuple(
        (_route(row), count(row, "measured"), *_times(row)) for row in _top(often, lambda row: number(row, "p95") or 0)
    )
    return Table(
        "bottlenecks_p95",
        message("Endpoints by p95"),
        (_ENDPOINT, _REQUESTS, *_PERCENTILES),
        cells,
        message("No endpoint was measured {least} times.", least=ENOUGH),
        _ranked_of(len(often)),
    )


def _ranked_of(number: int) -> Message:
    if number <= TOP:
        return message("Endpoints measured fewer than {least} times are left out.", least=ENOUGH)
    return plural(
        "Of {n} endpoint; those measured fewer than {least} times are left out.",
        "Of {n} endpoints; those measured fewer than {least} times are left out.",
        number,
        least=ENOUGH,
    )


def waiting(
    store: Store, window: Window, what: Waiting, where: Predicate = EVERYTHING, stream: str = REQUEST_STREAM
) -> Table:
    """Return the endpoints that wait longest for something altogether, with its share of their time.

    Only requests that say how long they waited count, on both sides of the share.

    Raises:
        StoreError: When the store cannot answer.
    """
    told = And((where, Exists(RESPONSE_TIME), Exists(what.field)))
    measures = (REQUESTS, _SECONDS, NamedMeasure("waited", Sum(what.field)))
    rows = store.query(Query(stream, window, measures, (Field(HTTP_ROUTE),), told)).rows
    headings = (
        _ENDPOINT,
        _REQUESTS,
        Heading("seconds", message("Total time"), Unit.SECONDS),
        Heading(what.field, what.heading, Unit.SECONDS),
        Heading("share", message("Of its time"), Unit.RATIO),
    )
    cells = tuple(
        (
            _route(row),
            count(row, "requests"),
            number(row, "seconds"),
            number(row, "waited"),
            _part(number(row, "waited"), number(row, "seconds")),
        )
        for row in _top(rows, lambda row: number(row, "waited") or 0)
    )
    return Table(what.name, what.title, headings, cells, what.empty, first_of(len(rows)))


def first_of(number: int) -> Message | None:
    """Return how many endpoints there are, where a table shows the first of them only; else nothing."""
    return None if number <= TOP else plural("Of {n} endpoint.", "Of {n} endpoints.", number)


def _top(rows: Sequence[Row], key: Callable[[Row], float]) -> list[Row]:
    """Return the rows with the greatest keys, equals by endpoint; those at zero are left out."""
    ranked = sorted(rows, key=lambda row: (-key(row), row[HTTP_ROUTE] is None, str(row[HTTP_ROUTE])))
    return [row for row in ranked if key(row) > 0][:TOP]


def _route(row: Row) -> str | Message:
    route = row[HTTP_ROUTE]
    return message("(no endpoint)") if route is None else str(route)


def _times(row: Row) -> tuple[float | None, ...]:
    return tuple(number(row, each.name) for each in PERCENTILES)


def _part(part: float | None, whole: float | None) -> Cell:
    return part / whole if part is not None and whole else None
