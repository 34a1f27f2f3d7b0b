"""Weighted percentiles out of Elasticsearch, in two steps: the right rank, a value within 0.1 %.

Elasticsearch's ``percentiles`` takes no heed of weights; the ``doc_count`` of its buckets does. So each group first
counts its values between powers of two. That tells in which of these brackets a rank lies, and which place it has
there. Then the values of that bracket are counted in :data:`CELLS` cells of equal width: all values of a cell are
within ``1 / CELLS`` of each other, and the middle between the least and the greatest of them within half of that.

Values for which there is no bracket (negative ones, durations of years) are counted one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Final

from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_list, a_number, an_object
from analyzers.store.elastic.percentiles import nearest_rank, safe_range
from analyzers.store.elastic.predicates import to_filter
from analyzers.store.query import Range
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema

CELLS: Final = 512


@dataclass(frozen=True, slots=True)
class Bracket:
    """Values of a field.

    Attributes:
        field: The field.
        low: The least value; ``-inf`` for all negative ones.
        high: The least value beyond; ``inf`` for none.
        fine: Whether it is counted in cells; otherwise value by value.
    """

    field: FieldSpec
    low: float
    high: float
    fine: bool

    def filter(self, schema: Schema) -> JsonObject:
        """Return the filter for the events in it."""
        lower = {"gte": self.low} if self.low > 0 else {"gt": self.low}
        bounds = {name: bound for name, bound in {**lower, "lt": self.high}.items() if abs(bound) != inf}
        return to_filter(Range(self.field.name, **bounds), schema)

    def source(self) -> Json:
        """Return the composite source that divides it."""
        if not self.fine:
            return {"terms": {"field": self.field.name}}
        return {"histogram": {"field": self.field.name, "interval": self._width()}}

    def value(self, key: Json, part: JsonObject) -> float:
        """Return the value that stands for a part of it.

        Args:
            key: What the source gave.
            part: The part's bucket, with :meth:`ends`.
        """
        if not self.fine:
            return a_number(key, self.field.name)
        stats = an_object(part.get("ends"), "ends")
        least, greatest = (a_number(stats.get(name), name) for name in ("min", "max"))
        middle = (least + greatest) / 2
        return round(middle) if self.field.type in INTEGRAL else middle

    def ends(self) -> JsonObject:
        """Return the aggregation of the least and the greatest value of a part."""
        return {"ends": {"stats": {"field": self.field.name}}} if self.fine else {}

    def _width(self) -> float:
        width = self.low / CELLS
        return max(width, 1) if self.field.type in INTEGRAL else width


@dataclass(frozen=True, slots=True)
class Sought:
    """A value that is looked up by its rank among the values of a bracket.

    Attributes:
        bracket: The bracket.
        place: The place in it, from 1; an event takes as many as its weight.
    """

    bracket: Bracket
    place: int


def brackets(field: FieldSpec) -> Sequence[Bracket]:
    """Return the brackets of a field's values, ascending; one of them is zero alone."""
    low, high = safe_range(field)
    edges = [low]
    while edges[-1] * 2 <= high:
        edges.append(edges[-1] * 2)
    middle = [Bracket(field, *ends, fine=True) for ends in pairwise(edges)]
    tiny = [] if field.type in INTEGRAL else [Bracket(field, _LEAST, low, fine=False)]
    zero = 0 if field.type in INTEGRAL else -0.0  # Lucene tells the two zeros apart: minus zero comes first
    below = [Bracket(field, -inf, zero, fine=False), Bracket(field, zero, _LEAST if tiny else low, fine=False)]
    return [*below, *tiny, *middle, Bracket(field, edges[-1], inf, fine=False)]


_LEAST: Final = 5e-324
"""The least positive double."""


def aggregation(field: FieldSpec) -> Json:
    """Return what counts a group's values in each bracket."""
    ranges: list[Json] = [
        {name: bound for name, bound in (("from", each.low), ("to", each.high)) if abs(bound) != inf}
        for each in brackets(field)
    ]
    return {"range": {"field": field.name, "keyed": False, "ranges": ranges}}


def placed(field: FieldSpec, percent: float, answer: JsonObject) -> Sought | float | None:
    """Return where the percentile of a group lies; zero when it is that, ``None`` without a value."""
    buckets = [an_object(bucket, "bucket") for bucket in a_list(answer.get("buckets"), "buckets")]
    counts = [a_count(bucket.get("doc_count"), "doc_count") for bucket in buckets]
    place = nearest_rank(percent, sum(counts))
    for bracket, count in zip(brackets(field), counts, strict=True):
        if place <= count:
            return _found(bracket, place) if count else None
        place -= count
    return None


def _found(bracket: Bracket, place: int) -> Sought | float:
    if bracket.low == 0:
        return 0 if bracket.field.type in INTEGRAL else 0.0
    return Sought(bracket, place)
