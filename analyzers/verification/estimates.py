"""Percentiles that came from Elasticsearch: within its stated error of the exact ones, not equal to them."""

from __future__ import annotations

from typing import Final

from analyzers.store.document import JsonValue
from analyzers.store.elastic.percentiles import RELATIVE_ERROR
from analyzers.verification.leaves import Near, tokens

PERCENTILES: Final = frozenset({"p50", "p95", "p99"})


def estimates(*stores: str) -> int:
    """Return how many of two stores, the one of the report and the present one, estimate percentiles."""
    return sum("://" in store for store in stores)


def near_estimates(sides: int) -> Near:
    """Return what takes percentiles for equal when each of the sides may be off by the stated error."""

    def near(path: str, reported: JsonValue, derived: JsonValue) -> bool:
        return tokens(path)[-1] in PERCENTILES and close(reported, derived, sides)

    return near


def close(reported: JsonValue, derived: JsonValue, sides: int) -> bool:
    """Whether two numbers can be estimates of the same one: each within the stated relative error of it."""
    if not _is_number(reported) or not _is_number(derived):
        return False
    one, other = float(str(reported)), float(str(derived))
    return abs(one - other) <= sides * RELATIVE_ERROR * max(abs(one), abs(other)) / (1 - RELATIVE_ERROR)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
