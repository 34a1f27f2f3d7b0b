"""Runs every test of the suite on every backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from uuid import uuid4

import pytest

from analyzers.store.elastic.local import LocalElasticsearch
from analyzers.store.interface import Store
from tests.store_conformance.answers import ANSWERS, SELDOM
from tests.store_conformance.backends import BACKENDS, BackendTest, MemoryBackend, new_stream
from tests.store_conformance.places import Place, placed
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import SCENES, Scene

_MARKS = {"elasticsearch": pytest.mark.elasticsearch}


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a server of this suite's own: some analyses ask all environments; other tests' mappings are in the way."""
    with LocalElasticsearch(tmp_path_factory.mktemp("conformance"), heap="768m") as server:
        yield server.url


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


HELD = (
    *(("memory", scene) for scene in SCENES),
    *(("embedded", SCENES[number]) for number in (0, 1, 3, 5)),
    *(("elasticsearch", SCENES[number]) for number in (0, 2, 3, 4)),
)
"""Which store holds which scene: each of the real ones two thirds, so that the suite stays quick."""


@pytest.fixture(scope="session")
def references() -> Iterator[Callable[[Scene], Place]]:
    """Return what gives a scene's traffic in the store in memory, in an environment that no other test uses."""
    with ExitStack() as stack:

        @cache
        def place(scene: Scene) -> Place:
            return stack.enter_context(placed(MemoryBackend(), scene, f"t{uuid4().hex}"))

        yield place


@pytest.fixture(scope="session")
def answered(references: Callable[[Scene], Place]) -> Callable[[str, Scene], Sequence[Told]]:
    """Return what gives the answers of the store in memory to an analysis, asked once."""

    @cache
    def ask(command: str, scene: Scene) -> Sequence[Told]:
        return tuple(ANSWERS[command](references(scene)))

    return ask


@pytest.fixture(
    scope="session",
    params=[
        pytest.param((name, scene), id=f"{name}-{scene.name}", marks=[_MARKS[name]] if name in _MARKS else [])
        for name, scene in HELD
    ],
)
def held(request: pytest.FixtureRequest, references: Callable[[Scene], Place]) -> Iterator[Place]:
    """Return a scene's traffic in a store: the very one in memory, or another with the same events."""
    name: str
    scene: Scene
    name, scene = request.param
    reference = references(scene)
    if name == "memory":
        yield reference
        return
    with placed(BACKENDS[name](request), scene, reference.environment) as place:
        yield place


@pytest.fixture(scope="session")
def turns() -> Callable[[str, Place], bool]:
    """Return what tells whether it is a scene's turn, of those that a store holds, to be asked what takes long."""

    def turn(command: str, held: Place) -> bool:
        mine = [scene for name, scene in HELD if name == held.backend]
        return command not in SELDOM or mine[SELDOM.index(command) % len(mine)] == held.scene

    return turn
