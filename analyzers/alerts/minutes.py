"""What adds up, by the minute: read once, a week at a time, and summed for windows and calendar buckets of minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from analyzers.store.calendar import bucket_edges
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    Histogram,
    NamedMeasure,
    Predicate,
    Query,
    Stored,
    Window,
)
from analyzers.store.result import Row, Value
from analyzers.store.zones import MINUTE, load_zone

_MINUTE: Final = timedelta(minutes=1)
PART: Final = timedelta(days=7)
WIDTH: Final = PART // _MINUTE
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BY_MINUTE: Final = (Calendar(CalendarUnit.MINUTE, "UTC"),)
_ADDITIVE: Final = (Count, CountIf, Stored, Histogram)

Numbers: TypeAlias = npt.NDArray[np.int64]
Shape: TypeAlias = tuple[str, tuple[NamedMeasure, ...], Predicate]
"""The stream, the measures and the events of a query."""


@dataclass(frozen=True, slots=True)
class _Part:
    """The minutes of a week that have events: when each begins, and the sums of all before each and of all."""

    starts: Numbers
    sums: Numbers

    def within(self, first: int, end: int) -> Numbers:
        """Return the sums of the minutes from ``first`` on and before ``end``."""
        low, high = np.searchsorted(self.starts, (first, end))
        total: Numbers = self.sums[high] - self.sums[low]
        return total

    def cut(self, first: int, end: int) -> tuple[Numbers, Numbers]:
        """Return these minutes, and the counts of each."""
        low, high = np.searchsorted(self.starts, (first, end))
        return self.starts[low:high], np.diff(self.sums[low : high + 1], axis=0)


class Minutes:
    """The minutes of a store that nobody writes to.

    Args:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[tuple[Shape, int], _Part] = {}

    def forget(self) -> None:
        """Forget all that was read."""
        self._parts.clear()

    def answer(self, query: Query) -> tuple[Row, ...] | None:
        """Return the rows of a query as the store would; ``None`` where minutes do not answer it."""
        if query.top is not None or not whole(query.window) or not additive(query.measures):
            return None
        if not query.by:
            sums = self.sums((query.stream, query.measures, query.where), query.window)
            return (row_of(query.measures, sums.tolist()),)
        match query.by:
            case (Calendar() as calendar,):
                return self._buckets(query, calendar)
            case _:
                return None

    def sums(self, shape: Shape, window: Window) -> Numbers:
        """Return the sums of a window of whole minutes, the counts of histograms side by side."""
        first, end = minutes(window.start), minutes(window.end)
        total: Numbers = np.zeros(sum(map(_width, shape[1])), dtype=np.int64)
        for part in self._touched(shape, first, end):
            total += part.within(first, end)
        return total

    def _buckets(self, query: Query, calendar: Calendar) -> tuple[Row, ...] | None:
        first, end = minutes(query.window.start), minutes(query.window.end)
        shape = (query.stream, query.measures, query.where)
        cuts = [part.cut(first, end) for part in self._touched(shape, first, end)]
        starts = np.concatenate([each for each, _ in cuts])
        counts = np.concatenate([each for _, each in cuts])
        if calendar.unit is not CalendarUnit.MINUTE:
            edges = np.array(bucket_edges(calendar, query.window), dtype=np.int64)
            if (edges % MINUTE).any():
                return None  # clocks of long ago were not set by whole minutes
            starts, counts = _grouped(starts, counts, edges // MINUTE)
        zone = load_zone(calendar.zone)
        return tuple(
            {BUCKET: from_millis(start * MINUTE).astimezone(zone), **row_of(query.measures, numbers)}
            for start, numbers in zip(starts.tolist(), counts.tolist(), strict=True)
        )

    def _touched(self, shape: Shape, first: int, end: int) -> Iterator[_Part]:
        for number in range(first // WIDTH, (end - 1) // WIDTH + 1):
            yield self._part(shape, number)

    def _part(self, shape: Shape, number: int) -> _Part:
        if (shape, number) not in self._parts:
            stream, measures, where = shape
            start = EPOCH + number * PART
            rows = self._store.query(Query(stream, Window(start, start + PART), measures, BY_MINUTE, where)).rows
            starts = np.array([minutes(bucket_of(row)) for row in rows], dtype=np.int64)
            sums = np.zeros((len(rows) + 1, sum(map(_width, measures))), dtype=np.int64)
            if rows:
                np.cumsum([flat(row, measures) for row in rows], axis=0, out=sums[1:])
            self._parts[shape, number] = _Part(starts, sums)
        return self._parts[shape, number]


def whole(window: Window) -> bool:
    """Return whether a window is of whole minutes."""
    return not any((edge - EPOCH) % _MINUTE for edge in (window.start, window.end))


def _grouped(starts: Numbers, counts: Numbers, edges: Numbers) -> tuple[Numbers, Numbers]:
    """Return the buckets between edges that have minutes: when each begins, and the sums of its minutes."""
    places = np.searchsorted(starts, edges)
    filled = places[:-1] < places[1:]
    sums = np.zeros((len(starts) + 1, counts.shape[1]), dtype=np.int64)
    np.cumsum(counts, axis=0, out=sums[1:])
    return edges[:-1][filled], (sums[places[1:]] - sums[places[:-1]])[filled]


def additive(measures: Sequence[NamedMeasure]) -> bool:
    """Return whether the values of two windows add up to those of both."""
    return all(isinstance(named.measure, _ADDITIVE) for named in measures)


def minutes(instant: datetime) -> int:
    """Return the number of an instant's minute since 1970."""
    return (instant - EPOCH) // _MINUTE


def _width(named: NamedMeasure) -> int:
    return len(named.measure.edges) + 1 if isinstance(named.measure, Histogram) else 1


def row_of(measures: Sequence[NamedMeasure], counts: list[int]) -> Row:
    """Return counts that stand side by side as a row."""
    row, place = dict[str, Value](), 0
    for named in measures:
        if isinstance(named.measure, Histogram):
            width = _width(named)
            row[named.name] = tuple(counts[place : place + width])
            place += width
        else:
            row[named.name] = counts[place]
            place += 1
    return row


def flat(row: Row, measures: Sequence[NamedMeasure]) -> list[int]:
    """Return a row's counts side by side.

    Raises:
        TypeError: When the store broke its promise that they are integers.
    """
    counts: list[int] = []
    for named in measures:
        value = row[named.name]
        if isinstance(value, tuple):
            counts += value
        elif isinstance(value, int):
            counts.append(value)
        else:
            raise TypeError(f"{named.name} is {value!r}, no count")
    return counts


def bucket_of(row: Row) -> datetime:
    """Return when a row's bucket begins.

    Raises:
        TypeError: When the store broke its promise that it is an instant.
    """
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the bucket {start!r} is not an instant")
    return start
