"""The two halves of a stored document: its columns, and the remainder that they do not give back.

A value that its column gives back exactly is stored there only. Everything else (unmapped fields, nulls, dates that are
not written with milliseconds in UTC, numbers of another kind than the column's) is in the remainder, a JSON object with
the same nesting, or null when nothing is left. A document with fields in unusual places (names with dots, objects in
lists) is kept whole besides its columns: as a JSON list of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias, cast

import orjson

from analyzers.store.document import Document
from analyzers.store.leaves import Leaf, text_of
from analyzers.store.plans import EMPTY, Column, Plan, Slot
from analyzers.store.schema import LIST_FIELDS, FieldType
from analyzers.store.validation import Fields

Cell: TypeAlias = Leaf | Sequence[Leaf] | None
Cells: TypeAlias = Sequence[Cell]
_Tree: TypeAlias = "dict[str, _Tree | Slot]"


class Split:
    """Splits the values of documents that are alike.

    Args:
        plan: That of their shape.
        inexact: Which fields have values that their indexed form does not give back.
    """

    def __init__(self, plan: Plan, inexact: int) -> None:
        marked = {column.field.name for column in plan.columns.values() if inexact >> column.slot.place & 1}
        self._columns = {
            name: (column.place, _conversion(column))
            for name, column in plan.columns.items()
            if name not in marked or not _is_absent(column)
        }
        kept = [column.slot for name, column in plan.columns.items() if name in marked or not column.exact]
        rest = [*plan.rest, *kept]
        self._template, self._places = _rendered(rest)
        self._is_empty = not rest

    def columns(self, values: Sequence[Cells]) -> Mapping[str, Cells]:
        """Return the fields' columns.

        Args:
            values: One sequence for each place, each with one value for each document.
        """
        return {name: convert(values[place]) for name, (place, convert) in self._columns.items()}

    def remainders(self, values: Sequence[Cells], rows: int) -> Sequence[str | None]:
        """Return what is left of each document, as JSON text."""
        if self._is_empty:
            return [None] * rows
        if not self._places:
            return [(self._template % ()).decode()] * rows
        texts = [list(map(orjson.dumps, values[place])) for place in self._places]
        return [(self._template % row).decode() for row in zip(*texts, strict=True)]


@lru_cache(maxsize=1024)
def split_of(plan: Plan, inexact: int) -> Split:
    """Return the way documents of a shape are split; documents come in few shapes, so it is kept."""
    return Split(plan, inexact)


def columns_of(fields: Sequence[Fields]) -> Mapping[str, Cells]:
    """Return the columns of documents whose fields the rule itself has read."""
    names = {name for each in fields for name in each}
    return {name: [_cell(name, each.get(name)) for each in fields] for name in names}


def whole(document: Document) -> str:
    """Return a document that is kept whole, as text."""
    return f"[{document.source.decode()}]"


def _cell(name: str, values: Sequence[Leaf] | None) -> Cell:
    if values is None or name in LIST_FIELDS:
        return values
    return values[0]


def _is_absent(column: Column) -> bool:
    """Tell whether a value that is not given back is not indexed at all: a keyword that is too long, an empty list."""
    return column.field.type is FieldType.KEYWORD


def _conversion(column: Column) -> Callable[[Cells], Cells]:
    """Return what makes a column of the values."""
    convert = _scalars(column)
    if column.field.name in LIST_FIELDS and column.slot.kind is not list:
        return lambda values: [[cast("Leaf", value)] for value in convert(values)]
    return convert


def _scalars(column: Column) -> Callable[[Cells], Cells]:
    if column.field.type in {FieldType.KEYWORD, FieldType.TEXT} and column.slot.kind not in {str, list}:
        return lambda values: [text_of(cast("Leaf", value)) for value in values]
    if column.field.type in {FieldType.FLOAT, FieldType.DOUBLE}:
        return lambda values: [float(cast("float", value)) for value in values]
    return _as_is


def _as_is(values: Cells) -> Cells:
    return values


def _rendered(slots: Sequence[Slot]) -> tuple[bytes, list[int]]:
    """Return JSON with a ``%b`` for each value, and the places of the values in that order."""
    root: _Tree = {}
    for slot in slots:
        node = root
        for key in slot.path[:-1]:
            node = cast("_Tree", node.setdefault(key, {}))
        node[slot.path[-1]] = slot
    places: list[int] = []
    return _json(root, places), places


def _json(node: _Tree | Slot, places: list[int]) -> bytes:
    if isinstance(node, dict):
        members = (
            b"%b:%b" % (orjson.dumps(key).replace(b"%", b"%%"), _json(child, places)) for key, child in node.items()
        )
        return b"{%b}" % b",".join(members)
    if node.place == EMPTY:
        return b"{}"
    places.append(node.place)
    return b"%b"
