"""Predicates as Elasticsearch filters. They are checked before (:mod:`analyzers.store.checks`) and never guessed."""

from __future__ import annotations

from math import ceil, floor
from typing import Final, assert_never

from analyzers.store.checks import operand
from analyzers.store.elastic.answers import Json, JsonObject
from analyzers.store.leaves import INTEGER_BITS
from analyzers.store.query import And, Equals, Exists, In, Not, Or, Predicate, Prefix, Range, Scalar
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema

NOTHING: Final[JsonObject] = {"match_none": {}}
ANYTHING: Final[JsonObject] = {"match_all": {}}


def to_filter(predicate: Predicate, schema: Schema) -> JsonObject:
    """Return the filter that selects the documents for which the predicate holds.

    Raises:
        QueryError: When a field is unknown or is compared with a value of the wrong type.
    """
    if isinstance(predicate, And | Or | Not):
        return _compound(predicate, schema)
    field = schema.field(predicate.field)
    match predicate:
        case Equals(_, value):
            return _equals(field, value)
        case In(_, values):
            return any_of([_equals(field, value) for value in values])
        case Range():
            return _range(field, predicate)
        case Prefix(_, prefix):
            return {"prefix": {field.name: {"value": prefix}}}
        case Exists():
            return exists(field.name)
        case _:
            assert_never(predicate)


def _compound(predicate: And | Or | Not, schema: Schema) -> JsonObject:
    match predicate:
        case And(parts):
            return {"bool": {"filter": [to_filter(part, schema) for part in parts]}} if parts else ANYTHING
        case Or(parts):
            return any_of([to_filter(part, schema) for part in parts])
        case Not(part):
            return negation(to_filter(part, schema))
        case _:
            assert_never(predicate)


def any_of(filters: list[JsonObject]) -> JsonObject:
    """Return the filter for documents that at least one of some filters selects."""
    should: list[Json] = list(filters)
    return {"bool": {"should": should, "minimum_should_match": 1}} if should else NOTHING


def negation(wanted: JsonObject) -> JsonObject:
    """Return the filter for all other documents."""
    return {"bool": {"must_not": [wanted]}}


def exists(name: str) -> JsonObject:
    """Return the filter for documents in which a field has a value."""
    return {"exists": {"field": name}}


def between(name: str, gte: float, lte: float) -> JsonObject:
    """Return the filter for documents whose number lies between two bounds, both included."""
    return {"range": {name: {"gte": gte, "lte": lte}}}


def _equals(field: FieldSpec, value: Scalar) -> JsonObject:
    kept = operand(field, value)
    if kept is None:
        return NOTHING
    if isinstance(kept, float) and kept == 0:
        return between(field.name, -0.0, 0.0)  # Lucene tells the two zeros apart, arithmetic does not
    return {"term": {field.name: {"value": kept}}}


def _range(field: FieldSpec, wanted: Range) -> JsonObject:
    if all(bound is None for bound in (wanted.gte, wanted.gt, wanted.lte, wanted.lt)):
        return exists(field.name)
    if field.type in INTEGRAL:
        return _integral_range(field, wanted)
    # A bound of zero is sent as the zero that puts both zeros on the same side of it.
    zeros = {"gte": -0.0, "gt": 0.0, "lte": 0.0, "lt": -0.0}
    bounds = {"gte": wanted.gte, "gt": wanted.gt, "lte": wanted.lte, "lt": wanted.lt}
    sent: dict[str, Json] = {
        name: zeros[name] if bound == 0 else float(bound) for name, bound in bounds.items() if bound is not None
    }
    return {"range": {field.name: sent}}


def _integral_range(field: FieldSpec, wanted: Range) -> JsonObject:
    """Round the bounds to whole numbers within the type: Elasticsearch refuses a bound that the type cannot hold."""
    bound = 1 << (INTEGER_BITS[field.type] - 1)
    lows = [-bound]
    highs = [bound - 1]
    if wanted.gte is not None:
        lows.append(ceil(wanted.gte))
    if wanted.gt is not None:
        lows.append(floor(wanted.gt) + 1)
    if wanted.lte is not None:
        highs.append(floor(wanted.lte))
    if wanted.lt is not None:
        highs.append(ceil(wanted.lt) - 1)
    low, high = max(lows), min(highs)
    return between(field.name, low, high) if low <= high else NOTHING
