"""Check that a stream maps its fields as our templates do, before anything is written or its numbers are believed."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from analyzers.fields import LATER_FIELDS, TIMESTAMP
from analyzers.store.elastic.answers import JsonObject, an_object
from analyzers.store.elastic.connection import Connection
from analyzers.store.elastic.facts import Kind, Subject, mapping_facts
from analyzers.store.interface import StoreError
from analyzers.store.keys import field_of
from analyzers.store.query import And, Calendar, Count, CountIf, Not, Or, Predicate, Query, Stored
from analyzers.store.schema import FieldSpec, FieldType, Schema

_UNMAPPED: Final = "unmapped"


@dataclass(frozen=True, slots=True)
class Misfit:
    """A field that an index maps otherwise than our templates do.

    Attributes:
        name: The field.
        found: Its type there, or ``unmapped``.
        wanted: Its type in our templates.
    """

    name: str
    found: str
    wanted: str


def first_misfit(mapping: JsonObject, schema: Schema) -> Misfit | None:
    """Return the first field, by name, whose type or alias in a mapping is not ours; further fields are no harm.

    Args:
        mapping: The ``mappings`` of an index.
        schema: What our templates say.
    """
    wanted = {field.name: field.type.value for field in schema.fields.values()}
    wanted |= {name: f"alias of {path}" for name, path in schema.aliases.items()}
    facts = mapping_facts(mapping)
    for name in sorted(wanted):
        parameters = facts.get(Subject(Kind.FIELD, name), {})
        found = parameters.get("type", _UNMAPPED)
        found = f"alias of {parameters.get('path')}" if found == "alias" else found
        if found != wanted[name]:
            return Misfit(name, found, wanted[name])
    return None


def check_mapping(connection: Connection, query: Query, schema: Schema) -> None:
    """Compare the types of a query's fields in every index of its stream with the schema's.

    A stream that began before our templates were installed has a mapping that Elasticsearch guessed: text where we
    group, no doubles where we measure. Its answers would be wrong without an error.

    Raises:
        StoreError: When a field is missing or has another type in some index.
    """
    _check_fields(connection, query.stream, {schema.field(name) for name in _names(query)})


def check_timestamp(connection: Connection, stream: str) -> None:
    """Compare the type of ``@timestamp`` in every index of a stream with ours: instants of two units have no extent.

    Raises:
        StoreError: When it has another type in some index.
    """
    _check_fields(connection, stream, {FieldSpec(TIMESTAMP, FieldType.DATE)})


def _check_fields(connection: Connection, stream: str, fields: AbstractSet[FieldSpec]) -> None:
    answer = connection.call(
        "GET",
        f"/{quote(stream, safe='*')}/_field_caps",
        fields=",".join(sorted(field.name for field in fields)),
        include_unmapped="true",
        ignore_unavailable="true",
    )
    found = an_object(answer.get("fields"), "fields")
    for field in sorted(fields, key=lambda each: each.name):
        types = set(an_object(found.get(field.name, {}), field.name))
        if field.name in LATER_FIELDS:
            types = (types - {_UNMAPPED}) or {field.type.value}  # older than the field: nothing in it has one
        if types != {field.type.value}:
            raise _differs(stream, field, types)


def _differs(stream: str, field: FieldSpec, types: set[str]) -> StoreError:
    there = " and ".join(sorted(types)) or _UNMAPPED
    return StoreError(
        f"{stream} has {field.name} as {there}, not as {field.type.value}: it does not use our templates throughout",
        "install the templates: 'atalaia elasticsearch setup'; then reindex the stream, or delete it and ingest again",
    )


def _names(query: Query) -> Iterator[str]:
    yield TIMESTAMP
    yield from (field_of(dimension) for dimension in query.by if not isinstance(dimension, Calendar))
    yield from _predicate_names(query.where)
    for named in query.measures:
        if isinstance(named.measure, CountIf):
            yield from _predicate_names(named.measure.predicate)
        elif not isinstance(named.measure, Count | Stored):
            yield named.measure.field


def _predicate_names(predicate: Predicate) -> Iterator[str]:
    match predicate:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _predicate_names(part)
        case Not(part):
            yield from _predicate_names(part)
        case _:
            yield predicate.field
