"""``atalaia store info``: numbers worked out by hand, also while another process writes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from analyzers.store.document import SourcePosition
from analyzers.store.embedded.store import EmbeddedStore
from tests.atalaia.cli.stores import STREAM, WRITTEN, endless_writer, fill, flip, request, run, segments

OTHER = "logs-web.request-other"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three events of one stream on two days in two commits, one of another stream, and two sources."""
    root = tmp_path / "data"
    fill(root, [request(0), request(1)], [request(61, day=1), request(5, stream=OTHER)])
    with EmbeddedStore(root, writable=True, clock=lambda: WRITTEN) as opened:
        opened.append_from([], [SourcePosition("a/log", 1234), SourcePosition("b/log", 9)])
    return root


def test_everything_is_told_to_programs(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts, spans, sizes and when the oldest day goes: 30 days after it was written, for it was written late."""
    assert run("store", "info", str(store), "--format", "json", "--positions") == 0
    told = json.loads(capsys.readouterr().out)
    sizes = {
        name: sum(path.stat().st_size for path in segments(store) if f"/{name}/" in str(path))
        for name in (OTHER, STREAM)
    }
    assert told == {
        "store": str(store),
        "format": 2,
        "commit": 3,
        "checkpoint": 0,
        "writer_pid": None,
        "streams": [
            {
                "stream": OTHER,
                "events": 1,
                "first": "2024-01-15T00:05:00Z",
                "last": "2024-01-15T00:05:00Z",
                "days": 1,
                "segments": 1,
                "bytes": sizes[OTHER],
                "retention_seconds": 30 * 86400,
                "next_to_expire": {"day": "2024-01-15", "events": 1, "at": "2024-03-02T12:00:00Z"},
            },
            {
                "stream": STREAM,
                "events": 3,
                "first": "2024-01-15T00:00:00Z",
                "last": "2024-01-16T01:01:00Z",
                "days": 2,
                "segments": 2,
                "bytes": sizes[STREAM],
                "retention_seconds": 30 * 86400,
                "next_to_expire": {"day": "2024-01-15", "events": 2, "at": "2024-03-02T12:00:00Z"},
            },
        ],
        "segments_due_for_a_merge": 0,
        "segments_to_compact": 0,
        "compacted_into": 0,
        "losses": [],
        "sources": 2,
        "positions": {"a/log": 1234, "b/log": 9},
    }


def test_people_see_a_table_of_80_columns(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The numbers of each stream, how long it is kept, and the positions when they are asked for."""
    assert run("store", "info", str(store), "--positions") == 0
    out = capsys.readouterr().out
    assert "4 events" in out
    assert "commit 3, checkpoint 0; nobody writes it" in out
    rows = [line.split() for line in out.splitlines() if line.startswith("logs-web.request-test")]
    assert rows[0][1:4] == ["3", "2", "2"]
    assert rows[1][1:] == ["2024-01-15", "00:00", "2024-01-16", "01:01", "30d", "2024-03-02"]
    assert "  1,234  a/log" in out
    assert [line for line in out.splitlines() if len(line) > 80 and str(store) not in line] == []


def test_small_segments_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three of one day could be one."""
    fill(tmp_path, [request(0)], [request(1)], [request(2)])
    assert run("store", "info", str(tmp_path)) == 0
    assert "3 small segments could be 1: atalaia store compact" in capsys.readouterr().out


def test_the_writer_is_named_while_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its process id, without keeping it from writing; nobody once it was killed, although its lock file stays."""
    root = tmp_path / "data"
    with endless_writer(root) as writer:
        assert run("store", "info", str(root), "--format", "json") == 0
        assert json.loads(capsys.readouterr().out)["writer_pid"] == writer.pid
        assert writer.poll() is None
    assert run("store", "info", str(root), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["writer_pid"] is None
    assert (root / "writer.lock").exists()


def test_a_process_that_has_ceased_to_write_is_not_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """This very process wrote the store and runs on; and a number in the lock file that is no process's is nobody."""
    fill(tmp_path, [request(0)])
    assert (tmp_path / "writer.lock").read_text() == f"{os.getpid()}\n"
    assert run("store", "info", str(tmp_path), "--format", "json") == 0
    (tmp_path / "writer.lock").write_text("not a number")
    assert run("store", "info", str(tmp_path), "--format", "json") == 0
    assert capsys.readouterr().out.count('"writer_pid": null') == 2


def test_losses_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many events of which stream and span, why, and where the damaged file is."""
    fill(tmp_path, [request(0), request(9)])
    (segment,) = segments(tmp_path)
    flip(segment, 100)
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    capsys.readouterr()
    assert run("store", "info", str(tmp_path)) == 0
    out = capsys.readouterr().out
    assert f"2 events of {STREAM}\n    2024-01-15 00:00:00 to 2024-01-15 00:09:00 UTC" in out
    assert "noticed 2024-02-01 12:00: the checksum of 1 of its 2 parts does not fit" in out
    kept = f"damaged/{STREAM}/date=2024-01-15/{segment.name}"
    assert f"is kept as {kept}" in out
    assert (tmp_path / kept).exists()


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://localhost:9200", "atalaia elasticsearch status"),
        ("https://localhost:9200", "atalaia elasticsearch status"),
        ("/nowhere/at/all", "there is no store at"),
    ],
)
@pytest.mark.parametrize("command", ["info", "verify", "compact", "expire"])
def test_what_is_no_embedded_store_is_refused(
    command: str, location: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line that says what to do instead; nothing is created."""
    assert run("store", command, location) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
    assert not Path("/nowhere").exists()
