"""Measure a quantity of stored events: of all of them, or of each group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from analyzers.numbers import exact
from analyzers.sampling import STORED
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    And,
    Count,
    Equals,
    Exists,
    Field,
    NamedMeasure,
    Not,
    Predicate,
    Query,
    QueryError,
    Window,
)
from analyzers.store.result import Row, Value
from analyzers.store.schema import load_schema
from analyzers.store.selection import Selection
from analyzers.store.validation import Fields, read_fields
from analyzers.thresholds.quantity import PERCENT, Quantity, Statistic

NONE: Final = "(none)"
"""What a label says of events that lack the field."""

MOST_LASTS: Final = 200
"""Groups whose latest value is looked up, one by one."""

_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose events are measured.

    Attributes:
        stream: The data stream; its environment may be ``*``.
        where: Which of its events.
        by: The fields that make groups; none for all events together.
    """

    stream: str
    where: Predicate = EVERYTHING
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of one group.

    Attributes:
        labels: The group: the values of its fields as text; empty for all events together.
        value: In the unit of the quantity; ``None`` where nothing could be measured.
        events: How many events it rests on.
        part: How many of them are in a share; ``None`` for other statistics.
        stored: How many documents the group has; fewer than its events when they were sampled.
        keys: The predicate that holds for the group's events.
    """

    labels: Mapping[str, str]
    value: Fraction | None
    events: int
    part: int | None = None
    stored: int = 0
    keys: Predicate = EVERYTHING


def readings(store: Store, subject: Subject, quantity: Quantity, window: Window) -> tuple[Reading, ...]:
    """Return a reading for each group that has events with the quantity's field; without grouping exactly one.

    Raises:
        QueryError: When the store cannot be asked so, or there are too many groups to look up their latest values.
        StoreError: When the store cannot answer.
    """
    measures = (NamedMeasure("events", Count()), NamedMeasure("part", quantity.part), STORED)
    by, where = tuple(map(Field, subject.by)), And((subject.where, quantity.needs))
    rows = store.query(Query(subject.stream, window, measures, by, where)).rows
    if quantity.statistic is Statistic.LAST and len(rows) > MOST_LASTS:
        raise QueryError(
            f"{quantity.words} is looked up for each of {len(rows)} groups; it can be for {MOST_LASTS}",
            "narrow it with 'where', or use max or avg instead of last",
        )
    reader = _Reader(store, subject, quantity, window)
    return tuple(map(reader.reading, rows))


def is_alive(store: Store, stream: str, window: Window) -> bool:
    """Tell whether a stream has any event in a window: only then is a count of zero a measurement."""
    row = store.query(Query(stream, window, (NamedMeasure("events", Count()),))).rows[0]
    return bool(row["events"])


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes readings of a query's rows."""

    store: Store
    subject: Subject
    quantity: Quantity
    window: Window

    def reading(self, row: Row) -> Reading:
        keys = And(tuple(_key(name, row[name]) for name in self.subject.by))
        events, stored = _whole(row["events"]), _whole(row[STORED.name])
        part = _whole(row["part"]) if self.quantity.statistic is Statistic.SHARE else None
        value = self._value(row, events, keys) if events or self.quantity.statistic.of_events else None
        labels = {name: shown(row[name]) for name in self.subject.by}
        return Reading(labels, value, events, part, stored, keys)

    def _value(self, row: Row, events: int, keys: Predicate) -> Fraction | None:
        match self.quantity.statistic:
            case Statistic.COUNT:
                return Fraction(events)
            case Statistic.RATE:
                return Fraction(events) / Fraction(self.window.length // _MICROSECOND, 60_000_000)
            case Statistic.SHARE:
                return PERCENT * Fraction(_whole(row["part"]), events)
            case Statistic.LAST:
                return self._last(keys)
            case _:
                return _scaled(row["part"], self.quantity)

    def _last(self, keys: Predicate) -> Fraction | None:
        """Return the value of the latest event that has the field: one document is read."""
        name = self.quantity.field or ""
        where = And((self.subject.where, self.quantity.needs, keys))
        wanted = Selection(self.subject.stream, self.window, where, newest_first=True, limit=1)
        found = next(iter(self.store.documents(wanted)), None)
        return None if found is None else _scaled(_fields(found)[name][0], self.quantity)


def _fields(document: Document) -> Fields:
    return read_fields(document, load_schema(document.stream))


def _scaled(value: Value, quantity: Quantity) -> Fraction | None:
    if value is None:
        return None
    if not isinstance(value, int | float):
        raise TypeError(f"{quantity.words} is {value!r}, not a number")
    return quantity.scale * exact(value)


def _key(name: str, value: Value) -> Predicate:
    if value is None:
        return Not(Exists(name))
    if not isinstance(value, str | int | float | bool):
        raise TypeError(f"{name} is {value!r}, and was grouped by")
    return Equals(name, value)


def shown(value: Value) -> str:
    """Return the value of a group's field as a label says it."""
    if isinstance(value, bool):
        return str(value).lower()
    return NONE if value is None else str(value)


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is not a count")
    return value
