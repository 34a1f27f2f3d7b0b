"""What lies in a store's directory, and what becomes of damage, strangers and second writers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xxhash

from analyzers.store.document import SourcePosition
from analyzers.store.embedded.rows import documents_of
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import KeepsPositions, StoreError
from tests.analyzers.store.embedded.events import STREAM, count, count_at, event, write

_CHECKOUT = Path(__file__).resolve().parents[4]
_DAY = "streams/logs-web.request-test/date=2024-01-15"


def _segments(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.parquet"))


def test_a_batch_is_one_commit_with_a_segment_for_each_day(tmp_path: Path) -> None:
    """Layout and commit are as documented; every document is kept whole; the clock stamps the commit."""
    now = datetime(2024, 2, 1, 12, tzinfo=UTC)
    with EmbeddedStore(tmp_path, writable=True, clock=lambda: now) as store:
        store.append([event(1440), event(0), event(5)])
    line, checksum = (tmp_path / "commits/00000000000000000001.json").read_text().splitlines()
    assert checksum == xxhash.xxh3_64_hexdigest(line.encode())
    commit = json.loads(line)
    assert datetime.fromisoformat(commit["committed_at"]) == now
    assert [(segment["rows"], segment["first"], segment["last"]) for segment in commit["added"]] == [
        (2, 1705276800000, 1705277100000),
        (1, 1705363200000, 1705363200000),
    ]
    first, second = _segments(tmp_path)
    assert first == f"{_DAY}/00000000000000000001-0.parquet"
    assert "date=2024-01-16" in second
    table = pq.ParquetFile(tmp_path / first).read()
    assert table.column("_id").to_pylist() == ["e0", "e5"]
    columns = next(segment["columns"] for segment in commit["added"] if segment["path"] == first)
    assert list(documents_of(table, STREAM, columns)) == [event(0), event(5)]
    assert table.column("user.id").to_pylist() == ["0", "5"]


def test_positions_are_kept_with_the_events(tmp_path: Path) -> None:
    """They survive, also without an event; unknown sources start at 0; one source twice is refused whole."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        assert isinstance(store, KeepsPositions)
        store.append_from([event(0)], [SourcePosition("a", 10), SourcePosition("b", 20)])
        store.append_from([], [SourcePosition("a", 30)])
        with pytest.raises(StoreError, match="twice"):
            store.append_from([event(1)], [SourcePosition("a", 40), SourcePosition("a", 41)])
    with EmbeddedStore(tmp_path) as store:
        assert [store.position(source) for source in ("a", "b", "c")] == [30, 20, 0]
        assert count(store) == 1


def test_a_second_writer_is_refused_by_name(tmp_path: Path) -> None:
    """The refusal names the process that writes; reading goes on; the right is free again after close."""
    with EmbeddedStore(tmp_path, writable=True) as store:
        store.append([event(0)])
        opener = "import sys; from analyzers.store.open import open_store; open_store(sys.argv[1], writable=True)"
        second = subprocess.run(
            [sys.executable, "-c", opener, str(tmp_path)], cwd=_CHECKOUT, capture_output=True, text=True, check=False
        )
        assert f"another process (pid {os.getpid()}) is writing to {tmp_path}" in second.stderr
        assert count_at(tmp_path) == 1
    write(tmp_path, [1])
    assert count_at(tmp_path) == 2


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """Not a file appears, goes or changes."""
    write(tmp_path, [0])

    def state() -> list[tuple[str, int]]:
        return sorted((str(path), path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))

    before = state()
    assert count_at(tmp_path) == 1
    assert state() == before


def test_what_no_commit_names_is_invisible_and_removed_by_the_next_writer(tmp_path: Path) -> None:
    """The rest of interrupted writes, segments and commits, whole and half."""
    write(tmp_path, [0])
    (segment,) = _segments(tmp_path)
    rests = [f"{_DAY}/00000000000000000002-0.parquet", f"{_DAY}/00000000000000000002-1.parquet.tmp"]
    rests.append("commits/00000000000000000002.json.tmp")
    for rest in rests:
        (tmp_path / rest).write_bytes((tmp_path / segment).read_bytes())
    assert count_at(tmp_path) == 1
    write(tmp_path, [])
    assert [rest for rest in rests if (tmp_path / rest).exists()] == []
    assert count_at(tmp_path) == 1


_COMMIT = "commits/00000000000000000001.json"


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def _garble_tail(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4] + b"XXXX")


def _garble(path: Path) -> None:
    path.write_text("{}")


_SEGMENT = f"{_DAY}/00000000000000000001-0.parquet"
_DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a segment cut short": (_SEGMENT, _truncate),
    "a segment with another end": (_SEGMENT, _garble_tail),
    "a segment that is gone": (_SEGMENT, Path.unlink),
    "a commit cut short": (_COMMIT, _truncate),
    "a commit of another shape": (_COMMIT, _garble),
    "a commit that is gone": (_COMMIT, Path.unlink),
    "a version file of another shape": ("atalaia-store.json", _garble),
}


@pytest.mark.parametrize("case", _DAMAGE)
def test_damage_is_named(tmp_path: Path, case: str) -> None:
    """A reader says which file is damaged and what to do, and gives no answer."""
    write(tmp_path, range(50))
    write(tmp_path, [99])
    name, harm = _DAMAGE[case]
    harm(tmp_path / name)
    with pytest.raises(StoreError) as caught:
        count_at(tmp_path)
    assert name in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["commits/notes.txt", "streams/notes.txt", f"{_DAY}/other.parquet"])
def test_a_writer_removes_no_stranger_s_file(tmp_path: Path, name: str) -> None:
    """It names the file, and leaves it and everything else where it is."""
    write(tmp_path, [0])
    (tmp_path / name).write_text("mine")
    before = _segments(tmp_path)
    with pytest.raises(StoreError, match=r"notes\.txt|other\.parquet"):
        write(tmp_path, [1])
    assert (tmp_path / name).read_text() == "mine"
    assert _segments(tmp_path) == before


def test_another_format_is_refused(tmp_path: Path) -> None:
    """A newer store is neither read nor written."""
    write(tmp_path, [0])
    (tmp_path / "atalaia-store.json").write_text('{"product": "atalaia", "format": 3}')
    for writable in (False, True):
        with pytest.raises(StoreError, match="format 3"):
            EmbeddedStore(tmp_path, writable=writable)
