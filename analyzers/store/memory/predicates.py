"""Whether a predicate holds, by its definition."""

from __future__ import annotations

from typing import assert_never

from analyzers.store.leaves import Leaf
from analyzers.store.memory.event import Event
from analyzers.store.networks import holds_address
from analyzers.store.operands import operand
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
from analyzers.store.schema import load_schema
from analyzers.store.words import folded, has_words, words_of


def holds(predicate: Predicate, event: Event) -> bool:
    """Tell whether a predicate holds for an event."""
    match predicate:
        case And(parts):
            return all(holds(part, event) for part in parts)
        case Or(parts):
            return any(holds(part, event) for part in parts)
        case Not(part):
            return not holds(part, event)
        case _:
            return _holds(predicate, event)


def _holds(predicate: Comparison, event: Event) -> bool:
    found = event.values(predicate.field)
    match predicate:
        case Equals(name, value):
            return _kept(event, name, value) in found
        case In(name, wanted):
            return any(_kept(event, name, value) in found for value in wanted)
        case Range():
            return any(_within(predicate, value) for value in found)
        case Exists():
            return len(found) > 0
        case _:
            return any(_fits(predicate, str(value)) for value in found)


def _fits(predicate: Prefix | Contains | Words | InNetwork, value: str) -> bool:
    match predicate:
        case Prefix(_, prefix):
            return value.startswith(prefix)
        case Contains(_, text):
            return folded(text) in folded(value)
        case Words(_, text):
            return has_words(value, words_of(text))
        case InNetwork(_, network):
            return holds_address(network, value)
        case _:
            assert_never(predicate)


def _kept(event: Event, name: str, value: Scalar) -> Scalar | None:
    """Return a value in the form in which the field keeps it: an address in its canonical text."""
    return operand(load_schema(event.document.stream).field(name), value)


def _within(bounds: Range, value: Leaf) -> bool:
    if isinstance(value, str):
        return False
    return (
        (bounds.gte is None or value >= bounds.gte)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.lte is None or value <= bounds.lte)
        and (bounds.lt is None or value < bounds.lt)
    )
