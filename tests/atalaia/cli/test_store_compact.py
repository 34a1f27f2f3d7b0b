"""``atalaia store compact``: fewer files, the same events, and it can be stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analyzers.store.embedded.store import EmbeddedStore
from tests.atalaia.cli.stores import CHECKOUT, STREAM, endless_writer, fill, request, run, segments

OTHER = "logs-web.request-other"
_DAYS = 150
_DEADLINE = 60.0


def events(root: Path) -> int:
    """Return how many events the commits name."""
    with EmbeddedStore(root) as store:
        return sum(segment.rows for segment in store.segments)


def test_small_segments_become_one_for_each_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five commits of two days: ten segments become two, with the bytes said, and answers stay what they were."""
    fill(tmp_path, *([request(number), request(number, day=1)] for number in range(5)))
    before = sum(path.stat().st_size for path in segments(tmp_path))
    assert run("store", "compact", str(tmp_path)) == 0
    after = sum(path.stat().st_size for path in segments(tmp_path))
    assert len(segments(tmp_path)) == 2
    assert after < before
    out = capsys.readouterr().out
    assert out.startswith("10 segments of ")
    assert "before, 2 segments of " in out
    # Numbers 0 and 4 of each day failed: 4 of 10.
    assert run("errors", "--store", str(tmp_path), "--format", "csv") == 1
    assert capsys.readouterr().out.splitlines()[1].startswith("10,4,")
    assert run("store", "verify", str(tmp_path), "--deep") == 0


def test_one_stream_only(tmp_path: Path) -> None:
    """The segments of others stay as they are; a pattern means all environments; an unknown one is refused."""
    fill(tmp_path, *([request(number), request(number, stream=OTHER)] for number in range(3)))
    assert run("store", "compact", str(tmp_path), "--stream", OTHER) == 0
    assert [len([path for path in segments(tmp_path) if name in str(path)]) for name in (OTHER, STREAM)] == [1, 3]
    assert run("store", "compact", str(tmp_path), "--stream", "logs-web.request-*") == 0
    assert len(segments(tmp_path)) == 2


def test_an_unknown_stream_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal names those there are."""
    fill(tmp_path, [request(0)])
    assert run("store", "compact", str(tmp_path), "--stream", "logs-web.request-tset") == 2
    assert f"it has {STREAM}" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("compact",), ("expire",), ("verify", "--set-aside"), ("verify", "--restored")])
def test_beside_a_writer_it_is_refused(
    tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The refusal names the process and says that it does this by itself; the writer goes on."""
    root = tmp_path / "data"
    with endless_writer(root) as writer:
        assert run("store", command[0], str(root), *command[1:]) == 2
        error = capsys.readouterr().err
        assert f"pid {writer.pid}" in error
        assert "it compacts and lets expired days go by itself" in error
        assert writer.poll() is None


def test_it_can_be_stopped(tmp_path: Path) -> None:
    """Ctrl-C after the first merges: what is done is kept, the rest is as before, and the next run does the rest."""
    root = tmp_path / "data"
    fill(root, *([request(number, day=day) for day in range(_DAYS)] for number in range(2)))
    # Nice, so that this process goes first on a busy machine: it is to interrupt the other one in time.
    command = ["nice", "-n", "19", sys.executable, "-m", "atalaia", "store", "compact", str(root)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        _wait_for(root / "commits" / f"{5:020d}.json")
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=_DEADLINE)
    assert process.returncode == 130, error
    assert out.startswith("300 segments of ")
    assert error == "atalaia: stopped; what was merged until then stays merged\n"
    left = len(segments(root))
    assert _DAYS < left < 2 * _DAYS
    assert events(root) == 2 * _DAYS
    assert run("store", "compact", str(root)) == 0
    assert len(segments(root)) == _DAYS
    assert events(root) == 2 * _DAYS


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + _DEADLINE
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.001)
