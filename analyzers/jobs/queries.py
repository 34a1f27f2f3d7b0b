"""Slow SQL statements: how many, and how long they took."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import Analysis, Selection, State, Unit
from analyzers.jobs.job import columns, count, keys_of, measured, number
from analyzers.numbers import counted, seconds
from analyzers.store.interface import Store
from analyzers.store.query import Count, CountIf, Exists, Max, NamedMeasure, Percentile, Sum
from analyzers.store.result import Row

STATEMENT_STREAM: Final = "logs-sql.query-*"
"""The slow statements of every environment."""

SECONDS: Final = "sql.duration.sec"
RANKS: Final = ("seconds", "statements", "p95", "max", "failed")
_MEASURES: Final = (
    NamedMeasure("statements", Count()),
    NamedMeasure("failed", CountIf(Exists("sql.error"))),
    NamedMeasure("seconds", Sum(SECONDS)),
    NamedMeasure("p95", Percentile(SECONDS, 95)),
    NamedMeasure("max", Max(SECONDS)),
)
_UNITS: Final = (
    ("statements", Unit.COUNT),
    ("failed", Unit.COUNT),
    ("seconds", Unit.SECONDS),
    ("p95", Unit.SECONDS),
    ("max", Unit.SECONDS),
)


def run(store: Store, selection: Selection) -> Analysis:
    """Count slow statements and those that failed, and give their time: together, its p95 and its greatest.

    A statement is stored when it took longer than the application's threshold, so a window without one is unmeasured:
    either all were fast, or nothing was recorded. No threshold is about statements: any is met.
    """
    found = measured(store, selection, _MEASURES)
    total = count(found.total, "statements")
    return Analysis(
        name="queries",
        selection=selection,
        columns=columns(selection, *_UNITS),
        rows=tuple(_row(selection, row) for row in found.rows),
        rest=tuple(_row(selection, row) for row in found.rest),
        others=found.others,
        total=_row(Selection(selection.window), found.total),
        state=State.MET if total else State.UNMEASURED,
        verdict=_verdict(found.total, total),
    )


def _verdict(total: Row, statements: int) -> str:
    if not statements:
        return "slow statements unmeasured: none was recorded in this window"
    time = number(total, "seconds") or 0.0
    return f"slow statements: {counted(statements, 'statement')} took {seconds(time)} together (no threshold applies)"


def _row(selection: Selection, row: Row) -> Row:
    return {**keys_of(selection, row), **{name: row[name] for name, _ in _UNITS}}
