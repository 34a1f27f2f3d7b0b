"""Predicates as Elasticsearch filters. They are checked before (:mod:`analyzers.store.checks`) and never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv6Network
from typing import Final, assert_never

from analyzers.store.elastic.answers import Json, JsonObject
from analyzers.store.networks import MAPPED, IpNetwork, parse_network
from analyzers.store.operands import limits, operand
from analyzers.store.query import (
    And,
    Comparison,
    Contains,
    Equals,
    Exists,
    In,
    InNetwork,
    Not,
    Or,
    Predicate,
    Prefix,
    Range,
    Scalar,
    Words,
)
from analyzers.store.schema import INTEGRAL, FieldSpec, Schema
from analyzers.store.words import words_of
from analyzers.store.words.folding import spellings

NOTHING: Final[JsonObject] = {"match_none": {}}
ANYTHING: Final[JsonObject] = {"match_all": {}}


def to_filter(predicate: Predicate, schema: Schema) -> JsonObject:
    """Return the filter that selects the documents for which the predicate holds.

    Raises:
        QueryError: When a field is unknown or is compared with a value of the wrong type.
    """
    if isinstance(predicate, And | Or | Not):
        return _compound(predicate, schema)
    return _comparison(predicate, schema.field(predicate.field))


def _comparison(predicate: Comparison, field: FieldSpec) -> JsonObject:
    match predicate:
        case Equals(_, value):
            return _equals(field, value)
        case In(_, values):
            return _one_of(field, values)
        case Range():
            return _range(field, predicate)
        case Prefix() | Contains() | Words():
            return _searched(predicate, field.name)
        case InNetwork(_, network):
            return in_network(field.name, parse_network(network))
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


def in_network(name: str, network: IpNetwork) -> JsonObject:
    """Return the filter for documents with an address of a network; IPv4 ones are kept as IPv6 there."""
    inside: JsonObject = {"term": {name: {"value": str(network)}}}
    if isinstance(network, IPv6Network) and network.supernet_of(MAPPED):
        return {"bool": {"filter": [inside], "must_not": [{"term": {name: {"value": "0.0.0.0/0"}}}]}}
    return inside


def _searched(predicate: Prefix | Contains | Words, name: str) -> JsonObject:
    match predicate:
        case Prefix(_, prefix):
            return {"prefix": {name: {"value": prefix}}}
        case Contains(_, text):
            return _contains(name, text)
        case Words(_, text):
            return _words(name, words_of(text))
        case _:
            assert_never(predicate)


def _contains(name: str, text: str) -> JsonObject:
    """Return the filter for keywords with a text in them: an expression that spells each character in every case."""
    inside = "".join(map(_any_case, text))
    return {"regexp": {name: {"value": f".*{inside}.*", "flags": "NONE"}}}


def _any_case(character: str) -> str:
    every = spellings(character)
    if len(every) > 1:
        return f"[{every}]"
    return character if character.isalnum() else f"\\{character}"


def _words(name: str, words: Sequence[str]) -> JsonObject:
    """Return the filter for texts with words side by side.

    The words are the index's own; the server takes them apart at the spaces and does nothing else to them.
    """
    if len(words) == 1:
        return {"term": {name: {"value": words[0]}}}
    return {"match_phrase": {name: {"query": " ".join(words), "analyzer": "whitespace"}}}


def _equals(field: FieldSpec, value: Scalar) -> JsonObject:
    kept = operand(field, value)
    if kept is None:
        return NOTHING
    if isinstance(kept, float) and kept == 0:
        return between(field.name, -0.0, 0.0)  # Lucene tells the two zeros apart, arithmetic does not
    return {"term": {field.name: {"value": kept}}}


def _one_of(field: FieldSpec, values: Sequence[Scalar]) -> JsonObject:
    """Return the filter for any of some values, as one clause however many they are."""
    kept = [value for value in (operand(field, value) for value in values) if value is not None]
    if any(isinstance(value, float) and value == 0 for value in kept):
        return any_of([_equals(field, value) for value in kept])
    terms: list[Json] = [*kept]
    return {"terms": {field.name: terms}} if terms else NOTHING


def _range(field: FieldSpec, wanted: Range) -> JsonObject:
    inside = limits(field, wanted)
    if inside is None:
        return NOTHING
    if inside.low is None and inside.high is None:
        return exists(field.name)
    # Lucene tells the two zeros apart, arithmetic does not: a bound of zero is the one that has both inside.
    bounds = {"gte": (inside.low, -0.0), "lte": (inside.high, 0.0)}
    whole = field.type in INTEGRAL
    sent: dict[str, Json] = {
        name: zero if bound == 0 and not whole else bound for name, (bound, zero) in bounds.items() if bound is not None
    }
    return {"range": {field.name: sent}}
