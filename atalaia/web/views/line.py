"""What is shown of one line: every field, and the filters that each value makes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from analyzers.logs.line import Line, leaves
from analyzers.selection import print_where
from analyzers.store.document import JsonValue
from analyzers.store.instants import MILLISECOND, from_millis
from analyzers.store.interface import Store
from analyzers.store.leaves import text_of
from analyzers.store.operands import operand
from analyzers.store.query import Equals, Not, QueryError, Scalar, Window
from analyzers.store.schema import FieldType, Schema, load_schema
from analyzers.store.selection import Place, Selection
from atalaia.cli.render.safe import with_excerpt

MOST_CHARACTERS: Final = 20_000
"""Characters of one value that a page shows; the JSON and the download have all of it."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field.

    Attributes:
        field: The field's name.
        text: The value; control characters are written out.
        left_out: How many characters more it has.
        adds: The filter that only such lines pass; ``None`` where there is none.
        excludes: The filter that such lines do not pass.
    """

    field: str
    text: str
    left_out: int
    adds: str | None
    excludes: str | None


@dataclass(frozen=True, slots=True)
class OneLine:
    """A line with all its fields.

    Attributes:
        line: The line.
        values: Its values, in order of the fields.
        json: The document as JSON, to be copied.
    """

    line: Line
    values: tuple[Value, ...]
    json: str


def one_line(store: Store, place: Place) -> OneLine | None:
    """Return the line at a place; ``None`` when there is none any more.

    Raises:
        QueryError: When there is no such stream.
        StoreError: When the store cannot answer.
    """
    instant = from_millis(place.instant)
    found = store.documents(Selection(place.stream, Window(instant, instant + MILLISECOND)))
    document = next((each for each in found if each.id == place.id), None)
    if document is None:
        return None
    schema = load_schema(place.stream)
    values = tuple(value for name, each in sorted(leaves(document.body)) for value in _values(name, each, schema))
    text = json.dumps(document.body, ensure_ascii=True, indent=2, sort_keys=True)
    return OneLine(Line.of(document), values, text)


def _values(name: str, value: JsonValue, schema: Schema) -> Iterator[Value]:
    for each in value if isinstance(value, list) and value else [value]:
        if isinstance(each, str | int | float | bool):
            yield _value(name, text_of(each), _condition(name, each, schema))
        else:
            yield _value(name, json.dumps(each, ensure_ascii=False), None)


def _value(name: str, text: str, condition: Equals | None) -> Value:
    shown = with_excerpt(text[:MOST_CHARACTERS])
    left = max(0, len(text) - MOST_CHARACTERS)
    if condition is None:
        return Value(name, shown, left, None, None)
    return Value(name, shown, left, print_where(condition), print_where(Not(condition)))


def _condition(name: str, value: Scalar, schema: Schema) -> Equals | None:
    """Return the comparison that finds a value; ``None`` where the field is not compared, or not with this."""
    field = schema.fields.get(name)
    if field is None:
        return None
    if field.type is FieldType.KEYWORD:
        value = text_of(value)
    try:
        return None if operand(field, value) is None else Equals(name, value)
    except QueryError:
        return None
