"""What the analyses have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.analysis import Analysis, Column, Selection, State, Unit
from analyzers.fields import STATUS_CODE
from analyzers.sampling import STORED, Sampling, sampling_of
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, Count, CountIf, NamedMeasure, Query, Range
from analyzers.store.result import Row
from analyzers.thresholds import Severity, Thresholds

Run: TypeAlias = Callable[[Store, Selection, Thresholds], Analysis]
"""Answers a selection from a store, judged by thresholds."""

FAILED: Final = Range(STATUS_CODE, gte=500)
"""An error: the server answered with a status of 500 or above. A request without a known status is not one."""

REQUESTS: Final = NamedMeasure("requests", Count())
ERRORS: Final = NamedMeasure("errors", CountIf(FAILED))


@dataclass(frozen=True, slots=True)
class AnalysisJob:
    """An analysis as the command line offers it.

    Attributes:
        name: The command.
        description: One line for ``--help``.
        run: The analysis.
        ranks: The measures by which ``--top`` can rank, the usual one first.
    """

    name: str
    description: str
    run: Run
    ranks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a store measured for an analysis.

    Attributes:
        rows: One for each group, or for the greatest ones: those by rank where there is no calendar.
        total: One over the whole window, that also counts the documents.
        rest: All other groups' events together, one for each calendar bucket that has some.
        others: How many groups those are.
    """

    rows: tuple[Row, ...]
    total: Row
    rest: tuple[Row, ...] = ()
    others: int = 0


def measured(store: Store, selection: Selection, measures: tuple[NamedMeasure, ...]) -> Measured:
    """Measure each group of a selection, and all of it.

    Raises:
        QueryError: When the selection cannot be asked, or ranks by what is no measure of the analysis.
        StoreError: When the store cannot answer.
    """
    whole = Query(selection.stream, selection.window, (*measures, STORED), (), selection.where)
    total = store.query(whole).rows[0]
    if not selection.by:
        return Measured((total,), total)
    grouped = Query(selection.stream, selection.window, measures, selection.by, selection.where, selection.top)
    found = store.query(grouped)
    return Measured(_by_rank(selection, found.rows), total, found.rest, found.others)


def _by_rank(selection: Selection, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return the greatest first, where rows are not in order of time."""
    top = selection.top
    if top is None or any(isinstance(dimension, Calendar) for dimension in selection.by):
        return rows
    return tuple(sorted(rows, key=lambda row: -(number(row, top.by) or 0)))


def sampling(store: Store, selection: Selection, total: Row) -> Sampling | None:
    """Return what the requests of a selection were sampled from, from the row of :func:`measured` over all of them."""
    counts = count(total, REQUESTS.name), count(total, STORED.name)
    return sampling_of(store, selection.stream, selection.window, selection.where, counts)


def columns(selection: Selection, *measures: tuple[str, Unit]) -> tuple[Column, ...]:
    """Return the columns of the dimensions, then those of the measures."""
    keys = tuple(Column(dimension.name, Unit.KEY) for dimension in selection.by)
    return (*keys, *(Column(name, unit) for name, unit in measures))


def keys_of(selection: Selection, row: Row) -> Row:
    """Return the part of a row that says which group it is; of the rest that is its bucket alone."""
    return {dimension.name: row.get(dimension.name) for dimension in selection.by}


def count(row: Row, name: str) -> int:
    """Return a count of a row.

    Raises:
        TypeError: When the store broke its promise that counts are integers.
    """
    value = row[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}, not a count")
    return value


def number(row: Row, name: str) -> float | None:
    """Return a measured number of a row, ``None`` where nothing was measured.

    Raises:
        TypeError: When the store broke its promise that measures are numbers.
    """
    value = row[name]
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}, not a number")
    return value


def state_of(severity: Severity) -> State:
    """Return the state that a severity amounts to: missed from a warning on."""
    if severity is Severity.UNMEASURED:
        return State.UNMEASURED
    return State.MISSED if severity.breached else State.MET
