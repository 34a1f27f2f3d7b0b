"""Read the groups of a query out of a point in time: key, measures, and the requests that single measures need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import copysign
from typing import Final

from analyzers.store.answering import Ask
from analyzers.store.elastic.answers import Json, JsonObject, a_count, an_object
from analyzers.store.elastic.brackets import Sought
from analyzers.store.elastic.compiler import Part, compile_query
from analyzers.store.elastic.folding import folded
from analyzers.store.elastic.measures import Apart, Measures, Read
from analyzers.store.elastic.percentiles import Rank
from analyzers.store.elastic.places import values_at
from analyzers.store.elastic.ranks import value_at
from analyzers.store.elastic.search import (
    WEIGHED,
    GroupKey,
    Reach,
    Snapshot,
    aggregations_of,
    known_key,
    split_key,
    total_of,
    weight_of,
)
from analyzers.store.elastic.sums import totals
from analyzers.store.elastic.weighted import WeightedMeasures
from analyzers.store.instants import from_millis
from analyzers.store.query import And, Equals, Field, Network, Query, Window
from analyzers.store.result import Row, Value
from analyzers.store.schema import FieldType, Schema

_FLOATING: Final = frozenset({FieldType.FLOAT, FieldType.DOUBLE})
_SECOND: Final = 1_000
_PAIRS_A_PAGE: Final = 10_000
_VALUE: Final = "value"

_WEIGHT: Final = "weight"


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
    network = next((each for each in query.by if isinstance(each, Network)), None)
    if network is not None:
        yield from folded(query, network, lambda asked: rows(asked, schema, events, reach))
        return
    found: Iterable[Row] = _rows(query, schema, events, reach)
    for dimension in query.by:
        if isinstance(dimension, Field) and schema.field(dimension.name).type in _FLOATING:
            found = list(found)
            if any(_is_negative_zero(row[dimension.name]) for row in found):
                at_zero = _at_zero(query, dimension, lambda asked: rows(asked, schema, events, reach))
                found = [*(row for row in found if row[dimension.name] != 0), *at_zero]
    yield from found


def _rows(query: Query, schema: Schema, events: Snapshot, reach: Reach | None) -> Iterator[Row]:
    weighted = reach is not None and reach.weight != reach.count
    measures = (WeightedMeasures if weighted else Measures)(query, schema, reach.count if reach else 0)
    if reach is None:
        if not query.by:
            yield measures.empty()
        return
    plan = compile_query(query, schema, window_of(reach))
    for part in plan.parts:
        groups = _read_groups(part, measures, events)
        if weighted:
            groups = _placed(list(groups), part, schema, events)
        for key, found in groups:
            values = {
                name: value_at(events, plan.group_filter(part, key), value) if isinstance(value, Rank) else value
                for name, value in found.items()
                if not isinstance(value, Sought)  # none is left
            }
            yield {**plan.dimensions(part, key), **values}


def _read_groups(part: Part, measures: Measures, events: Snapshot) -> Iterator[tuple[JsonObject, Read]]:
    """Yield the groups of a part: key and measures."""
    distinct = {name: _distinct(part, name, events) for name in sorted(measures.distinct_fields())}
    summed = totals(events, part, measures.summed())
    for key, count, answer in _groups(part, measures, events):
        group = known_key(key)
        apart = Apart({name: counts[group] for name, counts in distinct.items()}, summed.get(group, {}))
        yield key, measures.read(count, answer, apart)


def _placed(
    groups: Sequence[tuple[JsonObject, Read]], part: Part, schema: Schema, events: Snapshot
) -> Iterator[tuple[JsonObject, Read]]:
    """Yield groups with the values that were sought in them."""
    sought: dict[GroupKey, list[Sought]] = {}
    for key, found in groups:
        sought.setdefault(known_key(key), []).extend(each for each in found.values() if isinstance(each, Sought))
    values = values_at(events, part, schema, sought)
    for key, found in groups:
        group = known_key(key)
        yield key, {name: values[group, each] if isinstance(each, Sought) else each for name, each in found.items()}


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
        asked = {**aggregations, _WEIGHT: WEIGHED}
        answer = events.search({"size": 0, "track_total_hits": True, "query": part.filter, "aggs": asked})
        if part.run is None or total_of(answer):
            found = aggregations_of(answer)
            yield {}, weight_of(found, _WEIGHT), found
        return
    for bucket in events.groups(part.filter, {"size": measures.page(), "sources": part.sources}, aggregations):
        yield an_object(bucket.get("key"), "key"), a_count(bucket.get("doc_count"), "doc_count"), bucket


def _distinct(part: Part, field: str, events: Snapshot) -> Mapping[GroupKey, int]:
    """Count the different values of a field in each group of a part, exactly.

    Every pair of a group and a value is one bucket, paged to the last: ``cardinality`` would be an estimate. The two
    zeros of a double are two buckets and one value.
    """
    sources: list[Json] = [*part.sources, {_VALUE: {"terms": {"field": field}}}]
    counts: Counter[GroupKey] = Counter()
    negative_zeros: set[GroupKey] = set()
    positive_zeros: set[GroupKey] = set()
    for bucket in events.groups(part.filter, {"size": _PAIRS_A_PAGE, "sources": sources}, {}):
        key, value = split_key(bucket, _VALUE)
        counts[key] += 1
        if isinstance(value, float) and value == 0:
            (negative_zeros if _is_negative_zero(value) else positive_zeros).add(key)
    counts.subtract(negative_zeros & positive_zeros)
    return counts
