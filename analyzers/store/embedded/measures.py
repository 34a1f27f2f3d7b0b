"""Measures as SQL expressions over the events of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.predicates import PredicateCompiler
from analyzers.store.operands import exact_fraction
from analyzers.store.query import (
    Avg,
    Count,
    CountIf,
    DistinctCount,
    Exists,
    Histogram,
    Max,
    Measure,
    Min,
    Percentile,
    Predicate,
    Query,
    Range,
    Stored,
    Sum,
)
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of one query over events each of which stands for itself.

    Attributes:
        query: The query.
        schema: The fields of its stream.
        predicates: Compiles predicates into its statement.
    """

    query: Query
    schema: Schema
    predicates: PredicateCompiler

    def sql(self, measure: Measure) -> str:
        """Return the expression of a measure."""
        match measure:
            case Count():
                return self.count()
            case Stored():
                return "count(*)"
            case CountIf(predicate):
                return self.count_if(predicate)
            case DistinctCount(name):
                return f"count(DISTINCT {quoted(self.schema.field(name).name)})"
            case Histogram():
                return self._histogram(measure)
            case _:
                return self._number(measure, self.schema.field(measure.field))

    def _number(self, measure: Sum | Avg | Min | Max | Percentile, field: FieldSpec) -> str:
        match measure:
            case Percentile(_, percent):
                return self.percentile(field, exact_fraction(percent))
            case Min() | Max():
                return f"{type(measure).__name__.lower()}({quoted(field.name)})"
            case Sum() | Avg():
                return self.total(measure, field)
            case _:
                assert_never(measure)

    def count(self) -> str:
        """Return the number of events."""
        return "count(*)"

    def count_if(self, predicate: Predicate) -> str:
        """``count_if`` takes less time than ``count`` with ``FILTER``; over no event it is null.

        Values are counted faster than their presence is looked at.
        """
        if isinstance(predicate, Exists):
            return self.count_of(self.schema.field(predicate.field))
        return f"coalesce(count_if({self.predicates.compile(predicate)}), 0)"

    def count_of(self, field: FieldSpec) -> str:
        """Return how many values there are."""
        return f"count({quoted(field.name)})"

    def percentile(self, field: FieldSpec, fraction: Decimal) -> str:
        """All percentiles of a field share one pass: DuckDB computes an aggregate that is written twice once.

        With a decimal fraction ``quantile_disc`` works in integers and gives the value of rank ``ceil(fraction * n)``.
        """
        fractions = self._fractions(field)
        listed = ", ".join(f"{each:f}" for each in fractions)
        # Digits of our own decimals: DuckDB takes no parameter for a list of quantiles.
        return f"quantile_disc({quoted(field.name)}, [{listed}])[{fractions.index(fraction) + 1}]"

    def total(self, measure: Sum | Avg, field: FieldSpec) -> str:
        """Whole numbers are summed exactly, in 128 bits; others with Kahan's compensation, as Elasticsearch does."""
        function = "sum" if isinstance(measure, Sum) else "avg"
        column = quoted(field.name)
        return f"{function}({column})" if field.type in INTEGRAL else f"f{function}({column}::DOUBLE)"

    def percentile_fields(self) -> Sequence[FieldSpec]:
        """Return the fields of which percentiles are asked, each once."""
        measures = (named.measure for named in self.query.measures)
        fields = (self.schema.field(each.field) for each in measures if isinstance(each, Percentile))
        return list({field.name: field for field in fields}.values())

    def _histogram(self, wanted: Histogram) -> str:
        """Count the values below each edge, and all; the compiler makes counts of intervals of them."""
        below = [self.count_if(Range(wanted.field, lt=edge)) for edge in wanted.edges]
        return f"[{', '.join([*below, self.count_of(self.schema.field(wanted.field))])}]"

    def _fractions(self, field: FieldSpec) -> list[Decimal]:
        measures = [named.measure for named in self.query.measures]
        wanted = [measure for measure in measures if isinstance(measure, Percentile)]
        alike = [measure.percent for measure in wanted if self.schema.field(measure.field) == field]
        return sorted({exact_fraction(percent) for percent in alike})
