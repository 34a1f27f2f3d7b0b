"""More groups than are handed over to be ranked: the answer is the same."""

from __future__ import annotations

from pathlib import Path

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, Field, Max, NamedMeasure, Query, Sum, Top
from tests.store_conformance.events import ALWAYS, document

STREAM = "logs-web.request-production"


def test_the_rest_of_many_groups_is_counted_whole(tmp_path: Path) -> None:
    """10,100 users with an event each, user 9000 with three: two are on top, 10,098 in the rest, with its greatest."""
    events = [
        document(STREAM, f"{number}", "2024-01-15T10:30:00Z", {"user.id": f"{number:05}", "response_time": number / 2})
        for number in range(10_100)
    ]
    events += [
        document(STREAM, f"more{number}", "2024-01-15T10:30:00Z", {"user.id": "09000", "response_time": 1e6})
        for number in range(2)
    ]
    measures = (
        NamedMeasure("n", Count()),
        NamedMeasure("sum", Sum("response_time")),
        NamedMeasure("max", Max("response_time")),
    )
    with EmbeddedStore(tmp_path, writable=True) as store:
        assert store.append(events).stored == 10_102
        found = store.query(Query(STREAM, ALWAYS, measures, (Field("user.id"),), top=Top(2, "n")))
    assert [tuple(row.values()) for row in found.rows] == [("00000", 1, 0.0, 0.0), ("09000", 3, 2_004_500.0, 1e6)]
    # The halves of 1 to 10,099 without 9,000: (10,099 * 10,100 / 2 - 9,000) / 2.
    assert [tuple(row.values()) for row in found.rest] == [(10_098, 25_495_475.0, 5049.5)]
    assert found.others == 10_098
