"""Read the groups of a query out of a point in time: key, measures, and the requests that single measures need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import copysign
from typing import Final, TypeAlias

from analyzers.store.answering import Ask
from analyzers.store.elastic.answers import Json, JsonObject, a_count, an_object
from analyzers.store.elastic.compiler import Part, compile_query
from analyzers.store.elastic.measures import Measures
from analyzers.store.elastic.percentiles import Rank
from analyzers.store.elastic.ranks import value_at
from analyzers.store.elastic.search import Reach, Snapshot, aggregations_of, total_of
from analyzers.store.instants import from_millis
from analyzers.store.query import And, Equals, Field, Query, Window
from analyzers.store.result import Row, Value
from analyzers.store.schema import FieldType, Schema

_FLOATING: Final = frozenset({FieldType.FLOAT, FieldType.DOUBLE})
_SECOND: Final = 1_000
_PAIRS_A_PAGE: Final = 10_000
_VALUE: Final = "value"

_GroupKey: TypeAlias = tuple[tuple[str, Json], ...]


def rows(query: Query, schema: Schema, events: Snapshot, reach: Reach | None) -> Iterator[Row]:
    """Yield the rows of a checked query without ``top``, in no order.

    Args:
        query: The query.
        schema: The fields of its stream.
        events: What it is asked of.
        reach: A reach that holds all events of the query; ``None`` when it has none.

    Raises:
        StoreError: When the cluster cannot answer.
    """
    found: Iterable[Row] = _rows(query, schema, events, reach)
    for dimension in query.by:
        if isinstance(dimension, Field) and schema.field(dimension.name).type in _FLOATING:
            found = list(found)
            if any(_is_negative_zero(row[dimension.name]) for row in found):
                at_zero = _at_zero(query, dimension, lambda asked: rows(asked, schema, events, reach))
                found = [*(row for row in found if row[dimension.name] != 0), *at_zero]
    yield from found


def _rows(query: Query, schema: Schema, events: Snapshot, reach: Reach | None) -> Iterator[Row]:
    measures = Measures(query, schema, reach.count if reach else 0)
    if reach is None:
        if not query.by:
            yield measures.empty()
        return
    plan = compile_query(query, schema, window_of(reach))
    for part in plan.parts:
        distinct = {name: _distinct(part, name, events) for name in sorted(measures.distinct_fields())}
        for key, count, answer in _groups(part, measures, events):
            found = measures.read(count, answer, {name: counts[_known(key)] for name, counts in distinct.items()})
            values = {
                name: value_at(events, plan.group_filter(part, key), value) if isinstance(value, Rank) else value
                for name, value in found.items()
            }
            yield {**plan.dimensions(part, key), **values}


def _is_negative_zero(value: Value) -> bool:
    return isinstance(value, float) and value == 0 and copysign(1, value) < 0


def _at_zero(query: Query, zero: Field, ask: Ask) -> Iterator[Row]:
    """Yield the rows at zero of a field for which Elasticsearch has two groups, one of minus zero: they are equal."""
    by = tuple(dimension for dimension in query.by if dimension != zero)
    for row in ask(replace(query, by=by, where=And((query.where, Equals(zero.name, 0.0))))):
        keys = {dimension.name: 0.0 if dimension == zero else row[dimension.name] for dimension in query.by}
        yield {**keys, **row}


def window_of(reach: Reach) -> Window:
    """Return the least window of whole seconds at its end that holds all that was reached."""
    return Window(from_millis(reach.first), from_millis((reach.last // _SECOND + 1) * _SECOND))


def _groups(part: Part, measures: Measures, events: Snapshot) -> Iterator[tuple[JsonObject, int, JsonObject]]:
    """Yield the groups of a part: key, number of events, aggregations."""
    aggregations = measures.aggregations()
    if not part.sources:
        answer = events.search({"size": 0, "track_total_hits": True, "query": part.filter, "aggs": aggregations})
        if part.run is None or total_of(answer):
            yield {}, total_of(answer), aggregations_of(answer)
        return
    for bucket in events.groups(part.filter, {"size": measures.page(), "sources": part.sources}, aggregations):
        yield an_object(bucket.get("key"), "key"), a_count(bucket.get("doc_count"), "doc_count"), bucket


def _distinct(part: Part, field: str, events: Snapshot) -> Mapping[_GroupKey, int]:
    """Count the different values of a field in each group of a part, exactly.

    Every pair of a group and a value is one bucket, paged to the last: ``cardinality`` would be an estimate. The two
    zeros of a double are two buckets and one value.
    """
    sources: list[Json] = [*part.sources, {_VALUE: {"terms": {"field": field}}}]
    counts: Counter[_GroupKey] = Counter()
    negative_zeros: set[_GroupKey] = set()
    positive_zeros: set[_GroupKey] = set()
    for bucket in events.groups(part.filter, {"size": _PAIRS_A_PAGE, "sources": sources}, {}):
        pair = dict(an_object(bucket.get("key"), "key"))
        value = pair.pop(_VALUE)
        key = _known(pair)
        counts[key] += 1
        if isinstance(value, float) and value == 0:
            (negative_zeros if _is_negative_zero(value) else positive_zeros).add(key)
    counts.subtract(negative_zeros & positive_zeros)
    return counts


def _known(key: JsonObject) -> _GroupKey:
    return tuple(sorted(key.items(), key=lambda item: item[0]))
