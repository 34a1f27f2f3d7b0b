"""How an analysis groups, from ``--by``, ``--every`` and ``--tz``."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from analyzers.selection.errors import SelectionError
from analyzers.selection.names import parse_key
from analyzers.store.keys import field_of
from analyzers.store.query import Calendar, CalendarUnit, Dimension, Key, Top
from analyzers.store.schema import FieldType, Schema


def parse_dimensions(by: Sequence[str], every: str | None, zone: ZoneInfo, schema: Schema) -> tuple[Dimension, ...]:
    """Return the calendar bucket, if any, and then the fields in the order asked for.

    The bucket comes first so that rows are in order of time.

    Args:
        by: Names of dimensions (:data:`~analyzers.selection.names.NAMES`) or of fields, stored or documented.
        every: A calendar unit: ``day``.
        zone: The zone whose calendar the buckets follow.
        schema: The fields of the stream.

    Raises:
        QueryError: When the stream has no such field or dimension.
        SelectionError: When a field is named twice or cannot be grouped by, or the bucket is unknown.
    """
    fields: list[Dimension] = []
    for name in by:
        key = _groupable(parse_key(name, schema), schema)
        if key in fields:
            raise SelectionError(f"--by names {key.name} twice", "name each once")
        fields.append(key)
    return (*_calendar(every, zone), *fields)


def parse_top(limit: int | None, rank: str | None, by: Sequence[Dimension], ranks: Sequence[str]) -> Top | None:
    """Return which groups have rows of their own, from ``--top`` and ``--rank``; ``None`` for all.

    Args:
        limit: How many.
        rank: The measure that ranks; the first of ``ranks`` when absent.
        by: How events are grouped.
        ranks: The measures that can rank.

    Raises:
        SelectionError: When there is nothing to rank, or by no such measure.
    """
    if limit is None:
        if rank is not None:
            raise SelectionError("--rank says by what, but not how many", "give --top, such as --top 10")
        return None
    if all(isinstance(dimension, Calendar) for dimension in by):
        raise SelectionError("--top has no groups to rank", "say what to group by, such as --by endpoint")
    if rank is not None and rank not in ranks:
        near = difflib.get_close_matches(rank, ranks, n=1)
        hint = f"did you mean {near[0]}?" if near else f"rank by {' or '.join(ranks)}"
        raise SelectionError(f"--rank {rank!r} is no measure of this analysis", hint)
    return Top(limit, rank or ranks[0])


def _groupable(key: Key, schema: Schema) -> Key:
    spec = schema.field(field_of(key))
    if spec.type in {FieldType.TEXT, FieldType.DATE}:
        remedy = "group by time with --every" if spec.type is FieldType.DATE else "group by a keyword field"
        raise SelectionError(f"{spec.name} is a {spec.type} field and cannot be grouped by", remedy)
    return key


def _calendar(every: str | None, zone: ZoneInfo) -> tuple[Dimension, ...]:
    if every is None:
        return ()
    units = [unit.value for unit in CalendarUnit]
    if every not in units:
        raise SelectionError(f"--every {every!r} is not a calendar bucket", f"give one of {', '.join(units)}")
    return (Calendar(CalendarUnit(every), zone.key),)
