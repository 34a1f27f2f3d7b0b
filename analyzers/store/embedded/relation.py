"""The events of some segments within a window as one SQL relation with the columns of today's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from analyzers.fields import SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.embedded.columns import Column, quoted
from analyzers.store.embedded.conversions import value_of
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters
from analyzers.store.instants import to_millis_up
from analyzers.store.query import Window
from analyzers.store.schema import FieldSpec, Schema

_RAW: Final = "raw "


def relation(
    root: Path,
    segments: Sequence[Segment],
    fields: Sequence[FieldSpec],
    parameters: Parameters,
    window: Window | None = None,
) -> str:
    """Return a subquery with a column for each field, whatever columns the segments were written with.

    A field that a segment has no column for is null there. Where its type was another one, values are converted;
    those that cannot be are null (the source keeps them). With a window only its events are in it: segments that lie
    wholly inside are read without a look at each event's instant, which would cost as much as a simple query.
    """
    groups: dict[tuple[bool, tuple[tuple[str, str], ...]], list[Segment]] = {}
    for segment in segments:
        inside = window is None or _holds(window, segment)
        groups.setdefault((inside, tuple(segment.columns.items())), []).append(segment)
    parts = [_empty(fields)]
    for (inside, layout), alike in groups.items():
        files = parameters.add([str(root / segment.path) for segment in alike])
        source = f"FROM read_parquet({files}, hive_partitioning = false)"
        instants = "" if inside or window is None else f" WHERE {_within(window, parameters)}"
        parts.append(f"SELECT {_selected(fields, dict(layout))} {source}{instants}")
    # No text of these statements is a person's: names come quoted from the schema, everything else is a parameter.
    return "(" + " UNION ALL ".join(parts[1:] or parts) + ")"


def fields_in(schema: Schema, *texts: str) -> list[FieldSpec]:
    """Return the fields that parts of a statement name, and those that :func:`relation` and weights need.

    A statement with a column for each of a schema's fields takes milliseconds to plan. SQL has fields by their quoted
    names only, so that none is missed.
    """
    named = " ".join(texts)
    return [field for name, field in schema.fields.items() if name in _NEEDED or quoted(name) in named]


_NEEDED: Final = frozenset({TIMESTAMP, SAMPLE_WEIGHT})


def beside(root: Path, alike: Sequence[Segment], fields: Sequence[FieldSpec], parameters: Parameters) -> str:
    """Return a subquery over segments of one layout with today's fields and, beside them, all columns as they are.

    Args:
        root: The store's directory.
        alike: Segments whose columns have the same names and types; at least one.
        fields: Today's fields, as :func:`relation` gives them.
        parameters: Those of the statement.
    """
    files = parameters.add([str(root / segment.path) for segment in alike])
    columns = f"COLUMNS('(.*)') AS '{_RAW}\\1', {_selected(fields, alike[0].columns)}"
    return f"(SELECT {columns} FROM read_parquet({files}, hive_partitioning = false))"  # noqa: S608 - as above


RAW_COLUMNS: Final = f"COLUMNS('{_RAW}(.*)') AS '\\1'"
"""Selects from :func:`beside` the columns as they are, under their own names."""


def _holds(window: Window, segment: Segment) -> bool:
    return to_millis_up(window.start) <= segment.first and segment.last < to_millis_up(window.end)


def _within(window: Window, parameters: Parameters) -> str:
    start, end = parameters.add(to_millis_up(window.start)), parameters.add(to_millis_up(window.end))
    return f"{quoted(TIMESTAMP)} >= {start} AND {quoted(TIMESTAMP)} < {end}"


def _empty(fields: Sequence[FieldSpec]) -> str:
    return f"SELECT {_selected(fields, {})} WHERE false"


def _selected(fields: Sequence[FieldSpec], columns: Mapping[str, str]) -> str:
    return ", ".join(f"{_column(field, columns.get(field.name))} AS {quoted(field.name)}" for field in fields)


def _column(field: FieldSpec, stored: str | None) -> str:
    wanted = Column.of(field)
    return f"NULL::{wanted.sql}" if stored is None else value_of(field.name, Column.parse(stored), wanted)
