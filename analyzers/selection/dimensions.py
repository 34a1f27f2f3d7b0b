"""How an analysis groups, from ``--by``, ``--every`` and ``--tz``."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from analyzers.selection.errors import SelectionError
from analyzers.store.query import Calendar, CalendarUnit, Dimension, Field
from analyzers.store.schema import FieldType, Schema


def parse_dimensions(by: Sequence[str], every: str | None, zone: ZoneInfo, schema: Schema) -> tuple[Dimension, ...]:
    """Return the calendar bucket, if any, and then the fields in the order asked for.

    The bucket comes first so that rows are in order of time.

    Args:
        by: Field names, stored or documented.
        every: ``hour``, ``day``, ``week`` or ``month``.
        zone: The zone whose calendar the buckets follow.
        schema: The fields of the stream.

    Raises:
        QueryError: When the stream has no such field.
        SelectionError: When a field is named twice or cannot be grouped by, or the bucket is unknown.
    """
    fields: list[Dimension] = []
    for name in by:
        field = Field(_groupable(name, schema))
        if field in fields:
            raise SelectionError(f"--by names {field.name} twice", "name each field once")
        fields.append(field)
    return (*_calendar(every, zone), *fields)


def _groupable(name: str, schema: Schema) -> str:
    spec = schema.field(name)
    if spec.type in {FieldType.TEXT, FieldType.DATE}:
        remedy = "group by time with --every" if spec.type is FieldType.DATE else "group by a keyword field"
        raise SelectionError(f"{spec.name} is a {spec.type} field and cannot be grouped by", remedy)
    return spec.name


def _calendar(every: str | None, zone: ZoneInfo) -> tuple[Dimension, ...]:
    if every is None:
        return ()
    units = [unit.value for unit in CalendarUnit]
    if every not in units:
        raise SelectionError(f"--every {every!r} is not a calendar bucket", f"give one of {', '.join(units)}")
    return (Calendar(CalendarUnit(every), zone.key),)
