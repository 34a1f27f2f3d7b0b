"""What the server keeps between requests: fresh answers, answers of the background, and the open store."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier, Event

import pytest

from analyzers.fields import REQUEST_STREAM
from analyzers.store.interface import StoreError
from atalaia.web.background import Background
from atalaia.web.fresh import Fresh
from atalaia.web.stores import NoStoreYetError, SharedStore, StoreGoneError
from logging_lib.errors import AtalaiaError
from tests.atalaia.cli.stores import fill, request


class Ticks:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return them."""
        return self.now


def test_an_answer_is_kept_while_it_is_fresh() -> None:
    """One working out serves every question of a second; another question has its own."""
    ticks, made = Ticks(), list[str]()

    def make(name: str) -> str:
        made.append(name)
        return f"{name}{len(made)}"

    fresh = Fresh[str](1.0, ticks)
    assert [fresh.get("a", lambda: make("a")), fresh.get("a", lambda: make("a"))] == ["a1", "a1"]
    assert fresh.get("b", lambda: make("b")) == "b2"
    ticks.now = 1.0
    assert fresh.get("a", lambda: make("a")) == "a3"


def test_what_nobody_asks_any_more_is_forgotten_first() -> None:
    """With 64 questions kept, a 65th takes the place of the one asked longest ago, not of the one kept longest."""
    fresh, made = Fresh[int](60.0), list[int]()

    def make(question: int) -> int:
        made.append(question)
        return question

    for question in (*range(64), 0, 64, 0, 1):
        fresh.get(question, partial(make, question))
    assert made == [*range(64), 64, 1]


def test_many_who_ask_at_once_cost_as_much_as_one() -> None:
    """Eight threads ask the same: it is worked out once, and all get the answer."""
    fresh, together, made = Fresh[int](60.0), Barrier(8), list[int]()

    def make() -> int:
        made.append(1)
        return len(made)

    def ask() -> int:
        together.wait()
        return fresh.get("same", make)

    with ThreadPoolExecutor(8) as pool:
        assert {each.result() for each in [pool.submit(ask) for _ in range(8)]} == {1}
    assert made == [1]


def test_a_mistake_is_not_kept() -> None:
    """What failed is tried again at the next request."""
    fresh = Fresh[int](60.0)
    with pytest.raises(ZeroDivisionError):
        fresh.get("x", lambda: 1 // 0)
    assert fresh.get("x", lambda: 5) == 5


def test_a_slow_answer_does_not_hold_a_view_up() -> None:
    """While the first one is worked out a view has none; then every view has it, also while the next one is made."""
    ticks, go = Ticks(), Event()
    answers = iter(range(1, 10))

    def make() -> int:
        assert go.wait(30)
        return next(answers)

    background = Background(make, 60.0, ticks)
    background.begin()
    assert background.get(0.0) is None
    go.set()
    assert background.get(30.0) == 1
    go.clear()
    ticks.now = 61.0
    background.begin()
    assert background.get(0.0) == 1
    go.set()
    deadline = time.monotonic() + 60
    while background.get(0.0) == 1 and time.monotonic() < deadline:
        Event().wait(0.01)
    assert background.get(0.0) == 2


def test_trouble_of_the_background_is_told() -> None:
    """What went wrong is raised by the view that waits for it, and tried again by the next one."""
    outcomes = iter([AtalaiaError("the store is away", "bring it back"), None])

    def make() -> str:
        trouble = next(outcomes)
        if trouble is not None:
            raise trouble
        return "well"

    background = Background(make, 60.0)
    background.begin()
    with pytest.raises(AtalaiaError, match="the store is away"):
        background.get(30.0)
    assert background.get(30.0) == "well"


def test_a_store_is_opened_once_and_shared(tmp_path: Path) -> None:
    """Before it is there that is said; then all threads have one object; after trouble the next one is another."""
    shared = SharedStore(str(tmp_path / "data"))
    with pytest.raises(NoStoreYetError, match="there is no store"), shared.lend():
        pass
    (tmp_path / "data" / "commits").mkdir(parents=True)  # a first writer begins
    with pytest.raises(NoStoreYetError, match="there is no store"), shared.lend():
        pass
    fill(tmp_path / "data", [request(1)])
    with shared.lend() as one, shared.lend() as other:
        assert one is other
        with pytest.raises(StoreError, match="gone"), shared.lend():
            raise StoreError("gone", "")
        assert one.extent(REQUEST_STREAM) is not None  # whoever has it may finish
    with shared, shared.lend() as third:
        assert third is not one


def test_a_store_that_vanishes_is_trouble_and_heals(tmp_path: Path) -> None:
    """What was open before and is not there any more is told as gone, never as a store of nothing, until it is back."""
    fill(tmp_path / "data", [request(1)])
    shared = SharedStore(str(tmp_path / "data"))
    with shared.lend():
        pass
    shared.close()
    (tmp_path / "data").rename(tmp_path / "away")
    assert shared.exists
    with pytest.raises(StoreGoneError, match="is gone"), shared.lend():
        pass
    (tmp_path / "data").mkdir()  # the place where a disk was mounted
    with pytest.raises(StoreGoneError, match="missing or empty"), shared.lend():
        pass
    (tmp_path / "data").rmdir()
    (tmp_path / "away").rename(tmp_path / "data")
    with shared, shared.lend() as store:
        assert store.extent(REQUEST_STREAM) is not None
