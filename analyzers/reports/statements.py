"""The slow SQL statements of a period."""

from __future__ import annotations

from typing import Final

from analyzers.blocks import Heading, Table
from analyzers.jobs.queries import SECONDS
from analyzers.language import message
from analyzers.reports.question import Question
from analyzers.store.interface import Store
from analyzers.store.query import Count, CountIf, Exists, Field, Max, NamedMeasure, Percentile, Query, Sum, Top, Window
from analyzers.store.result import Row
from analyzers.units import Unit

STATEMENTS_OF: Final = "logs-sql.query"
"""The data set of slow statements."""
_TEXT: Final = "sql.text"
_TOP: Final = 10
_MEASURES: Final = (
    NamedMeasure("statements", Count()),
    NamedMeasure("failed", CountIf(Exists("sql.error"))),
    NamedMeasure("seconds", Sum(SECONDS)),
    NamedMeasure("p95", Percentile(SECONDS, 95)),
    NamedMeasure("max", Max(SECONDS)),
)


def statements_table(store: Store, question: Question, window: Window) -> Table:
    """Return the statements that took the most time together, by their shape.

    Raises:
        StoreError: When the store cannot answer.
    """
    asked = Query(
        question.stream(STATEMENTS_OF), window, _MEASURES, (Field(_TEXT),), question.service, Top(_TOP, "seconds")
    )
    rows = sorted(store.query(asked).rows, key=_by_seconds)
    return Table(
        "statements",
        message("Slow statements by total time"),
        (
            Heading("statement", message("Statement"), Unit.KEY),
            Heading("statements", message("Times"), Unit.COUNT),
            Heading("failed", message("Failed"), Unit.COUNT),
            Heading("seconds", message("Total time"), Unit.SECONDS),
            Heading("p95", message("p95"), Unit.SECONDS),
            Heading("max", message("Longest"), Unit.SECONDS),
        ),
        tuple(_cells(row) for row in rows),
        message(
            "No slow statement was recorded: either all were fast, or nothing records them. "
            "docs/logging.md says how logging_lib's SQL recording is switched on."
        ),
    )


def _by_seconds(row: Row) -> tuple[float, str]:
    return -float(str(row["seconds"] or 0)), str(row[_TEXT])


def _cells(row: Row) -> tuple[str | float | None, ...]:
    numbers = (row[each.name] for each in _MEASURES)
    return (str(row[_TEXT] or ""), *(each if isinstance(each, int | float) else None for each in numbers))
