"""Groups of what adds up, such as the requests of each client, by the minute: read once, and added up for windows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from analyzers.alerts.minutes import BY_MINUTE, EPOCH, PART, WIDTH, additive, bucket_of, flat, minutes, row_of, whole
from analyzers.store.answering import answer_query
from analyzers.store.interface import Store
from analyzers.store.query import Dimension, Field, NamedMeasure, Predicate, Query, Window
from analyzers.store.result import Result, Row, Value

_LONGEST: Final = timedelta(hours=1)
"""Longer windows have so many groups that the store adds them up sooner."""
_OFTEN: Final = 4
"""What is asked seldom is not worth a week's minutes."""

_Key: TypeAlias = tuple[Value, ...]
_Shape: TypeAlias = tuple[str, tuple[NamedMeasure, ...], Predicate, tuple[Dimension, ...]]
_Part: TypeAlias = Mapping[int, list[tuple[_Key, list[int]]]]


class Groups:
    """The groups of a store that nobody writes to.

    Args:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parts: dict[tuple[_Shape, int], _Part] = {}
        self._asked: Counter[_Shape] = Counter()

    def forget(self) -> None:
        """Forget all that was read."""
        self._parts.clear()
        self._asked.clear()

    def answer(self, query: Query) -> Result | None:
        """Return the answer of a query by fields as the store would; ``None`` where the store had better be asked."""
        if not query.by or not all(isinstance(each, Field) for each in query.by):
            return None
        if not additive(query.measures) or not whole(query.window) or query.window.length > _LONGEST:
            return None
        shape = _shape(query)
        self._asked[shape] += 1
        return answer_query(query, self._rows) if self._asked[shape] >= _OFTEN else None

    def _rows(self, query: Query) -> Iterable[Row]:
        """Return the groups of a query without ``top``, in no order; of what is asked besides, the store's."""
        if self._asked[_shape(query)] < _OFTEN:
            return self._store.query(query).rows
        names = [each.name for each in query.by]
        return [
            {**dict(zip(names, key, strict=True)), **row_of(query.measures, counts)}
            for key, counts in self._sums(query).items()
        ]

    def _sums(self, query: Query) -> Mapping[_Key, list[int]]:
        first, end = minutes(query.window.start), minutes(query.window.end)
        sums: dict[_Key, list[int]] = {}
        for minute in range(first, end):
            for key, counts in self._part(_shape(query), minute // WIDTH).get(minute, ()):
                known = sums.get(key)
                sums[key] = counts if known is None else [a + b for a, b in zip(known, counts, strict=True)]
        return sums

    def _part(self, shape: _Shape, number: int) -> _Part:
        if (shape, number) not in self._parts:
            stream, measures, where, by = shape
            start = EPOCH + number * PART
            asked = Query(stream, Window(start, start + PART), measures, (*BY_MINUTE, *by), where)
            found: defaultdict[int, list[tuple[_Key, list[int]]]] = defaultdict(list)
            for row in self._store.query(asked).rows:
                found[minutes(bucket_of(row))].append((tuple(row[each.name] for each in by), flat(row, measures)))
            self._parts[shape, number] = dict(found)
        return self._parts[shape, number]


def _shape(query: Query) -> _Shape:
    return query.stream, query.measures, query.where, query.by
