"""A store on the run's Elasticsearch, and a stream of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzers.store.elastic.connection import Connection, Credentials
from analyzers.store.elastic.store import ElasticStore


@pytest.fixture
def store(elasticsearch_url: str) -> Iterator[ElasticStore]:
    """Return an open store."""
    with ElasticStore(elasticsearch_url, credentials=Credentials()) as opened:
        yield opened


@pytest.fixture
def connection(elasticsearch_url: str) -> Iterator[Connection]:
    """Return a plain way to the server, to look at what the store did."""
    opened = Connection(elasticsearch_url, Credentials())
    yield opened
    opened.close()


@pytest.fixture
def stream(unique_environment: str) -> str:
    """Return the name of a data stream that does not exist yet."""
    return f"logs-web.request-{unique_environment}"
