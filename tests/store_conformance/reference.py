"""What a query's answer is: plain Python over all documents, slow and plain enough to be seen to be right."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from analyzers.store.document import Document, JsonValue
from analyzers.store.query import (
    And,
    Avg,
    Calendar,
    CalendarUnit,
    Count,
    CountIf,
    Dimension,
    Equals,
    Exists,
    In,
    Measure,
    Min,
    Not,
    Or,
    Percentile,
    Predicate,
    Prefix,
    Query,
    Range,
    Sum,
)
from analyzers.store.result import Row, Value

_MINUTE = timedelta(minutes=1)
Scalar = str | int | float | bool


def evaluate(query: Query, documents: Iterable[Document]) -> list[Row]:
    """Return the rows of a query over documents with distinct ids, in no order."""
    chosen = [document for document in documents if _chosen(query, document)]
    groups: dict[tuple[Value, ...], list[Document]] = {} if query.by else {(): []}
    for document in chosen:
        groups.setdefault(tuple(_key(dimension, document) for dimension in query.by), []).append(document)
    return [_row(query, key, members) for key, members in groups.items()]


def _row(query: Query, key: tuple[Value, ...], members: Sequence[Document]) -> Row:
    row: dict[str, Value] = dict(zip((dimension.name for dimension in query.by), key, strict=True))
    return row | {named.name: _measured(named.measure, members) for named in query.measures}


def _chosen(query: Query, document: Document) -> bool:
    at = instant(document)
    return (
        document.stream == query.stream and query.window.start <= at < query.window.end and holds(query.where, document)
    )


def instant(document: Document) -> datetime:
    """Return ``@timestamp``, cut to the millisecond."""
    text = document.body["@timestamp"]
    assert isinstance(text, str)
    at = datetime.fromisoformat(text)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def values(document: Document, name: str) -> list[Scalar]:
    """Return the values of a field: none, one, or those of a list."""
    node: JsonValue = dict(document.body)
    for part in name.split("."):
        node = node.get(part) if isinstance(node, dict) else None
    items = node if isinstance(node, list) else [node]
    return [item for item in items if isinstance(item, Scalar)]


def holds(predicate: Predicate, document: Document) -> bool:
    """Tell whether a predicate holds for a document."""
    match predicate:
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case Not(part):
            return not holds(part, document)
        case _:
            return _holds(predicate, values(document, predicate.field))


def _holds(predicate: Equals | In | Range | Prefix | Exists, found: list[Scalar]) -> bool:
    match predicate:
        case Equals(_, value):
            return value in found
        case In(_, wanted):
            return any(value in wanted for value in found)
        case Range():
            return any(_within(predicate, value) for value in found)
        case Prefix(_, prefix):
            return any(str(value).startswith(prefix) for value in found)
        case Exists():
            return found != []


def _within(bounds: Range, value: Scalar) -> bool:
    assert not isinstance(value, str)
    return (
        (bounds.gte is None or value >= bounds.gte)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.lte is None or value <= bounds.lte)
        and (bounds.lt is None or value < bounds.lt)
    )


def _measured(measure: Measure, members: Sequence[Document]) -> Value:
    match measure:
        case Count():
            return len(members)
        case CountIf(predicate):
            return sum(holds(predicate, member) for member in members)
        case _:
            found = [value for member in members for value in values(member, measure.field)]
            numbers = sorted(value for value in found if isinstance(value, int | float))
            return _summary(measure, numbers) if numbers else None


def _summary(measure: Measure, numbers: list[float]) -> Value:
    match measure:
        case Sum():
            return _total(numbers)
        case Avg():
            return _total(numbers) / len(numbers)
        case Min():
            return numbers[0]
        case Percentile(_, percent):
            return numbers[math.ceil(Fraction(str(percent)) / 100 * len(numbers)) - 1]
        case _:
            return numbers[-1]


def _total(numbers: list[float]) -> float:
    return sum(numbers) if all(isinstance(number, int) for number in numbers) else math.fsum(numbers)


def _key(dimension: Dimension, document: Document) -> Value:
    if isinstance(dimension, Calendar):
        return bucket(dimension, instant(document))
    found = values(document, dimension.name)
    return found[0] if found else None


def bucket(calendar: Calendar, at: datetime) -> datetime:
    """Return the start of a bucket, in UTC, by walking from minute to minute and looking at the local clock."""
    zone = ZoneInfo(calendar.zone)
    if calendar.unit is CalendarUnit.MINUTE:
        return at.replace(second=0, microsecond=0)
    if calendar.unit is CalendarUnit.HOUR:
        minute = at.replace(second=0, microsecond=0)
        while minute.astimezone(zone).minute:
            minute -= _MINUTE
        return minute
    day = at.astimezone(zone).date()
    if calendar.unit is CalendarUnit.WEEK:
        day -= timedelta(days=day.weekday())
    if calendar.unit is CalendarUnit.MONTH:
        day = day.replace(day=1)
    return _day_start(day, zone)


@cache
def _day_start(day: date, zone: ZoneInfo) -> datetime:
    minute = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    while minute.astimezone(zone).date() < day:
        minute += _MINUTE
    return minute
