"""The columns of a segment: one for each stored field, typed, and the document itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from analyzers.store.schema import FieldSpec, FieldType, Schema
from analyzers.store.validation import LIST_FIELDS

ID: Final = "_id"
SOURCE: Final = "_source"

_ARROW: Final[Mapping[FieldType, pa.DataType]] = MappingProxyType(
    {
        FieldType.KEYWORD: pa.string(),
        FieldType.TEXT: pa.string(),
        FieldType.DATE: pa.int64(),
        FieldType.IP: pa.string(),
        FieldType.BOOLEAN: pa.bool_(),
        FieldType.SHORT: pa.int16(),
        FieldType.INTEGER: pa.int32(),
        FieldType.LONG: pa.int64(),
        FieldType.FLOAT: pa.float32(),
        FieldType.DOUBLE: pa.float64(),
    },
)

_SQL: Final[Mapping[FieldType, str]] = MappingProxyType(
    {
        FieldType.KEYWORD: "VARCHAR",
        FieldType.TEXT: "VARCHAR",
        FieldType.DATE: "BIGINT",
        FieldType.IP: "VARCHAR",
        FieldType.BOOLEAN: "BOOLEAN",
        FieldType.SHORT: "SMALLINT",
        FieldType.INTEGER: "INTEGER",
        FieldType.LONG: "BIGINT",
        FieldType.FLOAT: "FLOAT",
        FieldType.DOUBLE: "DOUBLE",
    },
)


def arrow_schema(schema: Schema) -> pa.Schema:
    """Return the columns of a segment: ``_id``, ``_source`` (JSON text), then the fields by name.

    Dates are milliseconds since 1970 in 64 bits, addresses their canonical text, list fields lists.
    """
    fields = [pa.field(name, _arrow_type(spec)) for name, spec in schema.fields.items()]
    return pa.schema(
        [pa.field(ID, pa.string(), nullable=False), pa.field(SOURCE, pa.string(), nullable=False), *fields]
    )


def sql_type(spec: FieldSpec) -> str:
    """Return DuckDB's type of a field's column."""
    return f"{_SQL[spec.type]}[]" if spec.name in LIST_FIELDS else _SQL[spec.type]


def described(schema: Schema) -> Mapping[str, str]:
    """Return the columns and their types as a commit records them."""
    return {name: sql_type(spec) for name, spec in schema.fields.items()}


def quoted(name: str) -> str:
    """Return a column's name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _arrow_type(spec: FieldSpec) -> pa.DataType:
    return pa.list_(_ARROW[spec.type]) if spec.name in LIST_FIELDS else _ARROW[spec.type]
