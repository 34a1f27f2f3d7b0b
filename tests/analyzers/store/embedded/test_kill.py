"""A writer that is killed before any operation, or in the middle of any write, loses nothing and doubles nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.analyzers.store.embedded.disks import UnflushedDisk
from tests.analyzers.store.embedded.load import BATCHES, SIZE, Clock, check, check_files, opened, send

_CHECKOUT = Path(__file__).resolve().parents[4]
_SHARES = 2
_KINDS = {"make_directory", "write", "sync", "rename", "sync_directory", "unlink", "remove_directory"}


@contextmanager
def _killing(folder: Path, share: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.analyzers.store.embedded.kill_driver", str(folder), str(share)]
    with subprocess.Popen([*command, str(_SHARES)], cwd=_CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _look(root: Path, acknowledged: int) -> None:
    """Check what a killed writer left, go on as a file source does, and check again."""
    position = check(root, acknowledged)
    clock = Clock()
    with opened(root, clock, UnflushedDisk()) as store:
        batch = min(position // SIZE, BATCHES - 1)
        after = send(store, clock, batch)
    check_files(root, after)


def test_a_kill_at_every_operation_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """At each of more than 250 points of a load that appends, merges, sums up and expires, a real SIGKILL.

    Every acknowledged event is there exactly once for a reader, the source's position agrees with the events, the next
    writer goes on from it with every event once, and nothing is left that no commit names. A sample is killed again at
    every operation of the recovery.
    """
    points: Counter[str] = Counter()
    folders = [tmp_path / str(share) for share in range(_SHARES)]
    for folder in folders:
        folder.mkdir()
    with _killing(folders[0], 0) as one, _killing(folders[1], 1) as other:
        for process in (one, other):
            assert process.stdout is not None
            for told in process.stdout:
                kind, acknowledged, root = told.split(maxsplit=2)
                _look(Path(root.strip()), int(acknowledged))
                shutil.rmtree(root.strip())
                points[kind] += 1
            assert process.wait() == 0
    assert points.pop("recovery") > 50
    assert set(points) == _KINDS
    assert points.total() > 250
