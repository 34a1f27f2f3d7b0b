"""What the analyses have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.analysis import Analysis, Column, Selection, State, Unit
from analyzers.fields import STATUS_CODE
from analyzers.sampling import STORED, Sampling, sampling_of
from analyzers.store.interface import Store
from analyzers.store.query import Count, CountIf, NamedMeasure, Query, Range
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
    """

    name: str
    description: str
    run: Run


def measured(
    store: Store,
    selection: Selection,
    measures: tuple[NamedMeasure, ...],
) -> tuple[tuple[Row, ...], Row]:
    """Return a row for each group, and one over the whole window that also counts the documents."""
    whole = Query(selection.stream, selection.window, (*measures, STORED), (), selection.where)
    total = store.query(whole).rows[0]
    if not selection.by:
        return (total,), total
    grouped = Query(selection.stream, selection.window, measures, selection.by, selection.where)
    return store.query(grouped).rows, total


def sampling(store: Store, selection: Selection, total: Row) -> Sampling | None:
    """Return what the requests of a selection were sampled from, from the row of :func:`measured` over all of them."""
    counts = count(total, REQUESTS.name), count(total, STORED.name)
    return sampling_of(store, selection.stream, selection.window, selection.where, counts)


def columns(selection: Selection, *measures: tuple[str, Unit]) -> tuple[Column, ...]:
    """Return the columns of the dimensions, then those of the measures."""
    keys = tuple(Column(dimension.name, Unit.KEY) for dimension in selection.by)
    return (*keys, *(Column(name, unit) for name, unit in measures))


def keys_of(selection: Selection, row: Row) -> Row:
    """Return the part of a row that says which group it is."""
    return {dimension.name: row[dimension.name] for dimension in selection.by}


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
