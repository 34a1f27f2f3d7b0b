"""Documents and questions for the tests of the embedded store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from analyzers.store.document import Document
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, NamedMeasure, Query, Window

STREAM = "logs-web.request-test"
START = datetime(2024, 1, 15, tzinfo=UTC)
_ALWAYS = Window(START - timedelta(days=400), START + timedelta(days=400))


def event(number: int, step: timedelta = timedelta(minutes=1)) -> Document:
    """Return the event of a number: one a minute, or each other step, from ``START`` on, its id ``e<number>``."""
    at = START + number * step
    return Document(STREAM, f"e{number}", {"@timestamp": f"{at:%Y-%m-%dT%H:%M:%S}Z", "user": {"id": str(number)}})


def write(root: Path, numbers: Iterable[int]) -> None:
    """Write events in one batch."""
    with EmbeddedStore(root, writable=True) as store:
        store.append([event(number) for number in numbers])


def count(store: EmbeddedStore, window: Window = _ALWAYS) -> int:
    """Return how many events the store has."""
    (row,) = store.query(Query(STREAM, window, (NamedMeasure("n", Count()),))).rows
    found = row["n"]
    assert isinstance(found, int)
    return found


def count_on(store: EmbeddedStore, day: int) -> int:
    """Return how many events the store has on a day, counted from ``START``."""
    return count(store, Window(START + timedelta(days=day), START + timedelta(days=day + 1)))


def count_at(root: Path) -> int:
    """Return how many events a reader sees in a directory."""
    with EmbeddedStore(root) as store:
        return count(store)
