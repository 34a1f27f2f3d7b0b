"""The rows of segments as the documents they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import orjson
import pyarrow as pa

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.columns import ID, SOURCE, Column
from analyzers.store.instants import canonical_text
from analyzers.store.schema import FieldType

_Object: TypeAlias = dict[str, JsonValue]
_Field: TypeAlias = tuple[tuple[str, ...], Sequence[JsonValue]]


def documents_of(table: pa.Table, stream: str, columns: Mapping[str, str]) -> Iterator[Document]:
    """Yield the documents of a segment as they were appended.

    Bodies are equal to what they were, numbers of the same kind; the order of their keys may be another.

    Args:
        table: Rows of one segment, with all its columns.
        stream: Its stream.
        columns: How it holds each field, as its commit says; today's mapping does not matter.
    """
    identities = cast("list[str]", table.column(ID).to_pylist())
    sources = cast("list[str | None]", table.column(SOURCE).to_pylist())
    fields = [(tuple(name.split(".")), _values(table, name, Column.parse(text))) for name, text in columns.items()]
    for row, (identity, source) in enumerate(zip(identities, sources, strict=True)):
        if source is not None and source.startswith("["):
            yield Document.encoded(stream, identity, source[1:-1].encode())
        else:
            yield Document(stream, identity, _body(fields, row, source))


def _values(table: pa.Table, name: str, column: Column) -> Sequence[JsonValue]:
    """Return a field's values in the form that JSON has."""
    values = cast("list[JsonValue]", table.column(column.twin or name).to_pylist())
    if column.type is not FieldType.DATE:
        return values
    return [None if value is None else canonical_text(cast("int", value)) for value in values]


def _body(fields: Sequence[_Field], row: int, remainder: str | None) -> _Object:
    body: _Object = {}
    for path, values in fields:
        value = values[row]
        if value is not None:
            node = body
            for key in path[:-1]:
                node = cast("_Object", node.setdefault(key, {}))
            node[path[-1]] = value
    if remainder is not None:
        _merge(body, cast("_Object", orjson.loads(remainder)))
    return body


def _merge(body: _Object, remainder: _Object) -> None:
    """Put a remainder into what the columns gave back; where both have a value, the remainder's is the right one."""
    for key, value in remainder.items():
        held = body.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            body[key] = value
