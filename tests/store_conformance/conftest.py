"""Runs every test of the suite on every backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analyzers.store.interface import Store
from tests.store_conformance.backends import BACKENDS, BackendTest, new_stream

_MARKS = {"elasticsearch": pytest.mark.elasticsearch}


@pytest.fixture(
    scope="session",
    params=[pytest.param(name, marks=[_MARKS[name]] if name in _MARKS else []) for name in BACKENDS],
)
def backend(request: pytest.FixtureRequest) -> BackendTest:
    """Return the adapter of a backend."""
    name: str = request.param
    return BACKENDS[name](request)


@pytest.fixture
def store(backend: BackendTest) -> Iterator[Store]:
    """Return an open, writable store."""
    with backend.fresh() as store:
        yield store


@pytest.fixture
def stream() -> str:
    """Return the name of an empty stream."""
    return new_stream()
