"""A store in memory that evaluates queries naively: slow, obvious, and independent of every real backend."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self, TypeAlias
from zoneinfo import ZoneInfo

from analyzers.store.document import Document, JsonValue, WriteResult
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
    Field,
    In,
    Max,
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
    Window,
)
from analyzers.store.result import Result, Row, Value

Key: TypeAlias = tuple[Value, ...]


class MemoryStore:
    """Documents in a dictionary; the first of two with one id stays."""

    url = "memory"

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._documents: dict[tuple[str, str], Document] = {}
        self.append(tuple(documents))

    def append(self, documents: Sequence[Document]) -> WriteResult:
        """Keep the documents whose ids are new."""
        before = len(self._documents)
        for document in documents:
            self._documents.setdefault((document.stream, document.id), document)
        stored = len(self._documents) - before
        return WriteResult(stored, len(documents) - stored)

    def query(self, query: Query) -> Result:
        """Group the documents of the window and measure each group."""
        groups: dict[Key, list[Document]] = defaultdict(list)
        if not query.by:
            groups[()] = []
        for document in self._documents.values():
            if _selected(query, document):
                groups[tuple(_key(dimension, document) for dimension in query.by)].append(document)
        return Result(query, tuple(_row(query, key, groups[key]) for key in sorted(groups, key=_order)))

    def extent(self, stream: str) -> Window | None:
        """Return the span of the stream's documents."""
        times = [instant(each) for each in self._documents.values() if fnmatchcase(each.stream, stream)]
        if not times:
            return None
        return Window(min(times), max(times).replace(microsecond=0) + timedelta(seconds=1))

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def instant(document: Document) -> datetime:
    """Return when the event happened."""
    return datetime.fromisoformat(str(document.body["@timestamp"])).astimezone(UTC)


def value_of(document: Document, field: str) -> JsonValue:
    """Return the value at a dotted path, ``None`` when there is none."""
    node: JsonValue = dict(document.body)
    for name in field.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def holds(predicate: Predicate, document: Document) -> bool:  # noqa: PLR0911  # one answer for each kind
    """Evaluate a predicate by its definition."""
    match predicate:
        case And(parts):
            return all(holds(part, document) for part in parts)
        case Or(parts):
            return any(holds(part, document) for part in parts)
        case Not(inner):
            return not holds(inner, document)
        case Exists(field):
            return value_of(document, field) is not None
        case Equals(field, expected):
            return value_of(document, field) == expected
        case In(field, values):
            return value_of(document, field) in values
        case Prefix(field, prefix):
            text = value_of(document, field)
            return isinstance(text, str) and text.startswith(prefix)
        case Range():
            return _within(predicate, value_of(document, predicate.field))


def _selected(query: Query, document: Document) -> bool:
    inside = query.window.start <= instant(document) < query.window.end
    return inside and fnmatchcase(document.stream, query.stream) and holds(query.where, document)


def _within(bounds: Range, value: JsonValue) -> bool:
    if not isinstance(value, int | float):
        return False
    return (
        (bounds.gte is None or value >= bounds.gte)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.lte is None or value <= bounds.lte)
        and (bounds.lt is None or value < bounds.lt)
    )


def _key(dimension: Dimension, document: Document) -> Value:
    if isinstance(dimension, Field):
        value = value_of(document, dimension.name)
        return value if isinstance(value, str | int | float) else None
    return _bucket(dimension, instant(document))


def _bucket(calendar: Calendar, moment: datetime) -> datetime:
    zone = ZoneInfo(calendar.zone)
    local = moment.astimezone(zone)
    if calendar.unit is CalendarUnit.HOUR:
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (moment - past).astimezone(zone)
    day = local.date()
    if calendar.unit is CalendarUnit.WEEK:
        day -= timedelta(days=day.weekday())
    if calendar.unit is CalendarUnit.MONTH:
        day = day.replace(day=1)
    return datetime.combine(day, time(), tzinfo=zone)


def _order(key: Key) -> tuple[tuple[bool, str, float, str], ...]:
    return tuple(_sortable(value) for value in key)


def _sortable(value: Value) -> tuple[bool, str, float, str]:
    if isinstance(value, datetime):
        return (False, "", value.timestamp(), "")
    if isinstance(value, int | float):
        return (False, "", value, "")
    return (value is None, "", 0, str(value))


def _row(query: Query, key: Key, documents: Sequence[Document]) -> Row:
    names = [dimension.name for dimension in query.by]
    measures = {each.name: _measure(each.measure, documents) for each in query.measures}
    return {**dict(zip(names, key, strict=True)), **measures}


def _measure(  # noqa: PLR0911  # one answer for each kind
    measure: Measure,
    documents: Sequence[Document],
) -> int | float | None:
    match measure:
        case Count():
            return len(documents)
        case CountIf(predicate):
            return sum(holds(predicate, document) for document in documents)
    values = sorted(
        value for document in documents if isinstance(value := value_of(document, measure.field), int | float)
    )
    if not values:
        return None
    match measure:
        case Sum():
            return math.fsum(values)
        case Avg():
            return math.fsum(values) / len(values)
        case Min():
            return values[0]
        case Max():
            return values[-1]
        case Percentile(_, percent):
            return values[math.ceil(percent / 100 * len(values)) - 1]
