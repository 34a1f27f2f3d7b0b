"""Histories for the tests that move them, and ways to look at what arrived."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.store.document import Document, JsonValue
from analyzers.store.elastic.connection import RequestError
from analyzers.store.interface import Store
from analyzers.store.open import open_store
from analyzers.store.query import Count, NamedMeasure, Query, Window
from analyzers.store.selection import Selection

START: Final = datetime(2024, 1, 15, tzinfo=UTC)
ALWAYS: Final = Window(datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
DEADLINE: Final = 120.0
UNAVAILABLE: Final = 503


def request(stream: str, number: int) -> Document:
    """Return the request of a number: one in 40 s, so that a day has 2,160; every tenth fails."""
    at = START + timedelta(seconds=40 * (number % 12_960), microseconds=number)
    body: dict[str, JsonValue] = {
        "@timestamp": at.isoformat().replace("+00:00", "Z"),
        "http": {"route": f"/r{number % 3}", "response": {"status_code": 500 if number % 10 == 0 else 200}},
        "response_time": number / 7,
        "event": {"id": f"{number:08d}", "duration": number},
        "user": {"id": number},
        "labels": {"kept as it was": [1.0, {"a": None}, "é"]},
    }
    return Document(stream, f"{number:08d}", body)


def fill(root: Path, stream: str, count: int) -> None:
    """Write a history into a directory."""
    with open_store(str(root), writable=True) as store:
        for start in range(0, count, 2_000):
            store.append([request(stream, number) for number in range(start, min(start + 2_000, count))])


def documents(location: str, stream: str) -> list[Document]:
    """Return all documents of a stream."""
    with open_store(location) as store:
        return list(store.documents(Selection(stream, ALWAYS)))


def ids(root: Path) -> list[str]:
    """Return the ids of all requests in a directory, in order of time."""
    return [document.id for document in documents(str(root), "logs-web.request-*")]


def count(store: Store, stream: str) -> int:
    """Return how many events a stream has."""
    (row,) = store.query(Query(stream, ALWAYS, (NamedMeasure("n", Count()),))).rows
    found = row["n"]
    assert isinstance(found, int)
    return found


def arrived(url: str, stream: str) -> int:
    """Return how many events of a stream a cluster has; none while it is only being made."""
    try:
        with open_store(url) as store:
            return count(store, stream)
    except RequestError as error:
        if error.status != UNAVAILABLE:
            raise
        return 0


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    until = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
