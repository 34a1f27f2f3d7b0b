"""A query as Elasticsearch requests.

Groups are composite aggregations, which can be paged to the last one. Calendar buckets become runs of equal length
(:func:`analyzers.store.calendar.bucket_runs`), one part each, because ``fixed_interval`` with an offset is exact where
``calendar_interval`` with a time zone is not; every event belongs to exactly one part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from analyzers.fields import TIMESTAMP
from analyzers.store.calendar import Run, bucket_runs
from analyzers.store.elastic.answers import Json, JsonObject, a_count
from analyzers.store.elastic.predicates import to_filter
from analyzers.store.instants import from_millis, to_millis_up
from analyzers.store.keys import class_of, field_of, key_is
from analyzers.store.leaves import canonical_address
from analyzers.store.query import BUCKET, Calendar, Key, Query, StatusClass, Window
from analyzers.store.result import Value
from analyzers.store.schema import FieldType, Schema
from analyzers.store.zones import load_zone

_BUCKET_SOURCE: Final = "bucket"
_CLASS: Final = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the query's events that one request groups.

    Attributes:
        filter: Which events.
        sources: The composite's sources; empty for a part that is one group.
        run: The calendar buckets it covers; ``None`` without a calendar.
    """

    filter: JsonObject
    sources: list[Json]
    run: Run | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled query.

    Attributes:
        query: The query.
        schema: The fields of its stream.
        parts: The requests that together answer it.
    """

    query: Query
    schema: Schema
    parts: tuple[Part, ...]

    def dimensions(self, part: Part, key: JsonObject) -> dict[str, Value]:
        """Return the dimensions of a group by their names in a row."""
        found: dict[str, Value] = {}
        for dimension in self.query.by:
            if isinstance(dimension, Calendar):
                start = from_millis(_bucket_start(part, key))
                found[BUCKET] = start.astimezone(load_zone(dimension.zone))
            else:
                found[dimension.name] = self._field_value(dimension, key)
        return found

    def group_filter(self, part: Part, key: JsonObject) -> JsonObject:
        """Return the filter that selects the events of one group."""
        filters: list[Json] = [part.filter]
        filters += [self._key_filter(each, key) for each in self.query.by if not isinstance(each, Calendar)]
        if part.run is not None:
            start = _bucket_start(part, key)
            filters.append(_instants(start, start + part.run.length))
        return {"bool": {"filter": filters}}

    def _field_value(self, dimension: Key, key: JsonObject) -> Value:
        value = key[_source(dimension)]
        if isinstance(dimension, StatusClass):
            return class_of(int(value)) if isinstance(value, int | float) else None
        if isinstance(value, str) and self.schema.field(field_of(dimension)).type is FieldType.IP:
            return canonical_address(value) or value
        return value if isinstance(value, str | int | float | bool) else None

    def _key_filter(self, dimension: Key, key: JsonObject) -> JsonObject:
        return to_filter(key_is(dimension, self._field_value(dimension, key)), self.schema)


def query_filter(query: Query, schema: Schema) -> JsonObject:
    """Return the filter for all events of a query.

    Raises:
        QueryError: When it names an unknown field or compares a field with a value of the wrong type.
    """
    window = _instants(to_millis_up(query.window.start), to_millis_up(query.window.end))
    return _both(window, to_filter(query.where, schema))


def compile_query(query: Query, schema: Schema, reach: Window) -> Plan:
    """Return the requests that answer a query.

    Args:
        query: The query.
        schema: The fields of its stream.
        reach: A window that holds all events of the query; it bounds the number of calendar buckets.

    Raises:
        QueryError: When it names an unknown field or zone or compares a field with a value of the wrong type.
    """
    wanted = query_filter(query, schema)
    fields = [_source_of(dimension, schema) for dimension in query.by if not isinstance(dimension, Calendar)]
    parts = [
        Part(_both(_instants(run.start, run.end), wanted) if run else wanted, [*_buckets(run), *fields], run)
        for run in _runs(query, reach)
    ]
    return Plan(query, schema, tuple(parts))


def _runs(query: Query, reach: Window) -> Iterator[Run | None]:
    calendar = next((each for each in query.by if isinstance(each, Calendar)), None)
    if calendar is None:
        yield None
    else:
        yield from bucket_runs(calendar, reach)


def _both(first: JsonObject, second: JsonObject) -> JsonObject:
    return {"bool": {"filter": [first, second]}}


def _instants(start: int, end: int) -> JsonObject:
    return {"range": {TIMESTAMP: {"gte": start, "lt": end, "format": "epoch_millis"}}}


def _source_of(dimension: Key, schema: Schema) -> Json:
    """Return the composite's source of a key; networks are folded from their addresses (``folding.py``)."""
    values: Mapping[str, Json] = {"field": schema.field(field_of(dimension)).name, "missing_bucket": True}
    if isinstance(dimension, StatusClass):
        return {_source(dimension): {"histogram": {**values, "interval": _CLASS}}}
    return {_source(dimension): {"terms": values}}


def _buckets(run: Run | None) -> list[Json]:
    """Return the source for the buckets of a run; a run of one bucket is told apart by its filter alone."""
    if run is None or run.count == 1:
        return []
    histogram: Mapping[str, Json] = {
        "field": TIMESTAMP,
        "fixed_interval": f"{run.length}ms",
        "offset": f"{run.start % run.length}ms",
    }
    return [{_BUCKET_SOURCE: {"date_histogram": histogram}}]


def _bucket_start(part: Part, key: JsonObject) -> int:
    if _BUCKET_SOURCE in key:
        return a_count(key[_BUCKET_SOURCE], _BUCKET_SOURCE)
    return part.run.start if part.run else 0


def _source(dimension: Key) -> str:
    return f"by {dimension.name}"
