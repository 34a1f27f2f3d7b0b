"""``atalaia store verify``: what is damaged is found and can be set aside; what is sound is said to be."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers.store.embedded.settings import Settings
from analyzers.store.embedded.store import EmbeddedStore
from tests.atalaia.cli.stores import STREAM, endless_writer, fill, flip, request, run, segments


def _flip_first(path: Path) -> None:
    flip(path, 0)


def _flip_one(path: Path) -> None:
    flip(path, 20)


def _shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def _remove(path: Path) -> None:
    path.unlink()


def requests_of(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return how many requests ``atalaia errors`` counts, and what it says beside that."""
    capsys.readouterr()
    run("errors", "--store", str(root), "--format", "json")
    told = capsys.readouterr()
    return json.loads(told.out)["rows"][0]["requests"], told.err


@pytest.mark.parametrize("deep", [(), ("--deep",)])
def test_a_sound_store_is_sound(tmp_path: Path, deep: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, with what was read; not a byte of the store changes."""
    fill(tmp_path, [request(0), request(1)], [request(2, day=1)])
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    assert run("store", "verify", str(tmp_path), *deep) == 0
    told = capsys.readouterr()
    assert told.out.startswith("✔ sound: 2 segments, 3 events, ")
    assert told.err == ""
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_flip_first, "the checksum of 1 of its 2 parts does not fit"),
        (_flip_one, "the checksum of 1 of its 2 parts does not fit"),
        (_shorten, "bytes instead of"),
        (_remove, "it is gone"),
    ],
)
def test_damage_is_found_and_set_aside(
    tmp_path: Path, damage: Callable[[Path], None], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One damaged segment of two: found with status 1, named with its events; set aside, the other day is answered."""
    fill(tmp_path, [request(0), request(1), request(2)], [request(3, day=1), request(5, day=1)])
    broken = segments(tmp_path)[0]
    damage(broken)
    assert run("errors", "--store", str(tmp_path)) == 2
    assert "atalaia store verify" in capsys.readouterr().err
    for deep in ((), ("--deep",)):
        assert run("store", "verify", str(tmp_path), *deep) == 1
        told = capsys.readouterr()
        assert told.out.startswith("✘ not sound, 1 finding: 2 segments, 5 events, ")
        assert str(broken.relative_to(tmp_path)) in told.out
        assert reason in told.out
        assert f"3 events of {STREAM}\n    2024-01-15 00:00:00 to 2024-01-15 00:02:00 UTC" in told.out
        assert "--set-aside" in told.err
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    told = capsys.readouterr()
    assert told.out.endswith("set aside: 1 segment; 3 events lost, 0 kept\n")
    assert "--from-start" in told.err
    assert run("store", "verify", str(tmp_path), "--deep") == 0
    found, note = requests_of(tmp_path, capsys)
    assert found == 2
    assert "3 events were lost of 2024-01-15 (UTC) to disk damage and not counted" in note


def test_intact_row_groups_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten events in groups of four, the second group damaged: four are lost, six are kept."""
    monkeypatch.setattr("analyzers.store.embedded.parquet.ROW_GROUP", 4)
    fill(tmp_path, [request(number) for number in range(10)])
    with EmbeddedStore(tmp_path) as store:
        (segment,) = store.segments
    assert len(segment.pieces) == 4
    flip(segments(tmp_path)[0], segment.pieces[0].end + 5)
    assert run("store", "verify", str(tmp_path), "--set-aside", "--format", "json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is False
    assert [(loss["events"], loss["segment"]) for loss in told["losses"]] == [(4, segment.path)]
    assert requests_of(tmp_path, capsys)[0] == 6


def test_losses_that_were_restored_are_mentioned_no_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only from when a person says so; ``info`` remembers the loss all the same."""
    fill(tmp_path, [request(0), request(1)])
    flip(segments(tmp_path)[0], 9)
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    fill(tmp_path, [request(0), request(1)])
    found, note = requests_of(tmp_path, capsys)
    assert found == 2
    assert "2 events were lost" in note
    assert run("store", "verify", str(tmp_path), "--restored") == 0
    assert "no longer taken to be lost: 2 events" in capsys.readouterr().out
    assert requests_of(tmp_path, capsys) == (2, "")
    assert run("store", "info", str(tmp_path)) == 0
    assert "said to be stored again 2024-02-01 12:00" in capsys.readouterr().out


def test_setting_aside_and_restored_are_two_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both at once would take what was just lost for restored."""
    fill(tmp_path, [request(0)])
    assert run("store", "verify", str(tmp_path), "--set-aside", "--restored") == 2
    assert "two steps" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("window", "mentioned"),
    [
        ((), True),
        (("--since", "2024-01-15T00:02:00Z", "--until", "2024-01-15T00:03:00Z"), True),
        (("--since", "2024-01-15T00:02:01Z", "--until", "2024-01-16"), False),
        (("--until", "2024-01-15T00:01:00Z"), False),
        (("--until", "2024-01-15T00:01:01Z"), True),
        (("--since", "2024-01-15T00:02:00Z"), True),
        (("--since", "2024-01-16"), False),
    ],
)
def test_a_loss_is_mentioned_where_the_window_touches_it(
    tmp_path: Path, window: tuple[str, ...], *, mentioned: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lost between 00:01 and 00:02; a window that begins with the store's own events means the lost ones, too."""
    fill(tmp_path, [request(1), request(2)], [request(0), request(60, day=1)])
    broken = next(path for path in segments(tmp_path) if path.name.startswith(f"{1:020d}"))
    flip(broken, 9)
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    capsys.readouterr()
    run("errors", "--store", str(tmp_path), "--format", "json", *window)
    told = capsys.readouterr()
    assert ("2 events were lost" in told.err) is mentioned
    answer = json.loads(told.out)
    assert [each["events"] for each in answer.get("lost", [])] == ([2] if mentioned else [])


def test_a_store_that_lost_everything_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not only that it holds no events."""
    fill(tmp_path, [request(1)])
    flip(segments(tmp_path)[0], 9)
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    capsys.readouterr()
    assert run("errors", "--store", str(tmp_path)) == 2
    lost, empty = capsys.readouterr().err.splitlines()
    assert "1 event was lost of 2024-01-15" in lost
    assert "the store holds no events" in empty


def test_segments_that_are_merged_meanwhile_are_no_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside a process that writes and merges all the time, every verification finds a sound store."""
    root = tmp_path / "data"
    with endless_writer(root) as writer:
        runs, deadline = 0, time.monotonic() + 300
        while runs < 6 or not _has_merged(root):
            for deep in ((), ("--deep",)):
                assert run("store", "verify", str(root), *deep) == 0, capsys.readouterr().out
            runs += 1
            assert writer.poll() is None
            assert time.monotonic() < deadline


def _has_merged(root: Path) -> bool:
    """Tell whether a segment holds more than one batch of the endless writer."""
    with EmbeddedStore(root) as store:
        return any(segment.rows > 100 for segment in store.segments)


def test_a_foreign_file_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A writer would refuse to work beside it; the rest of an interrupted write is harmless and only mentioned."""
    fill(tmp_path, [request(0)])
    folder = segments(tmp_path)[0].parent
    (folder / f"{9:020d}-0.parquet").write_bytes(b"rest")
    assert run("store", "verify", str(tmp_path), "--deep") == 0
    assert "of interrupted writes: 1 file" in capsys.readouterr().out
    (folder / "notes.txt").write_text("mine")
    assert run("store", "verify", str(tmp_path), "--deep") == 1
    assert "notes.txt\n    it is not a file of this store" in capsys.readouterr().out


def test_a_damaged_commit_that_a_checkpoint_has_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No reader needs it any more, so the store opens; the newest one is needed, so it does not."""
    often = Settings(checkpoint_every=4, kept_commits=3)
    fill(tmp_path, *([request(number)] for number in range(6)), settings=often)
    flip(tmp_path / "commits" / f"{2:020d}.json", 20)
    assert run("store", "verify", str(tmp_path)) == 1
    assert f"commits/{2:020d}.json\n    is damaged: its checksum does not fit" in capsys.readouterr().out
    newest = max((tmp_path / "commits").glob("*[0-9].json"))
    flip(newest, 20)
    assert run("store", "verify", str(tmp_path)) == 2
    assert "its checksum does not fit" in capsys.readouterr().err


@pytest.mark.parametrize(("day", "window"), [(0, ()), (0, ("--until", "2024-01-20")), (2, ())])
def test_a_loss_beyond_what_is_left_is_mentioned(
    tmp_path: Path, day: int, window: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The first or the last day is lost: a window without that bound means all the store had, not what it has left."""
    fill(tmp_path, [request(0), request(0, day=1), request(0, day=2)])
    flip(segments(tmp_path)[day], 9)
    assert run("store", "verify", str(tmp_path), "--set-aside") == 1
    capsys.readouterr()
    run("errors", "--store", str(tmp_path), *window)
    assert f"1 event was lost of 2024-01-{15 + day}" in capsys.readouterr().err


def test_alerts_and_the_weekly_report_mention_a_loss(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the window that is judged, and of the week (2024-W03 begins on 15 January)."""
    root = tmp_path / "data"
    fill(root, [request(0), request(1)], [request(2), request(3)])
    flip(segments(root)[0], 9)
    assert run("store", "verify", str(root), "--set-aside") == 1
    capsys.readouterr()
    state = str(tmp_path / "state")
    run("alerts", "check", "--at", "2024-01-15T00:04:00Z", "--store", str(root), "--state", state, "--min-events", "1")
    assert "2 events were lost of 2024-01-15" in capsys.readouterr().err
    run("alerts", "check", "--at", "2024-01-15T00:10:00Z", "--store", str(root), "--state", state, "--min-events", "1")
    assert "lost" not in capsys.readouterr().err
    run("report", "weekly", "--week", "2024-W03", "--output", "-", "--format", "json", "--store", str(root))
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert "2 events were lost of 2024-01-15 (UTC) to disk damage and not counted" in notes
