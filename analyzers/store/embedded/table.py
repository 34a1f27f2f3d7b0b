"""Tables of events as segments hold them: sorted by time, each column once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from analyzers.fields import CLIENT_ADDRESS, CLIENT_IP, EVENT_ID, TIMESTAMP
from analyzers.store.embedded.columns import ID, Column

_TWINS: Final = ((EVENT_ID, ID), (CLIENT_ADDRESS, CLIENT_IP))
"""Fields that nearly always have the values of another column."""


def stored_form(table: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, Mapping[str, str]]:
    """Leave out the columns that equal another one in every row.

    Args:
        table: ``_id``, ``_source`` and a column for each field.
        columns: How each field is held, as a commit records it.

    Returns:
        The table and the columns, which tell what was left out.
    """
    left_out = {
        name: str(Column(Column.parse(columns[name]).type, twin=twin))
        for name, twin in _TWINS
        if name in columns and (twin == ID or twin in columns) and table.column(name).equals(table.column(twin))
    }
    return table.drop_columns(list(left_out)), {**columns, **left_out}


def full_columns(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the columns as they were before some were left out."""
    held = ((name, Column.parse(text)) for name, text in columns.items())
    return {name: str(Column(column.type, column.many)) for name, column in held}


def full_form(table: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, Mapping[str, str]]:
    """Put back what :func:`stored_form` left out."""
    held = {name: Column.parse(text) for name, text in columns.items()}
    for name, column in held.items():
        if column.twin is not None:
            table = table.append_column(name, table.column(column.twin))
    own = [name for name in table.column_names if name not in held]
    return table.select([*own, *held]), full_columns(columns)


def in_order(table: pa.Table) -> pa.Table:
    """Return a table in the order of ``@timestamp``, events of one instant in the order they have."""
    instants = table.column(TIMESTAMP)
    return table.take(pc.sort_indices(instants))


def joined(tables: Sequence[tuple[pa.Table, Mapping[str, str]]]) -> tuple[pa.Table, Mapping[str, str]]:
    """Join tables as :func:`stored_form` returns them, whose full forms have the same columns, in order of time."""
    full = [full_form(table, columns) for table, columns in tables]
    return stored_form(in_order(pa.concat_tables([table for table, _ in full])), full[0][1])
