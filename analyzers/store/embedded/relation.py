"""The events of some segments as one SQL relation with the columns of today's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from analyzers.store.embedded.columns import quoted, sql_type
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


def beside(
    root: Path,
    alike: Sequence[Segment],
    fields: Sequence[FieldSpec],
    raw: Mapping[str, str],
    parameters: Parameters,
) -> str:
    """Return a subquery over segments of one layout with today's fields and, beside them, columns as they are.

    Args:
        root: The store's directory.
        alike: Segments whose columns have the same names and types; at least one.
        fields: Today's fields, as :func:`relation` gives them.
        raw: The columns to add, by the names they get there.
        parameters: Those of the statement.
    """
    files = parameters.add([str(root / segment.path) for segment in alike])
    columns = [f"{quoted(column)} AS {quoted(name)}" for name, column in raw.items()]
    columns.append(_selected(fields, alike[0].columns))
    return f"(SELECT {', '.join(columns)} FROM read_parquet({files}))"  # noqa: S608 - as above


def _empty(fields: Sequence[FieldSpec]) -> str:
    return f"SELECT {_selected(fields, {})} WHERE false"


def _selected(fields: Sequence[FieldSpec], columns: Mapping[str, str]) -> str:
    return ", ".join(f"{_column(field, columns.get(field.name))} AS {quoted(field.name)}" for field in fields)


def _column(field: FieldSpec, stored: str | None) -> str:
    wanted = sql_type(field)
    if stored is None:
        return f"NULL::{wanted}"
    return quoted(field.name) if stored == wanted else f"TRY_CAST({quoted(field.name)} AS {wanted})"
