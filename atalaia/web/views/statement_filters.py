"""The filters of requests, said of slow statements: those that statements can be told by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM
from analyzers.jobs.queries import STATEMENT_STREAM
from analyzers.selection import parse_where
from analyzers.store.query import EVERYTHING, And, Not, Or, Predicate
from analyzers.store.schema import Schema, load_schema

_RENAMED: Final[Mapping[str, str]] = MappingProxyType({HTTP_ROUTE: "sql.endpoint"})
"""What statements have under another name than requests."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What filters of requests mean for statements.

    Attributes:
        where: What statements can be told by.
        unused: The filters that say nothing of statements, as typed.
    """

    where: Predicate
    unused: tuple[str, ...]


def of_statements(conditions: tuple[str, ...], own: tuple[str, ...] = ()) -> Filters:
    """Return what the filters of a page about requests mean for statements.

    Args:
        conditions: The filters, about requests.
        own: Further filters, about statements themselves.

    Raises:
        SelectionError: When one cannot be read.
        QueryError: When one names a field that its stream does not have.
    """
    requests, statements = load_schema(REQUEST_STREAM), load_schema(STATEMENT_STREAM)
    said = {text: _translated(parse_where(text, requests), statements) for text in conditions}
    parts = [each for each in said.values() if each is not None] + [parse_where(text, statements) for text in own]
    unused = tuple(text for text, predicate in said.items() if predicate is None)
    return Filters(EVERYTHING if not parts else parts[0] if len(parts) == 1 else And(tuple(parts)), unused)


def _translated(predicate: Predicate, schema: Schema) -> Predicate | None:
    """Return a predicate under the names of another stream; ``None`` where one of its fields is not there."""
    match predicate:
        case And(parts) | Or(parts):
            said = tuple(_translated(part, schema) for part in parts)
            present = tuple(each for each in said if each is not None)
            return type(predicate)(present) if len(present) == len(said) else None
        case Not(part):
            inner = _translated(part, schema)
            return None if inner is None else Not(inner)
        case _:
            name = _RENAMED.get(predicate.field, predicate.field)
            return replace(predicate, field=name) if name in schema.fields else None
