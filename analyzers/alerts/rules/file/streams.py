"""Streams and conditions as the file names them, checked against the fields of the templates."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.alerts.rules.file.values import known
from analyzers.selection import parse_where
from analyzers.selection.errors import SelectionError
from analyzers.store.query import And, Predicate, QueryError
from analyzers.store.schema import LIST_FIELDS, NUMERIC, FieldSpec, FieldType, Schema, load_schema, load_templates

_PARTS = 3


def datasets() -> tuple[str, ...]:
    """Return the streams there can be, without their environments: ``logs-web.request``."""
    templates = load_templates().index.values()
    patterns = [str(pattern) for each in templates for pattern in _listed(each["index_patterns"])]
    return tuple(sorted(pattern.removesuffix("-*") for pattern in patterns))


def checked_stream(text: str) -> str:
    """Return a stream: one of :func:`datasets`, or with an environment.

    Raises:
        ValueError: When there is none of that name.
    """
    parts = text.split("-", _PARTS - 1)
    known("-".join(parts[: _PARTS - 1]), datasets(), "stream")
    return text


def full_stream(text: str, environment: str) -> str:
    """Return a stream with its environment, which may be ``*``."""
    return text if text.count("-") >= _PARTS - 1 else f"{text}-{environment}"


def schema_of(stream: str) -> Schema:
    """Return the fields of a stream that :func:`checked_stream` took."""
    return load_schema(full_stream(stream, "any"))


def condition(text: str, schema: Schema) -> Predicate:
    """Return what a condition means.

    Raises:
        ValueError: When it cannot be read, or names a field that the stream does not have.
    """
    try:
        return parse_where(text, schema)
    except (SelectionError, QueryError) as error:
        raise ValueError(str(error)) from error


def field_of(name: str, schema: Schema) -> FieldSpec:
    """Return a field by its stored or documented name.

    Raises:
        ValueError: When the stream has none of that name.
    """
    try:
        return schema.field(name)
    except QueryError as error:
        raise ValueError(str(error)) from error


def numeric(name: str, schema: Schema) -> str:
    """Return the stored name of a numeric field.

    Raises:
        ValueError: When it is none.
    """
    field = field_of(name, schema)
    if field.type not in NUMERIC:
        raise ValueError(f"{field.name} is a {field.type}; only numbers are measured")
    return field.name


def grouping(name: str, schema: Schema) -> str:
    """Return the stored name of a field that makes groups.

    Raises:
        ValueError: When it cannot.
    """
    field = field_of(name, schema)
    if field.name in LIST_FIELDS or field.type in {FieldType.TEXT, FieldType.DATE}:
        raise ValueError(f"{field.name} is a {'list' if field.name in LIST_FIELDS else field.type} and cannot group")
    return field.name


def both(*predicates: Predicate) -> Predicate:
    """Return the predicate that holds where all do, without empty ones."""
    parts: Sequence[Predicate] = [each for each in predicates if each != And(())]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
