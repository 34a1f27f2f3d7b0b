"""Measures as aggregations, and back as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias, assert_never

from analyzers.store.answering import empty_value
from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_list, a_number, an_object
from analyzers.store.elastic.brackets import Sought
from analyzers.store.elastic.percentiles import SIGNIFICANT_DIGITS, Rank, ladder, nearest_rank, rung, safe_range
from analyzers.store.elastic.predicates import any_of, between, to_filter
from analyzers.store.elastic.sums import EXACT, Total, inexact
from analyzers.store.query import (
    Avg,
    Count,
    CountIf,
    DistinctCount,
    Histogram,
    Max,
    Measure,
    Min,
    NamedMeasure,
    Percentile,
    Query,
    Range,
    Stored,
    Sum,
)
from analyzers.store.result import Value
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema

Aggregations: TypeAlias = dict[str, Json]

_GROUPS_A_PAGE: Final = 2_000
_ESTIMATES_A_PAGE: Final = 200
"""The histogram behind percentiles takes some 100 kB of the server's heap for each group of a page."""

BUCKETS_A_PAGE: Final = 50_000
"""Elasticsearch's ``search.max_buckets`` is 65,536."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What of one group was asked for by requests of its own.

    Attributes:
        distinct: How many values it has of each field that is asked for; 0 of those not in it.
        totals: The weighted sums of fields; nothing where no event has a weight.
    """

    distinct: Mapping[str, int]
    totals: Mapping[str, Total]


Read: TypeAlias = Mapping[str, Value | Rank | Sought]
"""Measures by name; ranks are looked up later."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one query, where each event stands for itself.

    Attributes:
        query: The query.
        schema: The fields of its stream.
        most: No group has more events than this.
    """

    query: Query
    schema: Schema
    most: int

    def aggregations(self) -> Aggregations:
        """Return the aggregations of one group; measures that need the same one share it."""
        found: Aggregations = {}
        for named in self.query.measures:
            found.update(self._aggregation(named.name, named.measure))
        return found

    def read(self, count: int, answer: JsonObject, apart: Apart) -> Read:
        """Return the measures of one group by name.

        Args:
            count: How many events it has.
            answer: The aggregations of the group.
            apart: What was asked for apart.

        Raises:
            StoreError: When a sum of whole numbers is too large to be exact.
        """
        return {named.name: self._value(named, count, answer, apart) for named in self.query.measures}

    def empty(self) -> Mapping[str, Value]:
        """Return the measures over no event at all."""
        return {named.name: empty_value(named.measure) for named in self.query.measures}

    def page(self) -> int:
        """Return how many groups to ask for at once."""
        measures = [named.measure for named in self.query.measures]
        most = _ESTIMATES_A_PAGE if any(isinstance(each, Percentile) for each in measures) else _GROUPS_A_PAGE
        buckets = 1 + sum(len(each.edges) + 1 for each in measures if isinstance(each, Histogram))
        return max(1, min(most, BUCKETS_A_PAGE // buckets))

    def distinct_fields(self) -> frozenset[str]:
        """Return the fields whose values are to be counted in each group."""
        measures = (named.measure for named in self.query.measures)
        return frozenset(self.schema.field(each.field).name for each in measures if isinstance(each, DistinctCount))

    def summed(self) -> Sequence[FieldSpec]:
        """Return the fields whose weighted sums are to be asked for apart."""
        return ()

    def _aggregation(self, name: str, measure: Measure) -> Aggregations:
        match measure:
            case Count() | Stored() | DistinctCount():
                return {}  # each group's doc_count; distinct values have requests of their own
            case CountIf(predicate):
                return {_if(name): {"filter": to_filter(predicate, self.schema)}}
            case Percentile(field):
                return self._estimates(self.schema.field(field))
            case Histogram(field, edges):
                ends = pairwise((None, *edges, None))
                filters = [to_filter(Range(field, gte=low, lt=high), self.schema) for low, high in ends]
                return {_spread(name): {"filters": {"filters": [*filters]}}}
            case Sum(field) | Avg(field) | Min(field) | Max(field):
                stored = self.schema.field(field).name
                return {_stats(stored): {"stats": {"field": stored}}}
            case _:
                assert_never(measure)

    def _estimates(self, field: FieldSpec) -> Aggregations:
        low, high = safe_range(field)
        percents: list[Json] = [*self._percents(field)]
        hdr = {"number_of_significant_value_digits": SIGNIFICANT_DIGITS}
        return {
            _values(field.name): {"value_count": {"field": field.name}},
            _histogram(field.name): {
                "filter": any_of([between(field.name, low, high), between(field.name, -0.0, 0.0)]),
                "aggs": {
                    "percentiles": {
                        "percentiles": {"field": field.name, "percents": percents, "keyed": False, "hdr": hdr},
                    },
                },
            },
        }

    def _percents(self, field: FieldSpec) -> Sequence[float]:
        """Return all percentages asked of a field, ascending: one histogram serves all its percentiles."""
        wanted = {
            percentage
            for named in self.query.measures
            if isinstance(named.measure, Percentile) and self.schema.field(named.measure.field) == field
            for percentage in ladder(named.measure.percent, self.most)
        }
        return sorted(wanted)

    def _value(self, named: NamedMeasure, count: int, answer: JsonObject, apart: Apart) -> Value | Rank | Sought:
        name, measure = named.name, named.measure
        match measure:
            case Count() | Stored():
                return count
            case CountIf():
                return a_count(an_object(answer.get(_if(name)), name).get("doc_count"), name)
            case Percentile(field, percent):
                return self._percentile(self.schema.field(field), percent, answer)
            case DistinctCount(field):
                return apart.distinct.get(self.schema.field(field).name, 0)
            case Histogram():
                return _counts(an_object(answer.get(_spread(name)), name))
            case Sum(field) | Avg(field) | Min(field) | Max(field):
                return _statistic(measure, self.schema.field(field), answer)
            case _:
                assert_never(measure)

    def _percentile(self, field: FieldSpec, percent: float, answer: JsonObject) -> Value | Rank:
        size = a_count(an_object(answer.get(_values(field.name)), "count").get("value"), "count")
        if size == 0:
            return None
        inside = an_object(answer.get(_histogram(field.name)), "histogram")
        asked = self._percents(field)
        best = rung(percent, size, asked)
        if best is None or a_count(inside.get("doc_count"), "count") != size:
            return Rank(field, nearest_rank(percent, size), size)
        values = a_list(an_object(inside.get("percentiles"), "percentiles").get("values"), "percentiles")
        value = a_number(an_object(values[asked.index(best)], "percentile").get("value"), "percentile")
        return round(value) if field.type in INTEGRAL else value


def _counts(answer: JsonObject) -> tuple[int, ...]:
    buckets = (an_object(bucket, "bucket") for bucket in a_list(answer.get("buckets"), "buckets"))
    return tuple(a_count(bucket.get("doc_count"), "doc_count") for bucket in buckets)


def _statistic(measure: Sum | Avg | Min | Max, field: FieldSpec, answer: JsonObject) -> Value | Rank:
    stats = an_object(answer.get(_stats(field.name)), field.name)
    size = a_count(stats.get("count"), "count")
    if size == 0:
        return None
    key = type(measure).__name__.lower()  # sum, avg, min, max are also the names in the answer
    value = a_number(stats.get(key), key)
    if field.type not in INTEGRAL or isinstance(measure, Avg):
        return float(value)
    if abs(value) < EXACT:
        return int(value)
    if isinstance(measure, Sum):
        raise inexact(field)
    return Rank(field, 1 if isinstance(measure, Min) else size, size)


def _if(name: str) -> str:
    return f"if {_plain(name)}"


def _spread(name: str) -> str:
    return f"spread {_plain(name)}"


def _stats(field: str) -> str:
    return f"stats {field}"


def _values(field: str) -> str:
    return f"values {field}"


def _histogram(field: str) -> str:
    return f"histogram {field}"


def _plain(name: str) -> str:
    """Return a name that no other has and that Elasticsearch takes: it refuses brackets and ``>``."""
    return name.encode().hex()
