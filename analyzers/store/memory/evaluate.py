"""What a query's answer is: plain Python over all events, slow and plain enough to be seen to be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from analyzers.store.checks import matches_stream
from analyzers.store.keys import field_of, key_value
from analyzers.store.memory.calendar import bucket
from analyzers.store.memory.event import Event
from analyzers.store.memory.measures import measured
from analyzers.store.memory.predicates import holds
from analyzers.store.ordering import ordered
from analyzers.store.query import Calendar, Dimension, Key, Predicate, Query, Top, Window
from analyzers.store.result import Result, Row, Value

KeyValues: TypeAlias = tuple[Value, ...]


def evaluate(query: Query, events: Iterable[Event]) -> Result:
    """Answer a query over events of which no two are the same."""
    chosen = [event for event in events if is_chosen(event, query.stream, query.window, query.where)]
    if query.top is None:
        return Result(query, _rows(query, chosen))
    return _with_top(query, query.top, chosen)


def is_chosen(event: Event, stream: str, window: Window, where: Predicate) -> bool:
    """Tell whether an event is of a stream and a window and a predicate holds for it."""
    inside = window.start <= event.instant < window.end
    return inside and matches_stream(stream, event.document.stream) and holds(where, event)


def _with_top(query: Query, top: Top, chosen: Sequence[Event]) -> Result:
    fields = tuple(dimension for dimension in query.by if not isinstance(dimension, Calendar))
    calendars = tuple(dimension for dimension in query.by if isinstance(dimension, Calendar))
    ranked = _ranked(query, top, fields, chosen)
    first, others = ranked[: top.limit], ranked[top.limit :]
    inside = [event for event in chosen if _key(fields, event) in first]
    outside = [event for event in chosen if _key(fields, event) in others]
    rest = _rows(replace(query, by=calendars), outside) if outside else ()
    return Result(query, _rows(query, inside), rest, len(others))


def _ranked(query: Query, top: Top, fields: tuple[Key, ...], chosen: Sequence[Event]) -> list[KeyValues]:
    """Return the keys of all groups, the one that ranks first first; the order of rows decides between equals."""
    rows = _rows(replace(query, by=fields), chosen)
    valued = sorted(rows, key=lambda row: _number(row[top.by]), reverse=not top.ascending)
    present = [row for row in valued if row[top.by] is not None]
    absent = [row for row in valued if row[top.by] is None]
    return [tuple(row[field.name] for field in fields) for row in (*present, *absent)]


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0


def _rows(query: Query, events: Sequence[Event]) -> tuple[Row, ...]:
    """Return a row for each group that has an event, in order; without dimensions the one row over everything."""
    groups: dict[KeyValues, list[Event]] = {} if query.by else {(): []}
    for event in events:
        groups.setdefault(_key(query.by, event), []).append(event)
    return ordered(query, (_row(query, key, members) for key, members in groups.items()))


def _row(query: Query, key: KeyValues, members: Sequence[Event]) -> Row:
    row = {dimension.name: _shown(dimension, part) for dimension, part in zip(query.by, key, strict=True)}
    return row | {named.name: measured(named.measure, members) for named in query.measures}


def _shown(dimension: Dimension, part: Value) -> Value:
    """Return a bucket in its zone; keys are in UTC, because the two runs of a repeated hour compare equal there."""
    if isinstance(dimension, Calendar) and isinstance(part, datetime):
        return part.astimezone(ZoneInfo(dimension.zone))
    return part


def _key(dimensions: Sequence[Dimension], event: Event) -> KeyValues:
    return tuple(_part(dimension, event) for dimension in dimensions)


def _part(dimension: Dimension, event: Event) -> Value:
    if isinstance(dimension, Calendar):
        return bucket(dimension, event.instant)
    found = event.values(field_of(dimension))
    return key_value(dimension, found[0]) if found else None
