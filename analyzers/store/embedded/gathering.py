"""Gather the documents of one stream and turn them into a table, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import pyarrow as pa

from analyzers.store.document import Document, JsonValue
from analyzers.store.embedded.columns import ID, SOURCE, Column
from analyzers.store.embedded.source import Cells, Split, columns_of, split_of, whole
from analyzers.store.embedded.table import in_order
from analyzers.store.plans import Plan
from analyzers.store.schema import Schema
from analyzers.store.shapes import shapes_of
from analyzers.store.validation import Fields, label_refusal, read_fields

_Block: TypeAlias = tuple[Sequence[str], Sequence[str | None], Mapping[str, Cells]]
"""Ids, sources and columns of some documents."""


class _Alike:
    """The documents of a stream that are split in one way."""

    def __init__(self, split: Split) -> None:
        self._split = split
        self.ids: list[str] = []
        self.rows: list[Sequence[JsonValue]] = []

    def block(self) -> _Block:
        """Return them by column."""
        values = cast("list[Cells]", list(zip(*self.rows, strict=True)))
        return self.ids, self._split.remainders(values, len(self.ids)), self._split.columns(values)


class Rows:
    """The documents of one stream that a store takes, each id once.

    Args:
        schema: The stream's mapping.
    """

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._shapes = shapes_of(schema)
        self._seen: set[str] = set()
        self._alike: dict[tuple[Plan, int], _Alike] = {}
        self._unusual: list[tuple[Document, Fields]] = []

    def __len__(self) -> int:
        """How many there are."""
        return len(self._seen)

    def add(self, document: Document) -> bool:
        """Take a document, and tell whether its id is new; if not, it is left out.

        Raises:
            Refusal: When no store takes it.
        """
        flat = self._shapes.read(document.decoded()) if label_refusal(document) is None else None
        fields = read_fields(document, self.schema) if flat is None else {}
        if document.id in self._seen:
            return False
        self._seen.add(document.id)
        if flat is None:
            self._unusual.append((document, fields))
            return True
        plan, values, inexact = flat
        alike = self._alike.get((plan, inexact))
        if alike is None:
            alike = self._alike[plan, inexact] = _Alike(split_of(plan, inexact))
        alike.ids.append(document.id)
        alike.rows.append(values)
        return True

    def table(self) -> pa.Table:
        """Return ``_id``, ``_source`` and a column for each field, in the order of ``@timestamp``."""
        blocks = [alike.block() for alike in self._alike.values()]
        if self._unusual:
            blocks.append(_unusual(self._unusual))
        columns: dict[str, pa.Array[pa.Scalar[pa.DataType]]] = {
            ID: pa.array([identity for ids, _, _ in blocks for identity in ids], pa.string()),
            SOURCE: pa.array([source for _, sources, _ in blocks for source in sources], pa.string()),
        }
        for name, field in self.schema.fields.items():
            columns[name] = pa.array(_joined(name, blocks), Column.of(field).arrow)
        return in_order(pa.table(columns))


def _unusual(documents: Sequence[tuple[Document, Fields]]) -> _Block:
    sources = [whole(document) for document, _ in documents]
    return [document.id for document, _ in documents], sources, columns_of([fields for _, fields in documents])


def _joined(name: str, blocks: Sequence[_Block]) -> Cells:
    """Return a column over all blocks; null where a block has none."""
    if len(blocks) == 1:
        ids, _, columns = blocks[0]
        return columns.get(name) or [None] * len(ids)
    cells: list[object] = []
    for ids, _, columns in blocks:
        cells += columns.get(name) or [None] * len(ids)
    return cast("Cells", cells)
