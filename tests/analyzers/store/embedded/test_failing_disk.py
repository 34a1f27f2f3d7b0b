"""A disk that fails once, at any operation, in any way: the batch that is sent again is stored exactly once."""

from __future__ import annotations

import errno
import shutil
from itertools import count
from pathlib import Path

import pytest

from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.disks import FailingDisk, UnflushedDisk
from tests.analyzers.store.embedded.load import (
    BATCHES,
    SIZE,
    Clock,
    check_files,
    check_log,
    opened,
    send,
)

_NUMBERS = (errno.ENOSPC, errno.EIO, errno.EROFS)


def _send_batch(root: Path, batch: int, disk: FailingDisk) -> int:
    """Send a batch as a source does that sends it until it is acknowledged, then, if that hit the failure, another.

    The store is opened again only when it could not be opened at all. Returns how often something was refused.
    """
    clock = Clock()
    refused = 0
    try:
        store = opened(root, clock, disk)
    except StoreError:
        refused += 1
        store = opened(root, clock, disk)
    with store:
        try:
            send(store, clock, batch)
        except StoreError:
            refused += 1
            check_log(root, batch * SIZE)
            send(store, clock, batch)
        if disk.left < 0:
            send(store, clock, batch + 1)
            check_files(root, (batch + 2) * SIZE)
    return refused


@pytest.mark.parametrize("late", [False, True], ids=["not done", "done all the same"])
def test_a_disk_that_fails_once(tmp_path: Path, *, late: bool) -> None:
    """At every operation of the load in turn: full, broken or read-only, with half a file written or all of it.

    The batch is refused, or only maintenance is put off; the same object goes on; nothing is left over.
    """
    failures = refused = 0
    start, root = tmp_path / "start", tmp_path / "store"
    for batch in range(BATCHES - 1):
        for at in count():
            if start.exists():
                shutil.copytree(start, root)
            disk = FailingDisk(at, _NUMBERS[at % 3], late=late)
            refused += _send_batch(root, batch, disk)
            shutil.rmtree(root)
            if disk.left >= 0:
                break
            failures += 1
        with opened(start, clock := Clock(), UnflushedDisk()) as store:
            send(store, clock, batch)
    assert failures > 200
    assert refused > 100


def test_maintenance_that_failed_leaves_nothing(tmp_path: Path) -> None:
    """A compaction that the disk refuses at any operation says so, changes no answer and leaves no file for long."""
    for at in range(200):
        root = tmp_path / f"{at}"
        clock = Clock()
        disk = FailingDisk(-1, errno.ENOSPC)
        with opened(root, clock, disk) as store:
            for batch in range(3):
                send(store, clock, batch)
            disk.left = at
            try:
                store.maintenance.compact()
            except StoreError:
                check_log(root, 3 * SIZE)
            else:
                if disk.left >= 0:
                    return
                # Merged files that were kept for queries gave way, and the rest went well.
            send(store, clock, 3)
            store.maintenance.compact()
        check_files(root, 4 * SIZE)
    raise AssertionError("the compaction never ends")
