"""The figures of samples in every store, by hand: peaks, cache hits over restarts, and two weeks compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from analyzers.blocks import Figure, Trend
from analyzers.reports.metric_figures import Period, metric_figures
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from analyzers.store.query import Window

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONDAY = datetime(2031, 3, 10, 3, tzinfo=UTC)
"""Midnight in Sao Paulo; no other test has samples of these weeks."""
WEEK = timedelta(days=7)
PERIOD = Period(Window(MONDAY, MONDAY + WEEK), Window(MONDAY - WEEK, MONDAY), SAO_PAULO)


@pytest.fixture
def environment(stream: str) -> str:
    """Return the name of an environment that no other test uses."""
    return stream.removeprefix("logs-web.request-")


def sample(environment: str, dataset: str, at: datetime, metricset: str, fields: dict[str, JsonValue]) -> Document:
    """Return a document as the pipeline makes it of a sample."""
    name = f"{dataset} {metricset} {at.isoformat()} {fields}"
    body: dict[str, JsonValue] = {
        "@timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "event": {"id": name, "kind": "metric", "dataset": dataset},
        "metricset": {"name": metricset},
        "host": {"name": "web-1"},
        **fields,
    }
    return Document(f"metrics-{dataset}-{environment}", name, body)


def connections(environment: str, at: datetime, used: int, address: str = "db:5432/tickets") -> Document:
    """Return a sample of a PostgreSQL server with 97 connections to give."""
    server: JsonValue = {"connections": {"used": {"count": used, "pct": used / 97}, "limit": 97}}
    return sample(
        environment, "postgresql.server", at, "server", {"postgresql": {"address": address, "server": server}}
    )


def blocks(environment: str, at: datetime, grown: tuple[int, int] | None) -> Document:
    """Return a sample of a database; after a restart nothing is known of the interval."""
    interval: JsonValue = {} if grown is None else {"blocks": {"hit": grown[0], "read": grown[1]}}
    database: JsonValue = {"name": "tickets", "blocks": {"hit": 5, "read": 5}, "interval": interval}
    return sample(environment, "postgresql.server", at, "database", {"postgresql": {"database": database}})


def written(environment: str) -> Iterator[Document]:
    """Yield two weeks: connections grow by three a day from week to week, one restart, one other server."""
    for day in range(14):
        noon = MONDAY - WEEK + timedelta(days=day, hours=12)
        yield connections(environment, noon, 40 + day % 7 + (3 if day >= 7 else 0))
        yield connections(environment, noon + timedelta(minutes=1), 7)
        yield blocks(environment, noon, (900, 100) if day < 7 else (700, 300))
    yield blocks(environment, MONDAY + timedelta(hours=1), None)
    yield connections(environment, MONDAY + timedelta(hours=1), 11, "replica:5432/tickets")
    cpu: JsonValue = {"cpu": {"total": {"norm": {"pct": 0.75}}}}
    yield sample(environment, "host.system", MONDAY, "system", {"system": cpu})
    keyspace: JsonValue = {"info": {"interval": {"keyspace": {"hits": 0, "misses": 0}}}}
    yield sample(environment, "redis.server", MONDAY, "server", {"redis": keyspace})


def test_figures_are_those_by_hand(store: Store, environment: str) -> None:
    """49 of 97 connections on Sunday (46 the week before); 4,900 of 7,000 blocks, an interval of a restart left out."""
    documents = list(written(environment))
    assert store.append(documents).stored == len(documents)
    found = {figure.name: figure for figure in metric_figures(store, PERIOD)}
    peak, cache = found["db_connections_peak"], found["cache_hit_ratio"]
    assert peak.value == 49
    assert peak.basis.values == {"limit": 97, "place": "db:5432/tickets"}
    assert changed(peak) == pytest.approx((46, 3 / 46, 1 / 64))
    assert peak.change is not None
    assert peak.change.trend is Trend.WORSE
    assert cache.value == pytest.approx(0.7)
    assert cache.basis.values == {"hits": 4_900, "lookups": 7_000}
    assert changed(cache) == pytest.approx((0.9, -0.2, 1 / 64))
    assert cache.change is not None
    assert cache.change.trend is Trend.WORSE
    assert (found["cpu_peak"].value, found["cpu_peak"].basis.values) == (0.75, {"place": "web-1"})


def test_what_was_not_sampled_is_unmeasured(store: Store) -> None:
    """A year without samples: no figure is zero, none has a change, all are there."""
    empty = Window(datetime(2033, 1, 1, tzinfo=UTC), datetime(2033, 1, 2, tzinfo=UTC))
    figures = metric_figures(store, Period(empty, None, SAO_PAULO))
    assert [figure.value for figure in figures] == [None] * 6
    assert [figure.change for figure in figures] == [None] * 6


def test_no_look_up_is_no_ratio(store: Store, environment: str) -> None:
    """A cache that nobody asked has no share of hits, whatever its counters say."""
    quiet = MONDAY + timedelta(days=400)
    keyspace: JsonValue = {"info": {"interval": {"keyspace": {"hits": 0, "misses": 0}}}}
    assert store.append([sample(environment, "redis.server", quiet, "server", {"redis": keyspace})]).stored == 1
    period = Period(Window(quiet, quiet + timedelta(hours=1)), None, SAO_PAULO)
    figure = next(each for each in metric_figures(store, period) if each.name == "redis_hit_ratio")
    assert figure.value is None
    assert figure.basis.text == "no look-up was measured"


def changed(figure: Figure) -> tuple[float | None, float | None, float | None]:
    """Return what is compared."""
    assert figure.change is not None
    change = figure.change
    return change.before, change.difference, change.significance
