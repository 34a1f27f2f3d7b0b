"""The ways in which events are told apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from analyzers.explanation.model import Aspect
from analyzers.fields import CLIENT_IP, HTTP_ROUTE, REQUEST_METHOD, STATUS_CODE, USER_ID
from analyzers.store.keys import field_of
from analyzers.store.query import And, Field, Network, Not, Or, Predicate
from analyzers.store.schema import Schema

ASPECTS: Final = (
    Aspect("endpoint", "endpoints", Field(HTTP_ROUTE)),
    Aspect("version", "versions", Field("service.version")),
    Aspect("user", "users", Field(USER_ID)),
    Aspect("network", "networks", Network()),
    Aspect("client", "clients", Field(CLIENT_IP)),
    Aspect("browser", "browsers", Field("user_agent.name")),
    Aspect("method", "methods", Field(REQUEST_METHOD)),
    Aspect("status", "statuses", Field(STATUS_CODE)),
    Aspect("host", "hosts", Field("host.name")),
    Aspect("query type", "query types", Field("sql.operation")),
    Aspect("statement", "statements", Field("sql.text")),
)
"""In the order in which one is preferred where two say the same."""


def aspects_of(schema: Schema, bad: Predicate) -> tuple[tuple[Aspect, ...], tuple[Aspect, ...]]:
    """Return the aspects that can explain bad events, and those by which they are bad: those say nothing of a cause."""
    there = [each for each in ASPECTS if field_of(each.key) in schema.fields]
    tested = set(fields_of(bad))
    return (
        tuple(each for each in there if field_of(each.key) not in tested),
        tuple(each for each in there if field_of(each.key) in tested),
    )


def fields_of(predicate: Predicate) -> Iterator[str]:
    """Yield the fields that a predicate compares."""
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part):
            yield from fields_of(part)
        case _:
            yield predicate.field
