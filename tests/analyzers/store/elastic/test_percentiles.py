"""Percentiles from Elasticsearch: the nearest rank, within the stated error, whatever the values are."""

from __future__ import annotations

import random
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.document import Document
from analyzers.store.elastic.percentiles import RELATIVE_ERROR, ladder, nearest_rank, rung
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.query import Field, Max, Measure, Min, Percentile, Sum
from tests.store_conformance.events import ask, document

_PERCENTS = (0.1, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100)


@given(st.sampled_from(_PERCENTS), st.integers(1, 10**9))
def test_a_rung_of_the_ladder_hits_the_nearest_rank(percent: float, size: int) -> None:
    """Elasticsearch's own rule, ``floor(q / 100 * n + 1/2)`` in doubles, gives ``ceil(p / 100 * n)`` at the rung."""
    best = rung(percent, size, ladder(percent, size))
    wanted = ceil(Fraction(str(percent)) * size / 100)
    assert best is not None
    assert nearest_rank(percent, size) == wanted
    assert max(int(best / 100.0 * size + 0.5), 1) == wanted


def test_the_nearest_rank_is_read_for_every_group_size(store: ElasticStore, stream: str) -> None:
    """Groups of 1 to 60 values far apart (a factor of 3): a neighbour's rank would be off by far more than 0.1 %."""
    chance = random.Random(20240115)  # noqa: S311 - repeatable values, no secret
    events: list[Document] = []
    expected: dict[str, list[float]] = {}
    for size in range(1, 61):
        values = sorted(1e-6 * 1.5 ** chance.uniform(0, 50) for _ in range(size))
        expected[f"/{size}"] = values
        events += [
            document(
                stream, f"{size}-{index}", "2024-01-15T10:30:00Z", {"http.route": f"/{size}", "response_time": value}
            )
            for index, value in enumerate(values)
        ]
    store.append(events)
    rows = ask(store, stream, *(Percentile("response_time", each) for each in _PERCENTS), by=(Field("http.route"),))
    assert len(rows) == 60
    for row in rows:
        values = expected[str(row["http.route"])]
        for number, percent in enumerate(_PERCENTS):
            exact = values[ceil(Fraction(str(percent)) * len(values) / 100) - 1]
            assert row[f"m{number}"] == pytest.approx(exact, rel=RELATIVE_ERROR)


@pytest.mark.parametrize(
    ("field", "values", "measure", "expected"),
    [
        # Values that make Elasticsearch's histogram fail: a negative one, or two too far apart.
        ("response_time", [-5.0, 0.1, 0.2, 0.3], Percentile("response_time", 25), -5.0),
        ("response_time", [-5.0, 0.1, 0.2, 0.3], Percentile("response_time", 100), 0.3),
        ("response_time", [5e-324, 1.0, 1e308], Percentile("response_time", 50), 1.0),
        ("response_time", [5e-324, 1.0, 1e308], Percentile("response_time", 99), 1e308),
        ("event.duration", [1, 2, 2**62 + 1], Percentile("event.duration", 50), 2),
        # A double cannot tell these from their neighbours.
        ("event.duration", [1, 2, 2**62 + 1], Max("event.duration"), 2**62 + 1),
        ("event.duration", [-(2**62) - 1, 2, 3], Min("event.duration"), -(2**62) - 1),
        ("event.duration", [2**52, 2**52 - 1], Sum("event.duration"), 2**53 - 1),
        ("http.response.status_code", [200, 404, 503], Percentile("http.response.status_code", 66), 404),
    ],
)
def test_hostile_values_are_answered_exactly(
    store: ElasticStore, stream: str, field: str, values: list[int | float], measure: Measure, expected: float
) -> None:
    """One absurd value neither breaks the query nor bends the answer."""
    store.append(
        [
            document(stream, f"e{number}", "2024-01-15T10:30:00Z", {field: value, "http.route": "/x"})
            for number, value in enumerate(values)
        ],
    )
    ((alone,), (grouped,)) = ask(store, stream, measure), ask(store, stream, measure, by=(Field("http.route"),))
    assert (alone["m0"], grouped["m0"]) == (expected, expected)
