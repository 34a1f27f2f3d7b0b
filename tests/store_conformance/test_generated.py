"""Generated histories and queries: every store answers as the plain one in memory does."""

from __future__ import annotations

import os
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Count, Histogram, NamedMeasure
from analyzers.store.result import Result, Value
from tests.store_conformance.backends import EXAMPLES, BackendTest, new_stream
from tests.store_conformance.comparing import compare_results
from tests.store_conformance.histories import ZONES, histories
from tests.store_conformance.strategies import queries

_QUERIES = 24  # asked of each history

_SETTINGS = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="CI" in os.environ,  # so that a run repeats
)


def test_the_generated_queries_are_as_many_as_promised() -> None:
    """At least 2,000 in a run, at least 500 of them to Elasticsearch; the next test counts what was asked."""
    asked = {name: count * _QUERIES for name, count in EXAMPLES.items() if name != "memory"}
    assert sum(asked.values()) >= 2_000
    assert asked["elasticsearch"] >= 500


def test_generated_queries_get_the_plain_store_s_answer(backend: BackendTest) -> None:
    """Counts, keys, buckets, whole sums equal exactly; sums of doubles to rounding; percentiles to the stated bound.

    So do the order of rows, the rest and the number of groups in it. Of the plain store itself: groups and rest sum
    to the whole.
    """
    asked = 0

    @settings(_SETTINGS, max_examples=backend.examples)
    @given(st.data(), st.sampled_from(ZONES))
    def agrees(data: st.DataObject, zone: str) -> None:
        nonlocal asked
        prefix = f"{new_stream()}-"
        drawn = data.draw(histories(zone), label="documents")
        documents = [Document(prefix + each.stream, each.id, each.body) for each in drawn]
        plain = MemoryStore(documents)
        with backend.fresh() as store:
            assert store.append(documents).stored == len(documents)
            for number in range(_QUERIES):
                query = data.draw(queries(zone), label=f"query {number}")
                query = replace(query, stream=prefix + query.stream)
                expected = plain.query(query)
                compare_results(store.query(query), expected, backend)
                if isinstance(store, MemoryStore):
                    _check_whole(plain, expected)
                asked += 1

    agrees()
    assert asked >= backend.examples * _QUERIES


def _check_whole(plain: MemoryStore, result: Result) -> None:
    """Every event is in exactly one group or in the rest, and every value in one interval of a histogram."""
    query = result.query
    (whole,) = plain.query(replace(query, by=(), top=None, measures=(*query.measures, _EVENTS))).rows
    parts = plain.query(replace(query, measures=(*query.measures, _EVENTS)))
    rows = (*parts.rows, *parts.rest)
    assert sum(_count(row["events"]) for row in rows) == whole["events"]
    for named in query.measures:
        if isinstance(named.measure, Histogram):
            spread = [row[named.name] for row in rows]
            assert whole[named.name] == tuple(map(sum, zip(*spread, strict=True))) if rows else True


_EVENTS = NamedMeasure("events", Count())


def _count(value: Value) -> int:
    assert isinstance(value, int)
    return value
