"""Measures as aggregations, and back as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from analyzers.store.elastic.answers import Json, JsonObject, a_count, a_list, a_number, an_object
from analyzers.store.elastic.percentiles import SIGNIFICANT_DIGITS, Rank, ladder, nearest_rank, rung, safe_range
from analyzers.store.elastic.predicates import any_of, between, to_filter
from analyzers.store.interface import StoreError
from analyzers.store.query import Avg, Count, CountIf, Max, Measure, Min, Percentile, Query, Sum
from analyzers.store.result import Value
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema

Aggregations: TypeAlias = dict[str, Json]

_EXACT: Final = 2**53
"""Up to here a double holds every whole number; Elasticsearch's metrics are doubles."""


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one query.

    Attributes:
        query: The query.
        schema: The fields of its stream.
        most: No group has more events than this.
    """

    query: Query
    schema: Schema
    most: int

    @property
    def has_percentiles(self) -> bool:
        """Whether each group carries histograms, which are large."""
        return any(isinstance(named.measure, Percentile) for named in self.query.measures)

    def aggregations(self) -> Aggregations:
        """Return the aggregations of one group; measures that need the same one share it."""
        found: Aggregations = {}
        for named in self.query.measures:
            found.update(self._aggregation(named.name, named.measure))
        return found

    def read(self, count: int, answer: JsonObject) -> Mapping[str, Value | Rank]:
        """Return the measures of one group by name.

        Args:
            count: How many events it has.
            answer: The aggregations of the group.

        Raises:
            StoreError: When a sum of whole numbers is too large to be exact.
        """
        return {named.name: self._value(named.name, named.measure, count, answer) for named in self.query.measures}

    def empty(self) -> Mapping[str, Value]:
        """Return the measures over no event at all."""
        return {named.name: 0 if isinstance(named.measure, Count | CountIf) else None for named in self.query.measures}

    def _aggregation(self, name: str, measure: Measure) -> Aggregations:
        match measure:
            case Count():
                return {}  # each group's doc_count
            case CountIf(predicate):
                return {_if(name): {"filter": to_filter(predicate, self.schema)}}
            case Percentile(field):
                return self._histogram(self.schema.field(field))
            case Sum(field) | Avg(field) | Min(field) | Max(field):
                stored = self.schema.field(field).name
                return {_stats(stored): {"stats": {"field": stored}}}
            case _:
                assert_never(measure)

    def _histogram(self, field: FieldSpec) -> Aggregations:
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

    def _value(self, name: str, measure: Measure, count: int, answer: JsonObject) -> Value | Rank:
        match measure:
            case Count():
                return count
            case CountIf():
                return a_count(an_object(answer.get(_if(name)), name).get("doc_count"), name)
            case Percentile(field, percent):
                return self._percentile(self.schema.field(field), percent, answer)
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


def _statistic(measure: Sum | Avg | Min | Max, field: FieldSpec, answer: JsonObject) -> Value | Rank:
    stats = an_object(answer.get(_stats(field.name)), field.name)
    size = a_count(stats.get("count"), "count")
    if size == 0:
        return None
    key = type(measure).__name__.lower()  # sum, avg, min, max are also the names in the answer
    value = a_number(stats.get(key), key)
    if field.type not in INTEGRAL or isinstance(measure, Avg):
        return float(value)
    if abs(value) < _EXACT:
        return int(value)
    if isinstance(measure, Sum):
        raise StoreError(
            f"the sum of {field.name} is beyond 2**53, where Elasticsearch's sums are no longer exact",
            "narrow the window or group it",
        )
    return Rank(field, 1 if isinstance(measure, Min) else size, size)


def _if(name: str) -> str:
    return f"if {_plain(name)}"


def _stats(field: str) -> str:
    return f"stats {field}"


def _values(field: str) -> str:
    return f"values {field}"


def _histogram(field: str) -> str:
    return f"histogram {field}"


def _plain(name: str) -> str:
    """Return a name that no other has and that Elasticsearch takes: it refuses brackets and ``>``."""
    return name.encode().hex()
