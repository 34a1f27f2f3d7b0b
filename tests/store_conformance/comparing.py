"""Hold a store's answer against the right one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from analyzers.store.query import Avg, Measure, Percentile, Query, Sum
from analyzers.store.result import Result, Row, Value
from tests.store_conformance.backends import BackendTest

_ROUNDING = 1e-12  # of a sum of doubles, relative: the order of summing is the store's


def compare_results(result: Result, expected: Result, backend: BackendTest) -> None:
    """Hold that a store's result is the expected one.

    Counts, keys, buckets and whole sums are equal exactly, sums of doubles to rounding, percentiles to the bound.
    """
    query = result.query
    by = [dimension.name for dimension in query.by]
    _compare_rows(query, by, (result.rows, expected.rows), backend)
    _compare_rows(query, [name for name in by if name == "bucket"], (result.rest, expected.rest), backend)
    assert result.others == expected.others


def _compare_rows(query: Query, by: list[str], rows: tuple[Sequence[Row], Sequence[Row]], backend: BackendTest) -> None:
    found, wanted = rows
    assert [_key(by, row) for row in found] == [_key(by, row) for row in wanted]
    for row, right in zip(found, wanted, strict=True):
        assert list(row) == list(right)
        for named in query.measures:
            _same(named.measure, row[named.name], right[named.name], backend)


def _key(by: Sequence[str], row: Row) -> tuple[Value, ...]:
    """Return a row's key, buckets as the instant they start: two wall clocks of a repeated hour compare equal."""
    return tuple(_instant(row[name]) for name in by)


def _instant(value: Value) -> Value:
    return value.timestamp() if isinstance(value, datetime) else value


def _same(measure: Measure, found: Value, wanted: Value, backend: BackendTest) -> None:
    assert type(found) is type(wanted), (measure, found, wanted)
    if isinstance(measure, Percentile) and wanted is not None:
        assert found == pytest.approx(wanted, rel=backend.percentile_error, abs=0.0), measure
    elif isinstance(measure, Sum | Avg) and isinstance(wanted, float):
        assert found == pytest.approx(wanted, rel=_ROUNDING, abs=0.0), measure
    else:
        assert found == wanted, measure
