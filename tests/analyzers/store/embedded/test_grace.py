"""Files of merged segments stay until queries that read them have had time to end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
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
