"""The input in a thread and in a process of its own: stopped, refused, killed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from analyzers.store.embedded.commits import CommitLog
from atalaia.pipeline.errors import PipelineError
from tests.atalaia.pipeline.inputs.files.driving import Driver, Receiver, append, load

ROOT = Path(__file__).resolve().parents[5]
LINES = 6_000


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, a minute at the most."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_run_follows_until_it_is_stopped(logs: Path) -> None:
    """New lines and new files come by themselves; the stop does not wait for the next look."""
    driver = Driver(logs, Receiver())
    driver.watch.close()
    run = load(
        logs, path=str(logs / "app.log*"), start_position="beginning", stat_interval="20 ms", discover_interval=2
    ).run
    assert run is not None
    thread = threading.Thread(target=run, args=(driver.reading,))
    thread.start()
    append(logs / "app.log", "one")
    until(lambda: driver.receiver.lines == ["one"])
    append(logs / "app.log", "two")
    append(logs / "app.log.1", "three")
    until(lambda: sorted(driver.receiver.lines) == ["one", "three", "two"])
    driver.stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_long_pause_does_not_keep_it_from_stopping(logs: Path) -> None:
    """With an hour between looks, the run ends within seconds."""
    driver = Driver(logs, Receiver())
    driver.watch.close()
    run = load(logs, path=str(logs / "app.log"), stat_interval="1 hour").run
    assert run is not None
    thread = threading.Thread(target=run, args=(driver.reading,))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()
    driver.stop.set()
    thread.join(60)
    assert not thread.is_alive()


def test_a_pipeline_that_takes_nothing_ends_it(logs: Path) -> None:
    """The refused arrival is not counted as read: a later run hands it over again."""
    append(logs / "app.log", "one")
    driver = Driver(logs, Receiver())
    driver.watch.close()
    loaded = load(logs, path=str(logs / "app.log*"), start_position="beginning", stat_interval="20 ms")
    assert loaded.run is not None
    driver.receiver.full = True
    loaded.run(driver.reading)
    assert driver.receiver.lines == []
    driver.receiver.full = False
    driver.begin()
    driver.look()
    driver.watch.close()
    assert driver.receiver.lines == ["one"]


def test_loading_touches_no_file(logs: Path) -> None:
    """A configuration can be checked where its files are not: only the run looks for them, and says what it lacks."""
    (logs / "file").touch()
    loaded = load(logs, path="/nowhere/at/all/*.log", sincedb_path=str(logs / "file" / "since"))
    assert loaded.run is not None
    driver = Driver(logs, Receiver())
    with pytest.raises(PipelineError, match=r"sincedb .*/file/since cannot be kept(.|\n)*set sincedb_path"):
        loaded.run(driver.reading)
    driver.watch.close()


def kill_again_and_again(folder: Path, kind: str) -> None:
    """Write and rotate a log while its reader is killed every now and then; the last reader may finish."""
    logs = folder / "logs"
    logs.mkdir()
    chance = random.Random(20260314)  # noqa: S311 - a schedule, not a secret
    written = 0
    for turn in range(6):
        module = "tests.atalaia.pipeline.inputs.files.killed_reader"
        command = [sys.executable, "-m", module, str(folder), kind, str(turn)]
        reader = subprocess.Popen(command, cwd=ROOT)
        try:
            for _ in range(10):
                append(logs / "app.log", *(f"{number} {'x' * 100}" for number in range(written, written + 100)))
                written += 100
                time.sleep(chance.uniform(0.05, 0.25))
            if turn % 2:
                (logs / "app.log").rename(logs / f"app.log.{turn}")
            if turn == 5:
                until(lambda: is_all_durable(folder))
        finally:
            reader.send_signal(signal.SIGKILL)
            reader.wait()


def is_all_durable(folder: Path) -> bool:
    """Tell whether the sincedb says that everything on disk was settled."""
    total = sum(path.stat().st_size for path in (folder / "logs").iterdir())
    found = [path for path in (folder / "data").rglob(".sincedb_*") if not path.suffix]
    positions = [json.loads(line)["position"] for path in found for line in path.read_text().splitlines()[1:]]
    return bool(sum(positions) == total)


@pytest.mark.slow
def test_killed_with_a_sincedb_nothing_is_lost(tmp_path: Path) -> None:
    """Six readers killed with SIGKILL: every line arrives, and what comes again has the same id."""
    kill_again_and_again(tmp_path, "sincedb")
    found = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    once = {line["id"]: line["message"] for line in found}
    assert sorted(int(message.split()[0]) for message in once.values()) == list(range(LINES))


@pytest.mark.slow
def test_killed_with_the_embedded_store_nothing_is_doubled(tmp_path: Path) -> None:
    """The same with positions in the store: every line is there once, though ids would not show a double."""
    kill_again_and_again(tmp_path, "store")
    # Not every file that lies there: those that a merge has replaced stay half a minute for running queries.
    segments = [str(tmp_path / "store" / segment.path) for segment in CommitLog(tmp_path / "store").refresh()]
    rows = duckdb.read_parquet(segments, union_by_name=True).select("message").fetchall()
    assert sorted(int(message.split()[0]) for (message,) in rows) == list(range(LINES))
