"""What is asked: as a query of ours, and as the SQL a person would write for one clean Parquet file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

import duckdb

from analyzers.store.elastic.percentiles import RELATIVE_ERROR
from analyzers.store.query import (
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    Field,
    NamedMeasure,
    Percentile,
    Query,
    Range,
    Window,
)
from analyzers.store.result import Result, Value
from benchmarks.store.events import HOUR, WHOLE
from benchmarks.store.templates import STREAM

Answer: TypeAlias = list[tuple[Value, ...]]
"""Rows in the order of the groups, columns as the question lists them."""

_PERCENTILES: Final = tuple(
    NamedMeasure(f"p{percent}", Percentile("response_time", percent)) for percent in (50, 95, 99)
)
_REQUESTS: Final = NamedMeasure("requests", Count())
_ERRORS: Final = NamedMeasure("errors", CountIf(Range("http.response.status_code", gte=500)))
_GOOD: Final = NamedMeasure("good", CountIf(Range("http.response.status_code", lt=500)))
_FAST: Final = NamedMeasure("fast", CountIf(Range("response_time", lt=2.0)))
_HOURS: Final = (Calendar(CalendarUnit.HOUR),)
_ROUTES: Final = (Field("http.route"),)

_WITHIN: Final = "timestamp >= TIMESTAMP '{start}' AND timestamp < TIMESTAMP '{end}'"


@dataclass(frozen=True, slots=True)
class Question:
    """One question in both languages.

    Attributes:
        name: What it is called in the table.
        query: For a store.
        sql: For DuckDB; ``{file}``, ``{start}`` and ``{end}`` are filled in.
    """

    name: str
    query: Query
    sql: str

    def by_hand(self, connection: duckdb.DuckDBPyConnection, file: str) -> Answer:
        """Return DuckDB's answer over one file."""
        start, end = (f"{bound:%Y-%m-%d %H:%M:%S}" for bound in (self.query.window.start, self.query.window.end))
        rows = connection.execute(self.sql.format(file=file, start=start, end=end)).fetchall()
        return [tuple(_aware(cell) for cell in row) for row in rows]

    def answer(self, result: Result) -> Answer:
        """Return a store's answer in the same form."""
        names = [dimension.name for dimension in self.query.by] + [named.name for named in self.query.measures]
        return [tuple(row[name] for name in names) for row in result.rows]


def _percentiles(name: str, window: Window) -> Question:
    """By hand all three are asked for at once: each by itself would take twice as long."""
    return Question(
        name,
        Query(STREAM, window, (_REQUESTS, *_PERCENTILES), _ROUTES),
        f"""
        SELECT endpoint, requests, times[1], times[2], times[3] FROM (
            SELECT endpoint, count(*) AS requests, quantile_disc(response_time, [0.5, 0.95, 0.99]) AS times
            FROM read_parquet('{{file}}') WHERE {_WITHIN} GROUP BY endpoint
        ) ORDER BY endpoint
        """,  # noqa: S608 - our own text
    )


QUESTIONS: Final = (
    _percentiles("p50/p95/p99 by endpoint", WHOLE),
    Question(
        "hourly requests and errors",
        Query(STREAM, WHOLE, (_REQUESTS, _ERRORS), _HOURS),
        f"""
        SELECT date_trunc('hour', timestamp) AS hour, count(*), count(*) FILTER (WHERE status_code >= 500)
        FROM read_parquet('{{file}}') WHERE {_WITHIN} GROUP BY hour ORDER BY hour
        """,  # noqa: S608 - our own text
    ),
    Question(
        "hourly requests, errors and p95",
        Query(STREAM, WHOLE, (_REQUESTS, _ERRORS, _PERCENTILES[1]), _HOURS),
        f"""
        SELECT date_trunc('hour', timestamp) AS hour, count(*), count(*) FILTER (WHERE status_code >= 500),
            quantile_disc(response_time, 0.95)
        FROM read_parquet('{{file}}') WHERE {_WITHIN} GROUP BY hour ORDER BY hour
        """,  # noqa: S608 - our own text
    ),
    Question(
        "SLA month",
        Query(STREAM, WHOLE, (_REQUESTS, _GOOD, _ERRORS, _FAST)),
        f"""
        SELECT count(*), count(*) FILTER (WHERE status_code < 500), count(*) FILTER (WHERE status_code >= 500),
            count(*) FILTER (WHERE response_time < 2.0)
        FROM read_parquet('{{file}}') WHERE {_WITHIN}
        """,  # noqa: S608 - our own text
    ),
)
"""Over all thirty days."""

ONE_HOUR: Final = _percentiles("one hour", HOUR)


class DifferentAnswersError(Exception):
    """Two stores do not say the same."""


def check_equal(question: Question, ours: Answer, theirs: Answer, *, percentiles: float = 0.0) -> None:
    """Compare two answers: all equal, percentiles within a relative error.

    Raises:
        DifferentAnswersError: Naming the first row that differs.
    """
    if len(ours) != len(theirs) or not ours:
        raise DifferentAnswersError(f"{question.name}: {len(ours)} rows, and {len(theirs)}")
    for mine, other in zip(ours, theirs, strict=True):
        if not all(_alike(left, right, percentiles) for left, right in zip(mine, other, strict=True)):
            raise DifferentAnswersError(f"{question.name}: {mine}, and {other}")


def check_within_bounds(question: Question, ours: Answer, theirs: Answer) -> None:
    """Compare our exact answer with Elasticsearch's: percentiles within the bound that its store states.

    Raises:
        DifferentAnswersError: Naming the first row that differs.
    """
    check_equal(question, ours, theirs, percentiles=RELATIVE_ERROR)


def _alike(left: Value, right: Value, error: float) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= error * abs(left)
    return type(left) is type(right) and left == right


def _aware(cell: Value) -> Value:
    return cell.replace(tzinfo=UTC) if isinstance(cell, datetime) else cell
