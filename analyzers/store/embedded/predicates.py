"""Predicates as SQL conditions.

A comparison with an absent field is null, which ``AND``, ``OR``, ``WHERE`` and ``count_if`` treat as false; ``IS NOT
TRUE`` negates, so that the negation of null is true. Nothing is tested for presence first: that would cost time.
"""

from __future__ import annotations

from typing import assert_never

from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.networks import in_network
from analyzers.store.embedded.statement import Parameters
from analyzers.store.embedded.texts import contains, words_in
from analyzers.store.networks import parse_network
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
from analyzers.store.schema import LIST_FIELDS, FieldSpec, Schema
from analyzers.store.words import words_of


class PredicateCompiler:
    """Compiles checked predicates over one schema into one statement."""

    def __init__(self, schema: Schema, parameters: Parameters) -> None:
        self._schema = schema
        self._parameters = parameters

    def compile(self, predicate: Predicate) -> str:
        """Return the condition, in parentheses where it needs them; it is null or false where it does not hold."""
        match predicate:
            case And(parts):
                return self._joined(parts, "AND", "true")
            case Or(parts):
                return self._joined(parts, "OR", "false")
            case Not(part):
                return f"({self.compile(part)} IS NOT TRUE)"
            case _:
                return self._leaf(predicate)

    def _leaf(self, predicate: Comparison) -> str:
        match predicate:
            case Equals(name, value):
                return self._one_of(name, (value,))
            case In(name, values):
                return self._one_of(name, values)
            case Range():
                return self._range(predicate)
            case Prefix() | Contains() | Words():
                return self._searched(predicate)
            case InNetwork(name, network):
                return in_network(quoted(self._schema.field(name).name), parse_network(network), self._parameters)
            case Exists(name):
                return self._exists(self._schema.field(name))
            case _:
                assert_never(predicate)

    def _joined(self, parts: tuple[Predicate, ...], word: str, empty: str) -> str:
        return f"({f' {word} '.join(self.compile(part) for part in parts)})" if parts else empty

    def _one_of(self, name: str, values: tuple[Scalar, ...]) -> str:
        field = self._schema.field(name)
        kept = (operand(field, value) for value in values)
        places = [self._parameters.add(value) for value in kept if value is not None]
        if not places:
            return "false"
        column = quoted(field.name)
        if field.name in LIST_FIELDS:
            return f"list_has_any({column}, [{', '.join(places)}])"
        return f"({column} IN ({', '.join(places)}))"

    def _range(self, leaf: Range) -> str:
        field = self._schema.field(leaf.field)
        column = quoted(field.name)
        inside = limits(field, leaf)
        if inside is None:
            return "false"
        bounds = ((">=", inside.low), ("<=", inside.high))
        tests = [f"{column} {sign} {self._parameters.add(bound)}" for sign, bound in bounds if bound is not None]
        return f"({' AND '.join(tests)})" if tests else self._exists(field)

    def _searched(self, predicate: Prefix | Contains | Words) -> str:
        match predicate:
            case Prefix(name, prefix):
                return self._prefix(name, prefix)
            case Contains(name, text):
                return contains(self._schema.field(name).name, text, self._parameters)
            case Words(name, text):
                return words_in(self._schema.field(name).name, words_of(text), self._parameters)
            case _:
                assert_never(predicate)

    def _prefix(self, name: str, prefix: str) -> str:
        field = self._schema.field(name)
        column, place = quoted(field.name), self._parameters.add(prefix)
        if field.name in LIST_FIELDS:
            return f"(len(list_filter({column}, lambda item: starts_with(item, {place}))) > 0)"
        return f"starts_with({column}, {place})"

    def _exists(self, field: FieldSpec) -> str:
        return f"({quoted(field.name)} IS NOT NULL)"
