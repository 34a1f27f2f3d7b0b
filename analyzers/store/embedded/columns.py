"""The columns of a segment: one for each stored field, typed, and what they leave of the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

import pyarrow as pa

from analyzers.store.schema import LIST_FIELDS, FieldSpec, FieldType, Schema

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

_MANY: Final = "[]"
_TWIN: Final = "="


@dataclass(frozen=True, slots=True)
class Column:
    """How a segment holds one field; as text (``keyword``, ``keyword[]``, ``keyword=_id``) a commit records it.

    Attributes:
        type: The field's type when the segment was written.
        many: Whether it holds lists.
        twin: The column that holds its values, where every event has the same in both; ``None`` for its own.
    """

    type: FieldType
    many: bool = False
    twin: str | None = None

    @classmethod
    def of(cls, field: FieldSpec) -> Self:
        """Return the column that a field has by its mapping."""
        return cls(field.type, field.name in LIST_FIELDS)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the column that a text means.

        Raises:
            ValueError: When it names no type.
        """
        kind, _, twin = text.partition(_TWIN)
        return cls(FieldType(kind.removesuffix(_MANY)), kind.endswith(_MANY), twin or None)

    def __str__(self) -> str:
        return f"{self.type}{_MANY if self.many else ''}{f'{_TWIN}{self.twin}' if self.twin else ''}"

    @property
    def arrow(self) -> pa.DataType:
        """Arrow's type: dates are milliseconds since 1970 in 64 bits, addresses their canonical text."""
        return pa.list_(_ARROW[self.type]) if self.many else _ARROW[self.type]

    @property
    def sql(self) -> str:
        """DuckDB's type."""
        return f"{_SQL[self.type]}{_MANY if self.many else ''}"


def described(schema: Schema) -> Mapping[str, str]:
    """Return the columns of a mapping as a commit records them."""
    return {name: str(Column.of(spec)) for name, spec in schema.fields.items()}


def quoted(name: str) -> str:
    """Return a column's name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
