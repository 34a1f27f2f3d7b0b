"""The requests behind one answer are of one state of the store, whatever is written meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, Field, NamedMeasure, Percentile, Query, Top
from tests.store_conformance.events import ALWAYS, document

STREAM = "logs-web.request-production"
ROUTES = ("/a", "/b", "/c")


@contextmanager
def _writing(root: Path) -> Iterator[None]:
    """Write batches of one event a route for as long as the block runs."""
    done = threading.Event()

    def write() -> None:
        with EmbeddedStore(root, writable=True) as store:
            number = 0
            while not done.is_set():
                at = "2024-01-15T10:30:00Z"
                store.append(
                    [
                        document(STREAM, f"{number}{route}", at, {"http.route": route, "response_time": 1.0})
                        for route in ROUTES
                    ]
                )
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def test_the_rest_is_of_the_same_moment_as_the_top(tmp_path: Path) -> None:
    """Three requests (rank, top, rest) while batches come in: each sees as many events of every route."""
    EmbeddedStore(tmp_path, writable=True).close()
    measures = (NamedMeasure("n", Count()), NamedMeasure("p", Percentile("response_time", 50)))
    query = Query(STREAM, ALWAYS, measures, (Field("http.route"),), top=Top(1, "n"))
    counts: set[int] = set()
    with EmbeddedStore(tmp_path) as store, _writing(tmp_path):
        while len(counts) < 20:
            result = store.query(query)
            if result.rows:
                (first,), (rest,) = result.rows, result.rest
                assert (first["http.route"], rest["n"], result.others) == ("/a", 2 * _number(first["n"]), 2)
                counts.add(_number(first["n"]))


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
