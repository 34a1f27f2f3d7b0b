"""Answer a query with what any backend can do: groups of one query, asked as often as it takes.

Only the greatest groups (:class:`~analyzers.store.query.Top`) take more than one: which groups there are and how they
rank, then the rows of those that were chosen, then all other events together as the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from analyzers.store.keys import key_among, key_is
from analyzers.store.merging import can_merge, merged
from analyzers.store.ordering import KeyOrder, key_order, ordered
from analyzers.store.query import (
    And,
    Calendar,
    Count,
    CountIf,
    DistinctCount,
    Histogram,
    Key,
    Measure,
    Not,
    Or,
    Percentile,
    Predicate,
    Query,
    Stored,
    Top,
)
from analyzers.store.result import Result, Row, Value

Ask: TypeAlias = Callable[[Query], Iterable[Row]]
"""Returns the rows of a checked query without ``top``, in any order; of one moment, however often it is called."""

_Key: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The groups of a query without calendar, by rank.

    Attributes:
        rows: The first groups, as many as the limit or more; all of them when they are not too many.
        count: How many groups there are.
    """

    rows: Sequence[Row]
    count: int


Rank: TypeAlias = Callable[[Query, Top], Ranked]
"""Returns the groups of a checked query without ``top`` as a ``Top`` ranks them, of the same moment as :data:`Ask`."""


@dataclass(frozen=True, slots=True)
class Parted:
    """The events of a query in two parts.

    Attributes:
        chosen: The rows of some groups.
        rest: The row of all other events, or one for each bucket of time, without keys.
    """

    chosen: Sequence[Row]
    rest: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some groups of a query.

    Attributes:
        fields: What they are grouped by, without the calendar.
        keys: Their values, in the order of the fields; ``None`` is absent.
    """

    fields: Sequence[Key]
    keys: Sequence[_Key]

    @property
    def predicate(self) -> Predicate:
        """What holds for their events."""
        return among(self.fields, self.keys)


Part: TypeAlias = Callable[[Query, Chosen], Parted]
"""Returns both parts of a checked query without ``top``."""


def answer_query(query: Query, ask: Ask, rank: Rank | None = None, part: Part | None = None) -> Result:
    """Return the answer of a checked query.

    Args:
        query: The query.
        ask: Answers queries without ``top`` over one state of the store.
        rank: Ranks groups where the backend can do so without handing them all over.
        part: Gives the chosen groups and the rest where the backend can do so at once.
    """
    if query.top is None:
        return Result(query, ordered(query, ask(query)))
    return _answer_top(query, query.top, _Asking(ask, rank or ranking_all(ask), part or _parting(ask)))


def empty_value(measure: Measure) -> Value:
    """Return the value of a measure over no event at all."""
    if isinstance(measure, Histogram):
        return (0,) * (len(measure.edges) + 1)
    return 0 if isinstance(measure, Count | CountIf | Stored | DistinctCount) else None


def ranking_all(ask: Ask) -> Rank:
    """Return what ranks groups by having all of them handed over."""

    def rank(query: Query, top: Top) -> Ranked:
        fields = [dimension for dimension in query.by if not isinstance(dimension, Calendar)]
        rows = sorted(ask(query), key=lambda row: _place(row, top, fields))
        return Ranked(rows, len(rows))

    return rank


@dataclass(frozen=True, slots=True)
class _Asking:
    ask: Ask
    rank: Rank
    part: Part


def _parting(ask: Ask) -> Part:
    """Return what asks for both parts one after the other."""

    def part(query: Query, chosen: Chosen) -> Parted:
        among_them = replace(query, where=And((query.where, chosen.predicate)))
        return Parted(list(ask(among_them)), list(ask(_rest(query, chosen))))

    return part


def _answer_top(query: Query, top: Top, asking: _Asking) -> Result:
    fields = [dimension for dimension in query.by if not isinstance(dimension, Calendar)]
    ranking = _ranking(query, top)
    groups = asking.rank(ranking, top)
    chosen, others = groups.rows[: top.limit], groups.rows[top.limit :]
    whole = replace(query, top=None)
    if groups.count == len(chosen):
        return Result(query, ordered(query, chosen if ranking == whole else asking.ask(whole)))
    keys = Chosen(fields, [_key(row, fields) for row in chosen])
    if ranking != whole:
        parts = asking.part(whole, keys)
        chosen, rest = parts.chosen, ordered(_rest(query, keys), parts.rest)
    elif len(groups.rows) == groups.count and can_merge(query.measures):
        rest = (merged(query.measures, others),)
    else:
        remaining = _rest(query, keys)
        rest = ordered(remaining, asking.ask(remaining))
    return Result(query, ordered(query, chosen), rest, groups.count - top.limit)


def _ranking(query: Query, top: Top) -> Query:
    """Return the query for all groups over the whole window.

    It asks for all measures, and is then the answer for the greatest too, unless some cost much for every group.
    """
    fields = tuple(dimension for dimension in query.by if not isinstance(dimension, Calendar))
    costly = any(isinstance(named.measure, Percentile | DistinctCount) for named in query.measures)
    measures = query.measures
    if costly or fields != query.by:
        measures = tuple(named for named in query.measures if named.name == top.by)
    return replace(query, by=fields, measures=measures, top=None)


def _place(row: Row, top: Top, fields: Sequence[Key]) -> tuple[bool, float, list[KeyOrder]]:
    value = row[top.by]
    number = value if isinstance(value, int | float) else 0
    return value is None, number if top.ascending else -number, [key_order(cell) for cell in _key(row, fields)]


def _rest(query: Query, chosen: Chosen) -> Query:
    buckets = tuple(dimension for dimension in query.by if isinstance(dimension, Calendar))
    return replace(query, by=buckets, where=And((query.where, Not(chosen.predicate))), top=None)


def _key(row: Row, fields: Sequence[Key]) -> _Key:
    return tuple(row[field.name] for field in fields)


def among(fields: Sequence[Key], keys: Sequence[_Key]) -> Predicate:
    """Return the predicate that holds for the events of some groups.

    The field with the most values comes last, as an ``In`` for each combination of the others, so that the predicate
    stays small.

    Args:
        fields: What they are grouped by.
        keys: The groups' values, in the order of the fields; ``None`` is absent.
    """
    width = [len({key[place] for key in keys}) for place in range(len(fields))]
    last = width.index(max(width))
    heads: dict[_Key, list[Value]] = {}
    for key in keys:
        heads.setdefault((*key[:last], *key[last + 1 :]), []).append(key[last])
    before = (*fields[:last], *fields[last + 1 :])
    return Or(
        tuple(
            And(
                (
                    *(key_is(each, value) for each, value in zip(before, head, strict=True)),
                    key_among(fields[last], values),
                )
            )
            for head, values in heads.items()
        ),
    )
