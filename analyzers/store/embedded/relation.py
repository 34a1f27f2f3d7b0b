"""The events of some segments as one SQL relation with the columns of today's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analyzers.store.embedded.columns import Column, quoted
from analyzers.store.embedded.conversions import value_of
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters
from analyzers.store.schema import FieldSpec


def relation(
    root: Path,
    segments: Sequence[Segment],
    fields: Sequence[FieldSpec],
    parameters: Parameters,
) -> str:
    """Return a subquery with a column for each field, whatever columns the segments were written with.

    A field that a segment has no column for is null there. Where its type was another one, values are converted;
    those that cannot be are null (the source keeps them).
    """
    layouts: dict[tuple[tuple[str, str], ...], list[Segment]] = {}
    for segment in segments:
        layouts.setdefault(tuple(segment.columns.items()), []).append(segment)
    parts = [_empty(fields)]
    for layout, alike in layouts.items():
        files = parameters.add([str(root / segment.path) for segment in alike])
        parts.append(f"SELECT {_selected(fields, dict(layout))} FROM read_parquet({files})")  # noqa: S608 - see below
    # No text of these statements is a person's: names come quoted from the schema, everything else is a parameter.
    return "(" + " UNION ALL ".join(parts[1:] or parts) + ")"


def _empty(fields: Sequence[FieldSpec]) -> str:
    return f"SELECT {_selected(fields, {})} WHERE false"


def _selected(fields: Sequence[FieldSpec], columns: Mapping[str, str]) -> str:
    return ", ".join(f"{_column(field, columns.get(field.name))} AS {quoted(field.name)}" for field in fields)


def _column(field: FieldSpec, stored: str | None) -> str:
    wanted = Column.of(field)
    return f"NULL::{wanted.sql}" if stored is None else value_of(field.name, Column.parse(stored), wanted)
