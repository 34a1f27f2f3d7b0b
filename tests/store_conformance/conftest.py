"""Runs every test of the suite on every backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from uuid import uuid4

import pytest

from analyzers.store.interface import Store
from tests.store_conformance.answers import ANSWERS
from tests.store_conformance.backends import BACKENDS, BackendTest, MemoryBackend, new_stream
from tests.store_conformance.places import Place, placed
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import SCENES, Scene

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


@pytest.fixture(scope="session", params=SCENES, ids=lambda scene: scene.name)
def scene(request: pytest.FixtureRequest) -> Scene:
    """Return a scene of generated traffic."""
    found: Scene = request.param
    return found


@pytest.fixture(scope="session")
def reference(scene: Scene) -> Iterator[Place]:
    """Return a scene's traffic in the store in memory, in an environment that no other test uses."""
    with placed(MemoryBackend(), scene, f"t{uuid4().hex}") as place:
        yield place


@pytest.fixture(scope="session")
def answered(reference: Place) -> Callable[[str], Sequence[Told]]:
    """Return what gives the answers of the store in memory to an analysis, asked once."""

    @cache
    def ask(command: str) -> Sequence[Told]:
        return tuple(ANSWERS[command](reference))

    return ask


@pytest.fixture(scope="session")
def held(backend: BackendTest, scene: Scene, reference: Place) -> Iterator[Place]:
    """Return the same traffic in a store of a backend."""
    with placed(backend, scene, reference.environment) as place:
        yield place
