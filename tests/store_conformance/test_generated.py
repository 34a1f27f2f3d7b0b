"""Generated histories and queries: every store answers as the plain one in memory does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Avg, Measure, Percentile, Query, Sum
from analyzers.store.result import Result, Row, Value
from tests.store_conformance.backends import BackendTest, new_stream
from tests.store_conformance.strategies import ZONES, histories, queries

_ROUNDING = 1e-12  # of a sum of doubles, relative: the order of summing is the store's


def test_generated_queries_get_the_reference_s_answer(backend: BackendTest) -> None:
    """Counts, keys, buckets, whole sums equal exactly; sums of doubles to rounding; percentiles to the stated bound."""

    @settings(max_examples=backend.examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.sampled_from(ZONES))
    def agrees(data: st.DataObject, zone: str) -> None:
        stream = new_stream()
        drawn = data.draw(histories(zone), label="documents")
        documents = [Document(stream, document.id, document.body) for document in drawn]
        reference = MemoryStore(documents)
        with backend.fresh() as store:
            written = store.append(documents)
            assert written.stored == len(documents)
            for asked in data.draw(st.lists(queries(zone), min_size=3, max_size=6), label="queries"):
                query = replace(asked, stream=stream)
                _compare(store.query(query), reference.query(query).rows, backend)

    agrees()


def _compare(result: Result, expected: Sequence[Row], backend: BackendTest) -> None:
    query = result.query
    found = {_key(query, row): row for row in result.rows}
    assert len(found) == len(result.rows), "two rows have one key"
    wanted = {_key(query, row): row for row in expected}
    assert found.keys() == wanted.keys()
    for key, row in found.items():
        for named in query.measures:
            _same(named.measure, row[named.name], wanted[key][named.name], backend)


def _key(query: Query, row: Row) -> tuple[Value, ...]:
    """Return a row's key, buckets as the instant they start: two wall clocks of a repeated hour compare equal."""
    return tuple(_instant(row[dimension.name]) for dimension in query.by)


def _instant(value: Value) -> Value:
    return value.timestamp() if isinstance(value, datetime) else value


def _same(measure: Measure, found: Value, wanted: Value, backend: BackendTest) -> None:
    assert type(found) is type(wanted), (measure, found, wanted)
    if isinstance(wanted, float):
        error = backend.percentile_error if isinstance(measure, Percentile) else 0.0
        error = _ROUNDING if isinstance(measure, Sum | Avg) else error
        assert found == pytest.approx(wanted, rel=error, abs=0.0), measure
    elif isinstance(measure, Percentile) and wanted is not None:
        assert found == pytest.approx(wanted, rel=backend.percentile_error, abs=0.0), measure
    else:
        assert found == wanted, measure
