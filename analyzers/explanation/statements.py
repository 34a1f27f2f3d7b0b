"""Slow SQL statements in the window of a breach, against those of the weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.explanation.model import Finding, Statement, Week
from analyzers.explanation.request import ExplainRequest
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs.job import count, number
from analyzers.store.answering import among
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    And,
    Count,
    Equals,
    Field,
    NamedMeasure,
    Predicate,
    Query,
    Sum,
    Top,
    Window,
)
from analyzers.store.result import Row, Value

MOST_STATEMENTS: Final = 3
_KEYS: Final = (Field("sql.operation"), Field("sql.text"))
_MEASURES: Final = (NamedMeasure("statements", Count()), NamedMeasure("seconds", Sum("sql.duration.sec")))
_REQUESTS: Final = REQUEST_STREAM.removesuffix("*")
_STATEMENTS: Final = "logs-sql.query-"


def statements_of(
    store: Store, request: ExplainRequest, finding: Finding | None, weeks: Sequence[Week]
) -> tuple[Statement, ...]:
    """Return the slow statements that took the most time in the window, where that was twice the usual or more.

    Of a finding about an endpoint only that endpoint's. Statements are a stream of their own, so that further filters
    of requests do not apply to them.

    Args:
        store: The store, asked once for the window and once for each week that is known.
        request: What is explained; nothing is found unless it is about requests.
        finding: What stands out, if anything.
        weeks: The weeks before.
    """
    if not request.stream.startswith(_REQUESTS):
        return ()
    stream = _STATEMENTS + request.stream.removeprefix(_REQUESTS)
    asked = _Asked(store, stream, _of_endpoint(finding))
    now = asked.rows(request.window, top=Top(MOST_STATEMENTS, "seconds"))
    known = [week.window for week in weeks if week.window is not None and not week.missing]
    where = among(_KEYS, [_key(row) for row in now])
    before = [{_key(row): row for row in asked.rows(window, where)} for window in known] if now else []
    found = (_statement(row, before) for row in now)
    return tuple(sorted((each for each in found if each.unusual), key=lambda each: -each.seconds))


@dataclass(frozen=True, slots=True)
class _Asked:
    store: Store
    stream: str
    endpoint: Predicate

    def rows(self, window: Window, where: Predicate = EVERYTHING, top: Top | None = None) -> Sequence[Row]:
        both = self.endpoint if where == EVERYTHING else _both(self.endpoint, where)
        return self.store.query(Query(self.stream, window, _MEASURES, _KEYS, both, top)).rows


def _both(first: Predicate, second: Predicate) -> Predicate:
    return second if first == EVERYTHING else first if second == EVERYTHING else And((first, second))


def _of_endpoint(finding: Finding | None) -> Predicate:
    conditions = finding.conditions if finding else ()
    route = next((each.value for each in conditions if each.aspect.key == Field(HTTP_ROUTE)), None)
    return Equals("sql.endpoint", route) if isinstance(route, str) else EVERYTHING


def _key(row: Row) -> tuple[Value, ...]:
    return tuple(row[key.name] for key in _KEYS)


def _statement(row: Row, before: Sequence[Mapping[tuple[Value, ...], Row]]) -> Statement:
    past = [week[_key(row)] for week in before if _key(row) in week]
    usual = sum(number(each, "seconds") or 0 for each in past) / len(before) if past else None
    return Statement(
        kind=str(row["sql.operation"] or "other"),
        text=str(row["sql.text"] or ""),
        count=count(row, "statements"),
        seconds=number(row, "seconds") or 0.0,
        usual=usual,
        is_new=bool(before) and not past,
    )
