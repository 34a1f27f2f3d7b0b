"""The table of a drill-down: the greatest groups of a dimension, the rest measured beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Cell, Heading, Linked, Table
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.language import Message, Value, message, plural
from analyzers.numbers import ratio
from analyzers.store.interface import Store
from analyzers.store.query import Key, Query, Top
from analyzers.store.result import Result, Row
from analyzers.store.result import Value as Stored
from atalaia.web.asked import Question
from atalaia.web.views import links
from atalaia.web.views.dimensions import title_of

TOP: Final = 20
"""How many groups have rows of their own, unless the address says otherwise."""
RANKS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "requests": message("requests"),
        "errors": message("errors"),
        "p95": message("p95"),
    }
)
"""What groups can be ranked by."""
_MEASURES: Final = (REQUESTS, ERRORS, MEASURED, *PERCENTILES)


@dataclass(frozen=True, slots=True)
class Grouping:
    """How a drill-down groups.

    Attributes:
        name: The dimension as an address names it.
        key: What it is made of.
        top: How many groups, and by what they are ranked.
        further: The dimension that a group is looked at by next.
    """

    name: str
    key: Key
    top: Top
    further: str


def measure_groups(store: Store, question: Question, grouping: Grouping) -> Result:
    """Measure the greatest groups of the question's requests, and the rest."""
    asked = Query(REQUEST_STREAM, question.window, _MEASURES, (grouping.key,), question.predicate(), grouping.top)
    return store.query(asked)


def groups_table(found: Result, question: Question, grouping: Grouping, requests: int) -> Table:
    """Return the groups as a table, the greatest first, whose cells lead to the drill-down and the log lines.

    Args:
        found: What was measured.
        question: The question.
        grouping: How it groups.
        requests: All requests of the question.
    """
    by = grouping.top.by
    rows = sorted(found.rows, key=lambda row: -_number(row[by]))
    cells = [_row(row, question, grouping, requests) for row in rows]
    cells += [_rest(row, found.others, requests) for row in found.rest]
    title = title_of(grouping.name)
    return Table(
        "groups",
        title,
        _headings(title),
        tuple(cells),
        message("Nothing was recorded in {span} that the filters let through.", span=question.window),
        _note(found, grouping),
    )


def shown(value: Stored) -> Value:
    """Return a group's value for a cell."""
    if value is None:
        return message("(none)")
    return value if isinstance(value, str) else str(value)


def _headings(title: Message) -> tuple[Heading, ...]:
    return (
        Heading("group", title, Unit.KEY),
        Heading("requests", message("Requests"), Unit.COUNT),
        Heading("share", message("Share of requests"), Unit.RATIO),
        Heading("errors", message("Errors"), Unit.COUNT),
        Heading("error_rate", message("Error rate"), Unit.RATIO),
        Heading("measured", message("Measured"), Unit.COUNT),
        Heading("p50", message("p50"), Unit.SECONDS),
        Heading("p95", message("p95"), Unit.SECONDS),
        Heading("p99", message("p99"), Unit.SECONDS),
    )


def _row(row: Row, question: Question, grouping: Grouping, requests: int) -> tuple[Cell, ...]:
    value = row[grouping.key.name]
    condition = links.filter_of(grouping.key, value)
    name = Linked(shown(value), question.same(links.DRILL, also=(condition,), by=grouping.further, top=None))
    total, *others = _numbers(row, requests)
    return (name, Linked(total, links.logs(question, (condition,))), *_linked(others, question, condition))


def _linked(cells: list[float | None], question: Question, condition: str) -> tuple[Cell, ...]:
    share, errors, rate, measured, *percentiles = cells
    failed = Linked(errors, links.logs(question, (condition, links.FAILED)))
    slow = (
        None if each is None else Linked(each, links.logs(question, (condition, f"response_time >= {each!r}")))
        for each in percentiles
    )
    return (share, failed, rate, measured, *slow)


def _rest(row: Row, others: int, requests: int) -> tuple[Cell, ...]:
    return (plural("{n} other", "{n} others", others), *_numbers(row, requests))


def _numbers(row: Row, requests: int) -> tuple[float | None, ...]:
    total, errors = int(_number(row["requests"])), int(_number(row["errors"]))
    percentiles = (_optional(row[each.name]) for each in PERCENTILES)
    share, rate = ratio(total, requests), ratio(errors, total)
    return (total, share, errors, rate, int(_number(row["measured"])), *percentiles)


def _note(found: Result, grouping: Grouping) -> Message | None:
    if not found.others:
        return None
    by = RANKS[grouping.top.by]
    return message("The {shown} greatest by {rank}; all others are measured together.", shown=len(found.rows), rank=by)


def _optional(value: Stored) -> float | None:
    return value if isinstance(value, int | float) else None


def _number(value: Stored) -> float:
    return _optional(value) or 0
