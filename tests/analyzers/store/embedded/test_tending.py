"""What a writer does beside writing: merged files stay for a while, and what cannot be judged stops nothing."""

from __future__ import annotations

import errno
import logging
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import count as counted
from pathlib import Path

import pytest

from analyzers.store.embedded.batch import read_batch
from analyzers.store.embedded.journal import Journal, Step
from analyzers.store.embedded.segments import new_segments
from analyzers.store.embedded.settings import Settings, Site
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.embedded.verification import verified
from analyzers.store.interface import StoreError
from tests.analyzers.store.embedded.disks import FailingDisk
from tests.analyzers.store.embedded.events import START, count, event

_SMALL = Settings(fan_in=3)


def _files(root: Path) -> int:
    return len(list(root.rglob("*.parquet")))


def test_merged_files_stay_for_half_a_minute(tmp_path: Path) -> None:
    """They are there 29 seconds after the merge and gone after 30, with the next batch; the answer is the same."""
    now = [START]
    with EmbeddedStore(tmp_path, writable=True, clock=lambda: now[0], settings=_SMALL) as store:
        for number in range(3):
            store.append([event(number)])
        assert (_files(tmp_path), len(store.segments)) == (4, 1)
        now[0] += timedelta(seconds=29)
        store.append([event(3)])
        assert (_files(tmp_path), len(store.segments)) == (5, 2)
        now[0] += timedelta(seconds=1)
        store.append([event(4)])
        assert (_files(tmp_path), len(store.segments)) == (3, 3)
        assert count(store) == 5


def test_a_query_that_began_before_the_merge_ends_in_peace(tmp_path: Path) -> None:
    """What a reader listed can still be opened once it is merged, and a reader that comes later reads the new one."""
    with EmbeddedStore(tmp_path, writable=True, settings=_SMALL) as store:
        store.append([event(0)])
        store.append([event(1)])
        with EmbeddedStore(tmp_path) as reader:
            listed = reader.segments
            store.append([event(2)])
            assert len(store.segments) == 1
            assert all((tmp_path / segment.path).is_file() for segment in listed)
            assert count(reader) == 3


def test_closing_leaves_only_what_is_needed(tmp_path: Path) -> None:
    """Also when the half minute has not passed; and a writer that was killed leaves it to the next one."""
    with EmbeddedStore(tmp_path, writable=True, settings=_SMALL) as store:
        for number in range(3):
            store.append([event(number)])
    assert _files(tmp_path) == 1
    (segment,) = tmp_path.rglob("*.parquet")
    segment.with_name(f"{1:020d}-0.parquet").write_bytes(segment.read_bytes())
    with EmbeddedStore(tmp_path, writable=True) as store:
        assert (_files(tmp_path), count(store)) == (1, 3)


def test_a_disk_that_refuses_while_closing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is said; another writer may come and removes the files, and the one that was closed touches nothing more."""
    disk = FailingDisk(-1, errno.EROFS)
    store = EmbeddedStore(tmp_path, writable=True, disk=disk, settings=_SMALL)
    for number in range(3):
        store.append([event(number)])
    disk.left = 0
    with caplog.at_level(logging.WARNING):
        store.close()
    assert "stay until it is opened again" in caplog.text
    store.close()
    assert _files(tmp_path) == 4
    with EmbeddedStore(tmp_path, writable=True) as other:
        assert (_files(tmp_path), count(other)) == (1, 3)


def test_what_is_set_aside_stays_as_long(tmp_path: Path) -> None:
    """The damaged file is copied at once, and goes from its place after the half minute."""
    now = [START]
    with EmbeddedStore(tmp_path, writable=True, clock=lambda: now[0]) as store:
        store.append([event(0)])
        (file,) = tmp_path.rglob("*.parquet")
        content = file.read_bytes()
        file.write_bytes(content[:-1])
        (damage,) = (finding.damage for finding in verified(tmp_path).findings)
        assert damage is not None
        (loss,) = store.maintenance.set_aside([damage])
        assert loss.kept is not None
        assert file.read_bytes() == (tmp_path / loss.kept).read_bytes() == content[:-1]
        now[0] += timedelta(seconds=30)
        store.append([event(1_440)])
        assert not file.exists()
        assert (loss.rows, count(store)) == (0, 2)


@pytest.mark.parametrize("late", [False, True], ids=["not done", "done all the same"])
def test_a_disk_that_fails_once_while_files_are_kept(tmp_path: Path, *, late: bool) -> None:
    """At every operation of five batches with a merge among them: each event is there once, and no file is left."""
    for at in counted():
        root, disk = tmp_path / "store", FailingDisk(-1, errno.ENOSPC, late=late)
        with EmbeddedStore(root, writable=True, disk=disk, settings=_SMALL) as store:
            disk.left = at
            for number in range(5):
                try:
                    store.append([event(number)])
                except StoreError:
                    store.append([event(number)])
            assert count(store) == 5
            happened, disk.left = disk.left < 0, -1
        assert not [file for file in root.rglob("*.tmp") if file.is_file()]
        with EmbeddedStore(root) as reader:
            assert _files(root) == len(reader.segments)
        shutil.rmtree(root)
        if not happened:
            break
    assert at > 30


def test_a_stream_without_a_template_is_kept_and_stops_no_merge(tmp_path: Path) -> None:
    """A store may hold what today's templates do not know: nobody says when it expires, so it does not."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.append([event(0)])
    (known,) = new_segments(read_batch([event(1)]), 0)
    Journal(Site(tmp_path, lambda: START)).change(Step([replace(known, stream="logs-gone.kind-test")]))
    late = START + timedelta(days=400)
    with EmbeddedStore(tmp_path, writable=True, clock=lambda: late, settings=_SMALL) as store:
        for number in range(2, 8):
            store.append([event(number)])
        assert [segment.rows for segment in store.segments if segment.stream == "logs-gone.kind-test"] == [1]
        assert max(segment.rows for segment in store.segments) >= 3
