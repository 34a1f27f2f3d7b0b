"""``eager-loading``: endpoints that load rows one by one, a statement for each (N+1 queries)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME
from analyzers.language import Amount, Message, message
from analyzers.recommendations.indexes.reading import wanted_by
from analyzers.recommendations.indexes.wanted import Unreadable
from analyzers.recommendations.measuring import ENOUGH, knows_statements, requests, share, statements, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Gap, Rule, Suggestion
from analyzers.recommendations.wording import short
from analyzers.store.query import (
    And,
    Count,
    CountIf,
    DistinctCount,
    Equals,
    Exists,
    Field,
    In,
    Measure,
    Percentile,
    Sum,
)
from analyzers.store.result import Row

NAME: Final = "eager-loading"
PAGE: Final = "runbooks/slow-responses.md"
MANY: Final = 10
"""Statements in one request, at the 95th percentile. Detectors of N+1 queries begin at 5 repeated ones (Sentry's
documentation, "N+1 Queries"); twice as many, since these here need not all be of one shape."""
VARYING: Final = 2
"""How many times the median the 95th percentile is: statements grow with the rows; no page that always has as many."""
REPEATED: Final = Fraction(2)
"""Slow statements of one shape in a request, on average: then it is known which one repeats."""
LEAST_SHARE: Final = Fraction(10, 100)
"""Of the endpoint's time, in the database; where it is less, fewer statements would hardly be felt."""
MOST_ADVICE: Final = 5

_QUERIES: Final = "db_queries"


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A shape that one request sends several times."""

    text: str
    recorded: Fraction
    requests: Fraction


def judge(asked: Asked) -> Finding:
    """Look at how many statements the requests of each route send, and how much that varies."""
    measures: dict[str, Measure] = {
        "requests": Count(),
        "counted": CountIf(Exists(_QUERIES)),
        "queries": Sum(_QUERIES),
        "p50": Percentile(_QUERIES, 50),
        "p95": Percentile(_QUERIES, 95),
        "db_time": Sum("db_time"),
        "time": Sum(RESPONSE_TIME),
    }
    rows = requests(asked, measures, (Field(HTTP_ROUTE),), Exists(HTTP_ROUTE))
    if not any(total(row, "counted") for row in rows):
        why = message("how many statements a request sends was not recorded")
        return Finding(gaps=(Gap(why, ("logging_lib.sqlalchemy.observe(engine)",)),))
    busy = [row for row in rows if _many(row)]
    repeated = _repeated(asked, [text(row, HTTP_ROUTE) for row in busy])
    likely = [row for row in busy if _varies(row) or text(row, HTTP_ROUTE) in repeated]
    ranked = sorted(likely, key=lambda row: (-total(row, "db_time"), text(row, HTTP_ROUTE)))
    whole = sum((total(row, "time") for row in rows), Fraction(0))
    return Finding(tuple(_suggestion(row, repeated.get(text(row, HTTP_ROUTE)), whole) for row in ranked[:MOST_ADVICE]))


RULE: Final = Rule(NAME, message("Endpoints that load rows one by one"), judge)


def _many(row: Row) -> bool:
    enough = total(row, "counted") >= ENOUGH and total(row, "p95") >= MANY
    return enough and share(total(row, "db_time"), total(row, "time")) >= LEAST_SHARE


def _varies(row: Row) -> bool:
    return total(row, "p95") >= VARYING * total(row, "p50")


def _repeated(asked: Asked, routes: list[str]) -> Mapping[str, _Repeated]:
    """Return the shape that repeats most in the requests of each route, of the slow ones, which alone are recorded."""
    if not routes or not knows_statements(asked):
        return {}
    measures: dict[str, Measure] = {
        "recorded": Count(),
        "held": Sum("sql.held_back"),
        "requests": DistinctCount("http.request.id"),
    }
    where = And((In("sql.endpoint", tuple(routes)), Equals("sql.operation", "SELECT"), Exists("http.request.id")))
    found: dict[str, list[_Repeated]] = defaultdict(list)
    for row in statements(asked, measures, (Field("sql.endpoint"), Field("sql.text")), where):
        if row["sql.text"] is not None and total(row, "recorded") >= REPEATED * total(row, "requests"):
            shape = _Repeated(text(row, "sql.text"), total(row, "recorded"), total(row, "requests"))
            found[text(row, "sql.endpoint")].append(shape)
    return {route: max(shapes, key=lambda each: (each.recorded, each.text)) for route, shapes in found.items()}


def _suggestion(row: Row, repeated: _Repeated | None, whole: Fraction) -> Suggestion:
    route, database = text(row, HTTP_ROUTE), total(row, "db_time")
    advice = Advice(
        rule=NAME,
        title=message("Load the rows of {route} together", route=route),
        evidence=(_counts(row), _times(row), *(() if repeated is None else (_shape(repeated),))),
        gain=message(
            "At most the {seconds} in the database: rows loaded together take one statement for each relationship "
            "instead of one for each row. How much of it is the statements that repeat was not recorded; the network "
            "between application and database is the greater part of short ones.",
            seconds=Amount(database, Unit.SECONDS),
        ),
        commands=_commands(repeated),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, share(database, whole))


def _counts(row: Row) -> Message:
    return message(
        "{p50} statements in a request at the median, {p95} at the 95th percentile, {queries} in {requests} requests "
        "together",
        p50=Amount(total(row, "p50"), Unit.COUNT),
        p95=Amount(total(row, "p95"), Unit.COUNT),
        queries=Amount(total(row, "queries"), Unit.COUNT),
        requests=Amount(total(row, "counted"), Unit.COUNT),
    )


def _times(row: Row) -> Message:
    return message(
        "the database took {database} of their {time}: {share}",
        database=Amount(total(row, "db_time"), Unit.SECONDS),
        time=Amount(total(row, "time"), Unit.SECONDS),
        share=Amount(share(total(row, "db_time"), total(row, "time")), Unit.RATIO),
    )


def _shape(repeated: _Repeated) -> Message:
    return message(
        "of the slow statements this one repeats: {statement}, {recorded} times in {requests} requests",
        statement=short(repeated.text),
        recorded=Amount(repeated.recorded, Unit.COUNT),
        requests=Amount(repeated.requests, Unit.COUNT),
    )


def _commands(repeated: _Repeated | None) -> tuple[str, ...]:
    """Return the lines of SQLAlchemy: which relationship it is can be told by the columns of what repeats."""
    over = "" if repeated is None else _relationship(repeated.text)
    return (
        f"select(Parent).options(selectinload(Parent.children)){over}",
        "select(Parent).options(raiseload('*'))  # in a test: whatever is still loaded one by one raises",
    )


def _relationship(statement: str) -> str:
    try:
        wanted: Iterable[str] = [f"{each.relation} ({each.columns})" for each in wanted_by(statement)]
    except Unreadable:
        return ""
    return f"  # the relationship over {', '.join(wanted)}"
