"""Tables of events as segments hold them: sorted by time, each column once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analyzers.fields import CLIENT_ADDRESS, CLIENT_IP, EVENT_ID, SAMPLE_WEIGHT, TIMESTAMP
from analyzers.store.embedded.columns import ID, Column
from analyzers.store.schema import FieldType

_TWINS: Final = ((EVENT_ID, ID), (CLIENT_ADDRESS, CLIENT_IP))
"""Fields that nearly always have the values of another column."""

_WEIGHT: Final = Column(FieldType.LONG)
"""Most events have no weight, and queries do without it where a segment has no column for it."""

_TEXT: Final = "BYTE_ARRAY"
"""Parquet's name for values of any length."""


def stored_form(table: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, Mapping[str, str]]:
    """Leave out the columns that equal another one in every row, and that of the weights where there is none.

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
    if SAMPLE_WEIGHT in columns and table.column(SAMPLE_WEIGHT).null_count == table.num_rows:
        table = table.drop_columns([SAMPLE_WEIGHT])
        columns = {name: text for name, text in columns.items() if name != SAMPLE_WEIGHT}
    return table.drop_columns(list(left_out)), {**columns, **left_out}


def full_columns(columns: Mapping[str, str]) -> Mapping[str, str]:
    """Return the columns as they were before some were left out."""
    texts = {SAMPLE_WEIGHT: str(_WEIGHT)} | dict(columns)
    held = ((name, Column.parse(texts[name])) for name in sorted(texts))
    return {name: str(Column(column.type, column.many)) for name, column in held}


def full_form(table: pa.Table, columns: Mapping[str, str]) -> tuple[pa.Table, Mapping[str, str]]:
    """Put back what :func:`stored_form` left out."""
    for name, column in ((name, Column.parse(text)) for name, text in columns.items()):
        if column.twin is not None:
            table = table.append_column(name, table.column(column.twin))
    if SAMPLE_WEIGHT not in columns:
        table = table.append_column(SAMPLE_WEIGHT, pa.nulls(table.num_rows, pa.int64()))
    held = full_columns(columns)
    own = [name for name in table.column_names if name not in held]
    return table.select([*own, *held]), held


def in_order(table: pa.Table) -> pa.Table:
    """Return a table in the order of ``@timestamp``, events of one instant in the order they have."""
    instants = table.column(TIMESTAMP)
    return table.take(pc.sort_indices(instants))


def read_tables(paths: Sequence[Path]) -> list[pa.Table]:
    """Read Parquet files to be joined; texts that all of them hold as a dictionary stay one, which saves most memory.

    Raises:
        OSError: When a file cannot be read.
    """
    alike = set.intersection(*(_dictionaries(pq.read_metadata(path)) for path in paths))
    return [pq.read_table(path, read_dictionary=sorted(alike)) for path in paths]


def joined(tables: Sequence[tuple[pa.Table, Mapping[str, str]]]) -> tuple[pa.Table, Mapping[str, str]]:
    """Join tables as :func:`stored_form` returns them, whose full forms have the same columns, in order of time."""
    full = [full_form(table, columns) for table, columns in tables]
    table = pa.concat_tables([table for table, _ in full]).unify_dictionaries()
    return stored_form(in_order(table), full[0][1])


def _dictionaries(metadata: pq.FileMetaData) -> set[str]:
    """Return the texts of a file that are held as a dictionary, but not those that are compared with each other."""
    group = metadata.row_group(0)
    chunks = (group.column(place) for place in range(group.num_columns))
    texts = {chunk.path_in_schema for chunk in chunks if chunk.has_dictionary_page and chunk.physical_type == _TEXT}
    return texts & set(metadata.schema.to_arrow_schema().names) - {name for twins in _TWINS for name in twins}
