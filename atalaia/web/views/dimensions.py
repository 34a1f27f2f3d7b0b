"""The ways in which a page tells requests apart: those of ``--by``, with their titles, and what to look at next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from analyzers.language import Message, message
from analyzers.selection.names import names_in, parse_key
from analyzers.store.keys import field_of
from analyzers.store.query import And, Equals, Key, Predicate
from analyzers.store.schema import Schema

TITLES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "endpoint": message("Endpoint"),
        "user": message("User"),
        "status": message("Status"),
        "status_class": message("Status class"),
        "browser": message("Browser"),
        "os": message("Operating system"),
        "version": message("Version"),
        "network": message("Network"),
        "client": message("Client"),
        "method": message("Method"),
        "query_type": message("Query type"),
        "statement": message("Statement"),
        "database": message("Database"),
    }
)
"""Name of a dimension to what people call it."""

_NEXT: Final = ("endpoint", "status", "version", "user", "network", "client", "browser", "os", "method")


def title_of(name: str) -> Message:
    """Return a dimension's title; a stored field's is its name."""
    return TITLES.get(name) or message("{field}", field=name)


def next_dimension(names: Iterable[str], where: Iterable[Predicate], schema: Schema) -> str:
    """Return what is worth grouping by next: the first dimension that no filter has settled.

    Args:
        names: Those to leave out besides.
        where: The filters.
        schema: The fields of the stream.
    """
    settled = {each.field for predicate in where for each in _parts(predicate) if isinstance(each, Equals)}
    left = [name for name in _NEXT if name not in set(names) and name in names_in(schema)]
    return next((name for name in left if field_of(parse_key(name, schema)) not in settled), _NEXT[0])


def name_of(key: Key, typed: str) -> str:
    """Return what a dimension is called in an address: its name where it has one, else as it was typed."""
    return typed if typed in TITLES else key.name


def _parts(predicate: Predicate) -> tuple[Predicate, ...]:
    return predicate.predicates if isinstance(predicate, And) else (predicate,)
