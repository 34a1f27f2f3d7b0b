"""The stores that the conformance suite runs on: one small adapter each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import pytest

from analyzers.store.elastic.connection import Credentials
from analyzers.store.elastic.percentiles import RELATIVE_ERROR
from analyzers.store.elastic.store import ElasticStore
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from analyzers.store.memory.positions import PositionStore

EXAMPLES: Final[Mapping[str, int]] = {"memory": 10, "embedded": 64, "elasticsearch": 22}
"""Name of a backend to how many generated histories it is tried on; many queries are asked of each."""


class BackendTest(Protocol):
    """What the suite needs to know of a store."""

    @property
    def examples(self) -> int:
        """How many generated histories the store is tried on."""
        ...

    @property
    def percentile_error(self) -> float:
        """The stated relative error of a percentile against the exact nearest rank; 0 for exact."""
        ...

    def fresh(self) -> AbstractContextManager[Store]:
        """Open a writable store in which a stream of :func:`new_stream` is empty."""
        ...


def new_stream() -> str:
    """Return the name of a stream that no other test uses."""
    return f"logs-web.request-t{uuid4().hex}"


class MemoryBackend:
    """The plain store that the others are compared with: fixed cases show that it is right itself."""

    examples = EXAMPLES["memory"]
    percentile_error = 0.0

    def fresh(self) -> AbstractContextManager[Store]:
        """Open an empty store."""
        return PositionStore()


def _memory(_request: pytest.FixtureRequest) -> BackendTest:
    return MemoryBackend()


class EmbeddedBackend:
    """A new directory for each store."""

    examples = EXAMPLES["embedded"]
    percentile_error = 0.0

    def __init__(self, root: Path) -> None:
        self._root = root

    def fresh(self) -> AbstractContextManager[Store]:
        """Open a store in an empty directory."""
        return EmbeddedStore(self._root / uuid4().hex, writable=True)


def _embedded(request: pytest.FixtureRequest) -> BackendTest:
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    return EmbeddedBackend(factory.mktemp("embedded"))


class ElasticBackend:
    """The one Elasticsearch of the run; streams have names of their own."""

    examples = EXAMPLES["elasticsearch"]
    percentile_error = RELATIVE_ERROR

    def __init__(self, url: str) -> None:
        self._url = url

    def fresh(self) -> AbstractContextManager[Store]:
        """Open a store on the cluster."""
        return ElasticStore(self._url, credentials=Credentials())


def _elastic(request: pytest.FixtureRequest) -> BackendTest:
    url: str = request.getfixturevalue("elasticsearch_url")
    return ElasticBackend(url)


BACKENDS: Final[Mapping[str, Callable[[pytest.FixtureRequest], BackendTest]]] = {
    "memory": _memory,
    "embedded": _embedded,
    "elasticsearch": _elastic,
}
"""Name of a backend to what makes its adapter from the session's fixtures."""
