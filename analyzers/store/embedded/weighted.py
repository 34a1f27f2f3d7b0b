"""Measures over events some of which stand for several: each counts as often as its weight says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from analyzers.fields import SAMPLE_WEIGHT
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.measures import Measures
from analyzers.store.query import Avg, Predicate, Sum
from analyzers.store.schema import INTEGRAL, FieldSpec

_WEIGHT: Final = f"coalesce({quoted(SAMPLE_WEIGHT)}, 1)"
_MOST_DIGITS: Final = Decimal(1).scaleb(-18)
"""Fractions of ranks are kept to so many digits, so that products with 10**19 weights stay below 2**127."""


@dataclass(frozen=True, slots=True)
class WeightedMeasures(Measures):
    """The measures of one query where a segment has weights."""

    def count(self) -> str:
        """Return the sum of the weights; over no event it is null in SQL."""
        return f"coalesce(sum({_WEIGHT}), 0)"

    def count_if(self, predicate: Predicate) -> str:
        """Return the sum of the weights of the events for which a predicate holds."""
        return f"coalesce(sum({_WEIGHT}) FILTER (WHERE {self.predicates.compile(predicate)}), 0)"

    def count_of(self, field: FieldSpec) -> str:
        """Return the sum of the weights of the events that have a field."""
        return f"coalesce({_weight_of(field)}, 0)"

    def percentile(self, field: FieldSpec, fraction: Decimal) -> str:
        """Return the least value with which ``ceil(fraction * n)`` places are taken, of ``n``, the weights' sum.

        Places are whole, so the comparison with the product is that with its ceiling. It is made in whole numbers.
        """
        numerator, scale = fraction.quantize(_MOST_DIGITS, ROUND_CEILING).as_integer_ratio()
        taken, places = quoted(_taken(field)), quoted(_places(field))
        return f"min({quoted(field.name)}) FILTER (WHERE {taken} * {scale} >= {places} * {numerator})"

    def total(self, measure: Sum | Avg, field: FieldSpec) -> str:
        """Return the sum of the products, exact for whole numbers, or that divided by the sum of the weights."""
        column = quoted(field.name)
        if field.type in INTEGRAL:
            total = f"sum({column}::HUGEINT * {_WEIGHT})"
        else:
            total = f"fsum({column}::DOUBLE * {_WEIGHT})"
        return total if isinstance(measure, Sum) else f"{total}::DOUBLE / {_weight_of(field)}::DOUBLE"

    def source(self, source: str, where: str, keys: Sequence[str]) -> str:
        """Return the events of a relation for which a condition holds, with what :meth:`percentile` compares.

        Args:
            source: The relation.
            where: The condition.
            keys: The expressions that group.
        """
        group = f"PARTITION BY {', '.join(keys)} " if keys else ""
        columns = ["*"]
        for field in self.percentile_fields():
            column = quoted(field.name)
            # Of equal values one has the place, whatever their order: rows are counted faster than equals are found.
            taken = f"{group}ORDER BY {column} NULLS LAST ROWS UNBOUNDED PRECEDING"
            columns.append(f"sum({_WEIGHT}) OVER ({taken}) AS {quoted(_taken(field))}")
            present = f"CASE WHEN {column} IS NOT NULL THEN {_WEIGHT} END"
            columns.append(f"sum({present}) OVER ({group}) AS {quoted(_places(field))}")
        # No text of these statements is a person's: names come quoted from the schema, everything else is a parameter.
        return f"(SELECT {', '.join(columns)} FROM {source} WHERE {where})"  # noqa: S608 - see above


def _weight_of(field: FieldSpec) -> str:
    return f"sum({_WEIGHT}) FILTER (WHERE {quoted(field.name)} IS NOT NULL)"


def _taken(field: FieldSpec) -> str:
    return f"taken {field.name}"


def _places(field: FieldSpec) -> str:
    return f"places {field.name}"
