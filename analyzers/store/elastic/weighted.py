"""The measures of a query some of whose events stand for several.

Elasticsearch weighs the ``doc_count`` of every bucket by ``_doc_count``, and no metric: counts, conditional counts and
histograms need nothing more, least and greatest values no weights at all. Sums and percentiles have requests of their
own (:mod:`analyzers.store.elastic.sums`, :mod:`analyzers.store.elastic.places`), in the same point in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.fields import TIMESTAMP
from analyzers.store.elastic.answers import JsonObject, a_count, an_object
from analyzers.store.elastic.brackets import Sought, aggregation, brackets, placed
from analyzers.store.elastic.measures import BUCKETS_A_PAGE, Aggregations, Apart, Measures
from analyzers.store.elastic.percentiles import Rank
from analyzers.store.query import Avg, Measure, NamedMeasure, Percentile, Stored, Sum
from analyzers.store.result import Value
from analyzers.store.schema import FieldSpec

_STORED: Final = "stored"
"""Each document has one instant, and metrics take no heed of weights."""


@dataclass(frozen=True, slots=True)
class WeightedMeasures(Measures):
    """The measures of one query over events with weights."""

    def page(self) -> int:
        """Return how many groups to ask for at once."""
        measures = (named.measure for named in self.query.measures)
        fields = {self.schema.field(each.field) for each in measures if isinstance(each, Percentile)}
        most = BUCKETS_A_PAGE // (1 + sum(len(brackets(field)) for field in fields))
        return max(1, min(most, Measures.page(self)))

    def summed(self) -> Sequence[FieldSpec]:
        """Return the fields whose weighted sums are to be asked for apart."""
        measures = (named.measure for named in self.query.measures)
        fields = (self.schema.field(each.field) for each in measures if isinstance(each, Sum | Avg))
        return list({field.name: field for field in fields}.values())

    def _aggregation(self, name: str, measure: Measure) -> Aggregations:
        match measure:
            case Sum() | Avg():
                return {}
            case Stored():
                return {_STORED: {"value_count": {"field": TIMESTAMP}}}
            case Percentile(field):
                return {_bracketed(self.schema.field(field)): aggregation(self.schema.field(field))}
            case _:
                return Measures._aggregation(self, name, measure)  # noqa: SLF001 - its own

    def _value(self, named: NamedMeasure, count: int, answer: JsonObject, apart: Apart) -> Value | Rank | Sought:
        match named.measure:
            case Sum(field) | Avg(field):
                total = apart.totals.get(self.schema.field(field).name)
                if total is None or not total.count:
                    return None
                return total.sum if isinstance(named.measure, Sum) else total.sum / total.count
            case Stored():
                return a_count(an_object(answer.get(_STORED), _STORED).get("value"), _STORED)
            case Percentile(field, percent):
                spec = self.schema.field(field)
                return placed(spec, percent, an_object(answer.get(_bracketed(spec)), field))
            case _:
                return Measures._value(self, named, count, answer, apart)  # noqa: SLF001 - its own


def _bracketed(field: FieldSpec) -> str:
    return f"brackets {field.name}"
