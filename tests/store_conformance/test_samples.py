"""The page of samples on every store: those of an environment, the newest first, by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from analyzers.question import instant_text
from analyzers.store.document import Document, JsonValue
from analyzers.store.interface import Store
from atalaia.web.asked import read_question
from atalaia.web.environments import OneEnvironment
from atalaia.web.views.samples import Samples, samples

_START: Final = datetime(2034, 5, 8, tzinfo=UTC)
"""No other test has samples of that hour."""
_HOUR: Final = timedelta(hours=1)


@pytest.fixture
def environment(stream: str) -> str:
    """Return the name of an environment that no other test uses."""
    return stream.removeprefix("logs-web.request-")


def _document(environment: str, minute: int, dataset: str, body: dict[str, JsonValue]) -> Document:
    at = _START + minute * timedelta(minutes=1)
    return Document(
        f"metrics-{dataset}-{environment}", f"{minute} {sorted(body)}", {"@timestamp": at.isoformat(), **body}
    )


def _written(environment: str) -> list[Document]:
    """Return three samples of processors, one of a disk, and one of a cache of each kind."""
    hosts: list[tuple[int, JsonValue]] = [(5, 0.25), (7, 0.75), (6, 0.5)]
    return [
        *(
            _document(
                environment,
                minute,
                "host.system",
                {"host": {"name": f"web-{minute}"}, "system": {"cpu": {"total": {"norm": {"pct": busy}}}}},
            )
            for minute, busy in hosts
        ),
        _document(
            environment,
            8,
            "host.system",
            {"host": {"name": "web-8"}, "system": {"filesystem": {"mount_point": "/var", "used": {"pct": 0.9}}}},
        ),
        _document(
            environment,
            9,
            "postgresql.server",
            {"postgresql": {"address": "db:5432", "database": {"interval": {"blocks": {"hit": 90, "read": 10}}}}},
        ),
        _document(
            environment,
            9,
            "redis.server",
            {"redis": {"address": "cache:6379", "info": {"interval": {"keyspace": {"hits": 3, "misses": 1}}}}},
        ),
    ]


def _page(store: Store, of: str, environment: str, *where: str) -> Samples:
    bounds = [("from", instant_text(_START)), ("to", instant_text(_START + _HOUR))]
    given = MultiDict([*bounds, ("of", of), *(("where", each) for each in where)])
    question = read_question(given, now=_START + _HOUR, zone=ZoneInfo("UTC"))
    return samples(OneEnvironment(store, environment), question)


def test_samples_are_those_of_the_environment(store: Store, environment: str) -> None:
    """Three of processors, the newest first; another environment's are not among them; a filter leaves one."""
    documents = _written(environment)
    other = _document(
        f"{environment}-b",
        7,
        "host.system",
        {"host": {"name": "b"}, "system": {"cpu": {"total": {"norm": {"pct": 1.0}}}}},
    )
    assert store.append([*documents, other]).stored == len(documents) + 1
    found = _page(store, "cpu", environment)
    rows = [(7, "web-7", 0.75), (6, "web-6", 0.5), (5, "web-5", 0.25)]
    assert found.said.number == 3
    assert found.table.rows == tuple((_START + minute * timedelta(minutes=1), *rest) for minute, *rest in rows)
    assert [row[1] for row in _page(store, "cpu", f"{environment}-b").table.rows] == ["b"]
    assert [row[1] for row in _page(store, "cpu", environment, "host.name = web-6").table.rows] == ["web-6"]
    assert [row[1:] for row in _page(store, "disk", environment).table.rows] == [("web-8", "/var", 0.9)]
    assert [row[1:] for row in _page(store, "cache_hit_ratio", environment).table.rows] == [("db:5432", 90, 10)]
    assert [row[1:] for row in _page(store, "redis_hit_ratio", environment).table.rows] == [("cache:6379", 3, 1)]
    assert _page(store, "memory", environment).table.rows == ()


def test_an_environment_lists_its_own_streams(store: Store, environment: str) -> None:
    """Also where the names of two begin alike, and have a hyphen."""
    assert store.append([*_written(environment), *_written(f"{environment}-b")]).stored == 12
    streams = [f"metrics-{each}-{environment}-b" for each in ("host.system", "postgresql.server", "redis.server")]
    assert list(OneEnvironment(store, f"{environment}-b").streams()) == streams
    extent = OneEnvironment(store, environment).extent("metrics-host.system-*")
    assert extent is not None
    assert extent.start == _START + timedelta(minutes=5)
