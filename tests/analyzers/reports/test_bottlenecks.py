"""Where the time goes, of a few requests that can be added by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from analyzers.language import english
from analyzers.reports.bottlenecks import bottlenecks
from analyzers.store.document import Document
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.events import request
from tests.analyzers.reports.finding import rows

NOON = datetime(2024, 1, 15, 12, tzinfo=UTC)
HOUR = Window(NOON, NOON + timedelta(hours=1))


def timed(route: str, number: int, seconds: float) -> list[Document]:
    """Return as many requests of a route, each taking so long."""
    return [request(NOON, seconds=seconds, route=route) for _ in range(number)]


def test_twenty_measurements_are_ranked_and_nineteen_are_not() -> None:
    """The slowest endpoint was measured 19 times: it leads by total time, and is not among those by p95."""
    store = MemoryStore([*timed("/19", 19, 5.0), *timed("/20", 20, 1.0), *timed("/21", 21, 2.0)])
    total, slowest, *_ = bottlenecks(store, HOUR)
    assert [(each["endpoint"], each["seconds"]) for each in rows(total)] == [
        ("/19", 95.0),
        ("/21", 42.0),
        ("/20", 20.0),
    ]
    assert [(each["endpoint"], each["p95"]) for each in rows(slowest)] == [("/21", 2.0), ("/20", 1.0)]
    assert slowest.note is not None
    assert english(slowest.note) == "Endpoints measured fewer than 20 times are left out."
