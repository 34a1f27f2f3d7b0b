"""A real disk that is full, or read-only: the store says so, goes on reading, and goes on writing afterwards.

These tests mount a tmpfs, so they need root, as continuous integration has; without it they fail and say so.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzers.store.document import SourcePosition
from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.events import count, count_at, event
from tests.analyzers.store.embedded.load import SMALL, check_named
from tests.analyzers.store.embedded.small_disk import fill, mounted, remount

_SIZE = 1 << 21
_BATCH = 20
_PAGE = 4096
"""What a tmpfs gives room by."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return where a disk of two megabytes is mounted."""
    with mounted(tmp_path / "disk", _SIZE) as path:
        yield path


def _send(store: EmbeddedStore, batch: int) -> None:
    """Send a batch as a file source does, with some events that are stored already."""
    numbers = range(max(batch * _BATCH - 3, 0), (batch + 1) * _BATCH)
    store.append_from([event(number) for number in numbers], [SourcePosition("file", (batch + 1) * _BATCH)])


def _send_until_full(store: EmbeddedStore) -> tuple[int, StoreError]:
    """Send batches until one is refused; return how many were not, and the refusal."""
    for batch in range(1000):
        try:
            _send(store, batch)
        except StoreError as error:
            return batch, error
    raise AssertionError("the disk is never full")


def test_a_full_disk_loses_nothing(disk: Path) -> None:
    """Filled by the store itself, refused again and again, read meanwhile; freed, the same object goes on."""
    root, ballast = disk / "store", disk / "ballast"
    ballast.write_bytes(bytes(_SIZE // 2))
    with EmbeddedStore(root, writable=True, settings=SMALL) as store, EmbeddedStore(root) as reader:
        sent, refusal = _send_until_full(store)
        assert sent > 5
        assert "No space left on device" in refusal.message
        assert "free space" in str(refusal.remedy)
        assert "send again what was not acknowledged" in str(refusal.remedy)
        for _ in range(3):
            with pytest.raises(StoreError, match="No space left"):
                _send(store, sent)
            assert count(reader) in {sent * _BATCH, (sent + 1) * _BATCH}
        ballast.unlink()
        for batch in range(sent, sent + 20):
            _send(store, batch)
        assert count(store) == count(reader) == (sent + 20) * _BATCH
        assert reader.position("file") == (sent + 20) * _BATCH
        store.maintenance.compact()
    assert count_at(root) == (sent + 20) * _BATCH
    check_named(root)


def test_a_full_disk_opens_again(disk: Path) -> None:
    """Not even the lock's few bytes may fit: opening for writing says so, reading works, and both do afterwards."""
    root, ballast = disk / "store", disk / "ballast"
    with EmbeddedStore(root, writable=True) as store:
        _send(store, 0)
    (root / "writer.lock").write_bytes(b"")
    fill(ballast)
    for _ in range(2):
        with pytest.raises(StoreError, match="No space left on device") as caught:
            EmbeddedStore(root, writable=True)
        assert "free space" in str(caught.value.remedy)
        assert count_at(root) == _BATCH
    ballast.unlink()
    with EmbeddedStore(root, writable=True) as store:
        _send(store, 1)
    assert count_at(root) == 2 * _BATCH


def test_a_full_disk_cannot_begin_a_store(disk: Path) -> None:
    """What was begun is finished by the next one that has the space."""
    root, ballast = disk / "store", disk / "ballast"
    fill(ballast)
    with pytest.raises(StoreError, match="No space left on device"):
        EmbeddedStore(root, writable=True)
    ballast.unlink()
    with EmbeddedStore(root, writable=True) as store:
        _send(store, 0)
    assert count_at(root) == _BATCH


def test_a_read_only_disk(disk: Path) -> None:
    """Reading goes on, also newly opened; writing and opening for writing say why; then the same object goes on."""
    root = disk / "store"
    with EmbeddedStore(root, writable=True, settings=SMALL) as store, EmbeddedStore(root) as reader:
        for batch in range(4):
            _send(store, batch)
        remount(disk, "ro")
        for _ in range(2):
            with pytest.raises(StoreError, match="Read-only file system"):
                _send(store, 4)
            assert count(store) == count(reader) == count_at(root) == 4 * _BATCH
        remount(disk, "rw")
        for batch in range(4, 12):
            _send(store, batch)
        assert count(reader) == 12 * _BATCH
    remount(disk, "ro")
    assert count_at(root) == 12 * _BATCH
    with pytest.raises(StoreError, match="Read-only file system") as caught:
        EmbeddedStore(root, writable=True)
    assert "permissions" in str(caught.value.remedy)
    remount(disk, "rw")
    with EmbeddedStore(root, writable=True) as store:
        _send(store, 12)
    assert count_at(root) == 13 * _BATCH
    check_named(root)


def test_files_kept_for_queries_give_way(disk: Path) -> None:
    """Three small files were merged a moment ago; where nothing else is free, a batch takes their room at once."""
    root = disk / "store"
    with EmbeddedStore(root, writable=True, settings=Settings(fan_in=3)) as store, EmbeddedStore(root) as reader:
        for batch in range(3):
            _send(store, batch)
        assert len(list(root.rglob("*.parquet"))) == 4
        fill(disk / "ballast")
        _send(store, 3)
        assert count(store) == count(reader) == 4 * _BATCH
        assert reader.position("file") == 4 * _BATCH
        check_named(root)


def test_a_compaction_needs_the_room_of_one_merge(disk: Path, tmp_path: Path) -> None:
    """Of three days each merge fits only once the files of the one before are gone."""
    root, ballast, roomy = disk / "store", disk / "ballast", tmp_path / "roomy"
    with EmbeddedStore(root, writable=True) as store:
        for number in range(12):
            store.append([event(number // 4 * 1440 + number)])
    shutil.copytree(root, roomy)
    with EmbeddedStore(roomy, writable=True) as store:
        store.maintenance.compact()
        largest = max(segment.size for segment in store.segments)
    commit = max(file.stat().st_size for file in (roomy / "commits").iterdir())
    fill(ballast)
    os.truncate(ballast, ballast.stat().st_size - largest - commit - 3 * _PAGE)
    with EmbeddedStore(root, writable=True) as store:
        assert store.maintenance.compact().segments == 12
        assert len(store.segments) == 3
        assert count(store) == 12
