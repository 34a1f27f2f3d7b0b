"""A writer that is killed at any moment loses nothing it acknowledged and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, Field, NamedMeasure, Query
from tests.analyzers.store.embedded.crashing_writer import SIZE, SOURCE
from tests.analyzers.store.embedded.events import STREAM, count

_CHECKOUT = Path(__file__).resolve().parents[4]
_KILLS = 20


@contextmanager
def _writing(root: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.analyzers.store.embedded.crashing_writer", str(root)]
    with subprocess.Popen(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _run_and_kill(root: Path, chance: random.Random) -> int:
    """Kill a writer soon after its first acknowledgement; return the last position it acknowledged."""
    with _writing(root) as process:
        assert process.stdout is not None
        last = int(process.stdout.readline())
        killer = threading.Timer(chance.uniform(0, 0.08), process.kill)
        killer.start()
        for line in process.stdout:
            if line.endswith("\n"):
                last = int(line)
        killer.join()
    return last


def test_a_killed_writer_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """After each of many kills: every acknowledged event is there once, and the position agrees with the events."""
    chance = random.Random(20240115)  # noqa: S311 - moments of a test
    for _ in range(_KILLS):
        acknowledged = _run_and_kill(tmp_path, chance)
        with EmbeddedStore(tmp_path) as store:
            position = store.position(SOURCE)
            assert position in {acknowledged, acknowledged + SIZE}
            assert count(store) == position
            assert _distinct(store) == position


def test_many_read_while_one_writes(tmp_path: Path) -> None:
    """A reader sees whole batches only, never fewer than before, and all that was acknowledged before it asked."""
    with _writing(tmp_path) as process:
        assert process.stdout is not None
        seen = int(process.stdout.readline())
        with EmbeddedStore(tmp_path) as store:
            for line, _ in zip(process.stdout, range(40), strict=False):
                found = count(store)
                assert found >= int(line)
                assert found >= seen
                assert found % SIZE == 0
                seen = found


def _distinct(store: EmbeddedStore) -> int:
    """Return how many different events there are: each has a user of its own."""
    window = store.extent(STREAM)
    assert window is not None
    return len(store.query(Query(STREAM, window, (NamedMeasure("n", Count()),), by=(Field("user.id"),))).rows)
