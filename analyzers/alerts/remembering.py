"""A store that answers from memory what it has read before, exactly: for many evaluations over one stretch of past.

What adds up (counts and histograms) is read once by the minute, a week at a time, and windows of whole minutes are
answered by sums of that. Everything else is asked of the store, once for each question.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Self, TypeAlias

import numpy as np
import numpy.typing as npt

from analyzers.store.document import Document, WriteResult
from analyzers.store.interface import Store, StoreError
from analyzers.store.query import (
    BUCKET,
    EVERYTHING,
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
from analyzers.store.result import Result, Row, Value
from analyzers.store.selection import Selection

_MINUTE: Final = timedelta(minutes=1)
_PART: Final = timedelta(days=7)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ANSWERS: Final = 4_096
"""So many answers are kept beside the minutes."""
_BY_MINUTE: Final = (Calendar(CalendarUnit.MINUTE, "UTC"),)
_THERE: Final = (NamedMeasure("documents", Stored()),)

_Counts: TypeAlias = npt.NDArray[np.int64]
_Shape: TypeAlias = tuple[str, tuple[NamedMeasure, ...], Predicate]


@dataclass(frozen=True, slots=True)
class _Part:
    """The minutes of a week that have events: when each begins, and the sums of all before each and of all."""

    starts: npt.NDArray[np.int64]
    sums: _Counts

    def within(self, first: int, end: int) -> _Counts:
        """Return the sums of the minutes from ``first`` on and before ``end``."""
        low, high = np.searchsorted(self.starts, (first, end))
        total: _Counts = self.sums[high] - self.sums[low]
        return total


class RememberingStore:
    """Answers as the store does, from memory where it can. Nothing may be written to the store meanwhile.

    Args:
        store: The store, which stays its owner's to close.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[tuple[_Shape, int], _Part] = {}
        self._answers: OrderedDict[Query, Result] = OrderedDict()
        self._nothing: dict[_Shape, tuple[Row, ...]] = {}

    @property
    def url(self) -> str:
        """The store's."""
        return self._store.url

    def query(self, query: Query) -> Result:
        """Answer as the store does.

        Raises:
            QueryError: As the store.
            StoreError: As the store.
        """
        if query in self._answers:
            self._answers.move_to_end(query)
            return self._answers[query]
        return self._summed(query) if _adds_up(query) else self._asked(query)

    def extent(self, stream: str) -> Window | None:
        """Answer as the store does."""
        return self._store.extent(stream)

    def documents(self, selection: Selection) -> Iterator[Document]:
        """Yield as the store does."""
        return self._store.documents(selection)

    def streams(self) -> tuple[str, ...]:
        """Answer as the store does."""
        return self._store.streams()

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Refuse: what is remembered would no longer be true.

        Raises:
            StoreError: Always.
        """
        raise StoreError(f"{len(documents)} documents are not written: this store only remembers", "write to the store")

    def close(self) -> None:
        """Forget everything; the store itself stays open."""
        self._parts.clear()
        self._answers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _summed(self, query: Query) -> Result:
        sums = self._sums((query.stream, query.measures, query.where), query.window)
        row, place = dict[str, Value](), 0
        for named in query.measures:
            width = _width(named)
            counts = tuple(int(each) for each in sums[place : place + width])
            row[named.name] = counts if isinstance(named.measure, Histogram) else counts[0]
            place += width
        return Result(query, (row,))

    def _asked(self, query: Query) -> Result:
        """Ask the store, unless it is known that there is nothing in the window."""
        if _whole(query.window) and self._empty(query):
            return Result(query, ()) if query.by else self._of_nothing(query)
        answer = self._store.query(query)
        self._answers[query] = answer
        if len(self._answers) > _ANSWERS:
            self._answers.popitem(last=False)
        return answer

    def _empty(self, query: Query) -> bool:
        return not self._sums((query.stream, _THERE, EVERYTHING), query.window)[0]

    def _of_nothing(self, query: Query) -> Result:
        """Return the answer about no events, which is the same whenever there were none."""
        key = (query.stream, query.measures, query.where)
        if key not in self._nothing:
            self._nothing[key] = self._store.query(query).rows
        return Result(query, self._nothing[key])

    def _sums(self, shape: _Shape, window: Window) -> _Counts:
        first, end = _minutes(window.start), _minutes(window.end)
        width = _PART // _MINUTE
        total: _Counts = np.zeros(sum(map(_width, shape[1])), dtype=np.int64)
        for number in range(first // width, (end - 1) // width + 1):
            total += self._part(shape, number).within(first, end)
        return total

    def _part(self, shape: _Shape, number: int) -> _Part:
        if (shape, number) not in self._parts:
            stream, measures, where = shape
            start = _EPOCH + number * _PART
            rows = self._store.query(Query(stream, Window(start, start + _PART), measures, _BY_MINUTE, where)).rows
            starts = np.array([_minutes(_bucket(row)) for row in rows], dtype=np.int64)
            counts = np.array([_flat(row, measures) for row in rows], dtype=np.int64)
            sums = np.zeros((len(rows) + 1, sum(map(_width, measures))), dtype=np.int64)
            if rows:
                np.cumsum(counts, axis=0, out=sums[1:])
            self._parts[shape, number] = _Part(starts, sums)
        return self._parts[shape, number]


def _adds_up(query: Query) -> bool:
    kinds = (Count, CountIf, Stored, Histogram)
    additive = all(isinstance(named.measure, kinds) for named in query.measures)
    return additive and not query.by and query.top is None and _whole(query.window)


def _whole(window: Window) -> bool:
    return not any((edge - _EPOCH) % _MINUTE for edge in (window.start, window.end))


def _minutes(instant: datetime) -> int:
    return (instant - _EPOCH) // _MINUTE


def _width(named: NamedMeasure) -> int:
    return len(named.measure.edges) + 1 if isinstance(named.measure, Histogram) else 1


def _flat(row: Row, measures: Sequence[NamedMeasure]) -> list[int]:
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


def _bucket(row: Row) -> datetime:
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the bucket {start!r} is not an instant")
    return start
