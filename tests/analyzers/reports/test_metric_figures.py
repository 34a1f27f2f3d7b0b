"""Figures of samples beside those of the week before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analyzers.blocks import Trend
from analyzers.reports.metric_figures import Period, cache_hit_ratio, db_connections_peak
from analyzers.store.document import Document, JsonValue
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window

MONDAY = datetime(2024, 1, 8, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


def sample(day: int, connections: int, hits: int) -> Document:
    """Return a day's sample of a PostgreSQL server that was asked for 1,000 blocks."""
    server: JsonValue = {"connections": {"used": {"count": connections}, "limit": 97}}
    database: JsonValue = {"interval": {"blocks": {"hit": hits, "read": 1000 - hits}}}
    body: dict[str, JsonValue] = {
        "@timestamp": (MONDAY + timedelta(days=day)).isoformat(),
        "postgresql": {"address": "db:5432", "server": server, "database": database},
    }
    return Document("metrics-postgresql.server-production", f"sample-{day}", body)


def test_more_cache_hits_are_better_and_more_connections_are_worse() -> None:
    """Both rise on seven of seven days, by what chance does in 2 of 2**7 cases: 80 % to 95 %, 20 to 40 connections."""
    store = MemoryStore([sample(day, 20 if day < 7 else 40, 800 if day < 7 else 950) for day in range(14)])
    midnight = MONDAY.replace(hour=0)
    period = Period(Window(midnight + WEEK, midnight + 2 * WEEK), Window(midnight, midnight + WEEK), ZoneInfo("UTC"))
    hits, connections = cache_hit_ratio(store, period), db_connections_peak(store, period)
    assert hits.change is not None
    assert (hits.change.before, hits.value, hits.change.trend) == (0.8, 0.95, Trend.BETTER)
    assert hits.change.significance == 2 / 2**7
    assert connections.change is not None
    assert (connections.change.before, connections.value, connections.change.trend) == (20, 40, Trend.WORSE)
    assert connections.change.difference == 1.0
