"""A power cut at any moment loses nothing that was acknowledged, whatever the disk makes of what was not flushed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analyzers.store.embedded.disks import Operation, Perform, UnflushedDisk
from tests.analyzers.store.embedded.load import (
    BATCHES,
    LINES,
    SIZE,
    SOURCE,
    Clock,
    check_files,
    check_log,
    opened,
    send,
)
from tests.analyzers.store.embedded.power import CHOICES, Choice, PowerModel, State, half, laid_out, nothing

_FIXTURES = [HealthCheck.function_scoped_fixture]


class _KilledError(BaseException):
    """Ends a writer as a kill does: nothing of the store handles it."""


class _Tape(UnflushedDisk):
    """Notes operations, and the positions that were acknowledged between them; may end the writer once.

    Args:
        end: The operation to end it before.
    """

    def __init__(self, end: int | None = None) -> None:
        self.operations: list[Operation] = []
        self.acknowledged: list[tuple[int, int]] = []
        self._end = end

    def around(self, operation: Operation, perform: Perform) -> None:
        """Do it and note it."""
        if len(self.operations) == self._end:
            self._end = None
            raise _KilledError
        super().around(operation, perform)
        self.operations.append(operation)

    def acknowledge(self, position: int) -> None:
        """Note a position that is durable from here on."""
        self.acknowledged.append((len(self.operations), position))

    def at(self, operations: int) -> int:
        """Return the position that was acknowledged when so many operations were done."""
        return max((position for done, position in self.acknowledged if done <= operations), default=0)


def _run(root: Path, tape: _Tape, most: int = BATCHES) -> None:
    """Send the next batches, from where the store is."""
    clock = Clock()
    with opened(root, clock, tape) as store:
        position = store.position(SOURCE)
        tape.acknowledge(position)  # a source goes on from here and lets go of what is before
        for batch in range(position // SIZE, min(position // SIZE + most, BATCHES)):
            tape.acknowledge(send(store, clock, batch))


@dataclass
class _Cuts:
    """Lays out what cuts leave, and checks each state once."""

    base: Path
    folder: Path
    seen: set[tuple[int, int]] = field(default_factory=set)

    def check(self, state: State, acknowledged: int) -> None:
        """Read a state, recover it as a writer, and read it again."""
        mark = (hash(frozenset(state.items())), acknowledged)
        if mark in self.seen:
            return
        self.seen.add(mark)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        laid_out(state, self.base, self.folder)
        root = self.folder / "store"
        position = check_log(root, acknowledged)
        opened(root, Clock(), UnflushedDisk()).close()
        check_files(root, position)


def _models(base: Path, tape: _Tape) -> Iterator[tuple[int, PowerModel]]:
    model = PowerModel(base)
    for done, operation in enumerate(tape.operations, 1):
        model.follow(operation)
        yield done, model


@pytest.fixture(scope="module")
def whole_load(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, _Tape]:
    """Return a folder and what was done in it."""
    base = tmp_path_factory.mktemp("load")
    tape = _Tape()
    _run(base / "store", tape)
    return base, tape


def test_after_every_operation(tmp_path: Path, whole_load: tuple[Path, _Tape]) -> None:
    """After each operation of the whole load, for several ways of losing things: readable, complete, and it goes on."""
    base, tape = whole_load
    assert tape.at(len(tape.operations)) == LINES
    cuts = _Cuts(base, tmp_path / "cut")
    for done, model in _models(base, tape):
        for choice in CHOICES.values():
            cuts.check(model.after_a_cut(choice), tape.at(done))
    assert len(cuts.seen) > 400


@settings(max_examples=150, deadline=None, suppress_health_check=_FIXTURES)
@given(data=st.data())
def test_whatever_is_lost(tmp_path: Path, whole_load: tuple[Path, _Tape], data: st.DataObject) -> None:
    """Any mixture of names kept and lost, of content kept, halved and lost, after any operation."""
    base, tape = whole_load
    done = data.draw(st.integers(1, len(tape.operations)))
    model = PowerModel(base)
    for operation in tape.operations[:done]:
        model.follow(operation)
    kept = data.draw(st.lists(st.booleans(), min_size=model.open, max_size=model.open))
    content = data.draw(st.sampled_from([nothing, half, bytes]))
    state = model.after_a_cut(Choice(lambda place, _naming: kept[place], content))
    _Cuts(base, tmp_path / "cut").check(state, tape.at(done))


def test_after_a_kill(tmp_path: Path, whole_load: tuple[Path, _Tape]) -> None:
    """The power is cut while the next writer recovers from a kill, or after its first batch.

    What the killed one had not flushed may still be lost then. The kill comes before each flush of a directory.
    """
    _, load = whole_load
    points = [place for place, operation in enumerate(load.operations) if operation.kind == "sync_directory"]
    for killed in points:
        base = tmp_path / f"{killed}"
        base.mkdir()
        tape = _Tape(killed)
        with pytest.raises(_KilledError):
            _run(base / "store", tape)
        before = len(tape.acknowledged)
        _run(base / "store", tape, 1)
        recovered, _ = tape.acknowledged[before]
        cuts = _Cuts(base, tmp_path / "cut")
        for done, model in _models(base, tape):
            if killed <= done <= recovered or done == len(tape.operations):
                for choice in ("everything lost", "only removals kept"):
                    cuts.check(model.after_a_cut(CHOICES[choice]), tape.at(done))
    assert len(points) > 50
