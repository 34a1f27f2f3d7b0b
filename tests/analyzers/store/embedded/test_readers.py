"""Many readers beside one writer that merges, sums up and expires without pause: every answer is a consistent whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.query import Count, Field, NamedMeasure, Query
from tests.analyzers.store.embedded.busy_writer import PER_DAY, SIZE
from tests.analyzers.store.embedded.disks import UnflushedDisk
from tests.analyzers.store.embedded.events import STREAM, count, event

_CHECKOUT = Path(__file__).resolve().parents[4]
_UNTIL = 10 * PER_DAY
"""So many batches more than at its first look, and a reader has seen enough.

Merges, checkpoints and expiries happened meanwhile.
"""
_LOOKS = 10
"""It has looked more often than so, however seldom it has its turn."""


@contextmanager
def _writing(root: Path) -> Iterator[subprocess.Popen[str]]:
    # A little nice: on a busy machine it would else merge faster than a reader has its turn, again and again.
    command = ["nice", "-n", "5", sys.executable, "-m", "tests.analyzers.store.embedded.busy_writer", str(root)]
    with subprocess.Popen(command, cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def batches(store: EmbeddedStore) -> list[int]:
    """Return the batches a store has, in order, after making sure that it has each of them whole."""
    window = store.extent(STREAM)
    assert window is not None
    counted = store.query(Query(STREAM, window, (NamedMeasure("n", Count()),), by=(Field("user.id"),))).rows
    assert {row["n"] for row in counted} <= {SIZE}
    return sorted(int(str(row["user.id"])) for row in counted)


@dataclass(frozen=True)
class _Seen:
    """What a reader saw: the first and the last batch of each answer."""

    spans: list[tuple[int, int]]


def _read(store: EmbeddedStore) -> _Seen:
    """Ask without pause; each answer is a row of whole batches that only moves on."""
    spans: list[tuple[int, int]] = []
    while len(spans) <= _LOOKS or spans[-1][1] < spans[0][1] + _UNTIL:
        found = batches(store)
        assert found == list(range(found[0], found[-1] + 1))
        assert found[0] % PER_DAY == 0
        if spans:
            assert found[0] >= spans[-1][0]
            assert found[-1] >= spans[-1][1]
        spans.append((found[0], found[-1]))
    return _Seen(spans)


def _read_in_a_process(root: Path) -> str:
    code = "import sys; from tests.analyzers.store.embedded.test_readers import main; main(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(root)], cwd=_CHECKOUT, capture_output=True, text=True, check=False
    )
    return done.stderr


def main(root: str) -> None:
    """Read as one of several processes."""
    with EmbeddedStore(Path(root)) as store:
        _read(store)


def test_readers_see_wholes_only(tmp_path: Path) -> None:
    """Two processes, each with a store of its own, and two threads that share one, while the writer runs.

    No answer is an error; none has half a batch, a gap, half a day that expires, or less than an answer before.
    """
    with _writing(tmp_path) as process, ThreadPoolExecutor(5) as pool:
        output = process.stdout
        assert output is not None
        assert output.readline() == "1\n"
        drained = pool.submit(output.read)
        others = [pool.submit(_read_in_a_process, tmp_path) for _ in range(2)]
        with EmbeddedStore(tmp_path) as shared:
            seen = [thread.result() for thread in [pool.submit(_read, shared) for _ in range(2)]]
        assert [other.result() for other in others] == ["", ""]
        process.kill()
        drained.result()
    for each in seen:
        assert len(each.spans) > _LOOKS
        assert each.spans[-1][0] > each.spans[0][0]


@pytest.mark.parametrize(
    "settings", [Settings(), Settings(checkpoint_every=50, kept_commits=5)], ids=["as is", "small"]
)
def test_an_idle_reader_goes_on(tmp_path: Path, settings: Settings) -> None:
    """After 550 commits, with every file it knew merged and two checkpoints or more between, it answers as if new."""
    with EmbeddedStore(tmp_path, writable=True, settings=settings, disk=UnflushedDisk()) as store:
        store.append([event(0)])
        with EmbeddedStore(tmp_path) as reader:
            assert count(reader) == 1
            for number in range(1, 550):
                store.append([event(number)])
            assert not (tmp_path / "commits" / f"{2:020d}.json").exists()
            assert count(reader) == 550
            assert reader.segments == store.segments
