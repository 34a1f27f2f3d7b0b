"""The dimensions that are made of a field: an event's key, and the predicate that selects a key's events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from analyzers.store.leaves import Leaf
from analyzers.store.networks import network_of
from analyzers.store.query import (
    Equals,
    Exists,
    Field,
    In,
    InNetwork,
    Key,
    Network,
    Not,
    Or,
    Predicate,
    Range,
    StatusClass,
)
from analyzers.store.result import Value

_HUNDRED = 100


def field_of(key: Key) -> str:
    """Return the field whose value makes a key."""
    return key.name if isinstance(key, Field) else key.field


def key_value(key: Key, value: Leaf) -> Value:
    """Return the key of an event whose field has a value, in the form in which the field keeps it."""
    match key:
        case Field():
            return value
        case StatusClass():
            return class_of(int(value))
        case Network():
            return network_of(str(value))
        case _:
            assert_never(key)


def class_of(status: int) -> str:
    """Return the class of a status: ``5xx``."""
    return f"{status // _HUNDRED}xx"


def key_is(key: Key, value: Value) -> Predicate:
    """Return the predicate that holds for the events whose key is a value; ``None`` is absent."""
    if value is None:
        return Not(Exists(field_of(key)))
    match key:
        case Field(name):
            return Equals(name, value) if isinstance(value, str | int | float | bool) else Not(Exists(name))
        case StatusClass(name):
            first = int(str(value).removesuffix("xx")) * _HUNDRED
            return Range(name, gte=first, lt=first + _HUNDRED)
        case Network(name):
            return InNetwork(name, str(value))
        case _:
            assert_never(key)


def key_among(key: Key, values: Sequence[Value]) -> Predicate:
    """Return the predicate that holds for the events whose key is one of some values; ``None`` is absent."""
    if not isinstance(key, Field):
        return Or(tuple(key_is(key, value) for value in values))
    present = In(key.name, tuple(value for value in values if isinstance(value, str | int | float | bool)))
    return Or((present, Not(Exists(key.name)))) if None in values else present
