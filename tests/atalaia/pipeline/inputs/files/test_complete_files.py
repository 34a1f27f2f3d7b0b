"""``read`` mode: files that are complete, and what is done with them afterwards."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.atalaia.pipeline.inputs.files.driving import QUIET, Driver, Receiver, append, compress, load

Follow: TypeAlias = Callable[..., Driver]


def test_a_read_file_is_deleted_once_it_is_durable(logs: Path, follow: Follow) -> None:
    """The default action, later than in Logstash: not while a line of it waits in the pipeline."""
    path = logs / "app.log"
    append(path, "one")
    append(path, "two", end="")
    driver = follow(mode="read", at_once=False)
    driver.look(3, QUIET)
    driver.receiver.settle(1)
    driver.look(2, QUIET)
    assert path.exists()
    driver.receiver.settle()
    driver.look()
    assert not path.exists()
    assert driver.receiver.lines == ["one", "two"]


def test_a_file_that_is_still_written_to_is_not_deleted(logs: Path, follow: Follow) -> None:
    """An upload that pauses for less than five seconds is not cut off; its last line comes whole."""
    path = logs / "app.log"
    driver = follow(mode="read", discover_interval=1)
    for part in ("one\ntw", "o\nthr", "ee"):
        append(path, part, end="")
        driver.look(1, 4)
    assert path.exists()
    driver.look(2, QUIET)
    assert not path.exists()
    assert driver.receiver.lines == ["one", "two", "three"]


@pytest.mark.parametrize(("action", "stays"), [("log", True), ("log_and_delete", False)])
def test_completed_files_are_logged(logs: Path, follow: Follow, action: str, *, stays: bool) -> None:
    """One path a line, once, also after a restart; an empty file is complete too."""
    done = logs.parent / "done.log"
    append(logs / "app.log", "one")
    (logs / "app.log.empty").touch()
    driver = follow(mode="read", file_completed_action=action, file_completed_log_path=str(done))
    driver.look(3, QUIET)
    driver.restart()
    driver.look(3, QUIET)
    assert sorted(done.read_text().splitlines()) == [f"{logs / 'app.log'}", f"{logs / 'app.log.empty'}"]
    assert (logs / "app.log").exists() is stays
    assert (logs / "app.log.empty").exists() is stays


def test_a_completed_file_that_grows_is_read_on(logs: Path, follow: Follow) -> None:
    """With ``log`` the file stays: what is added later is read, and the file completed again."""
    done = logs.parent / "done.log"
    path = logs / "app.log"
    append(path, "one")
    driver = follow(mode="read", file_completed_action="log", file_completed_log_path=str(done))
    driver.look(3, QUIET)
    append(path, "two")
    driver.look(3, QUIET)
    driver.watch.close()
    append(path, "three")
    driver.begin()
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one", "two", "three"]
    assert done.read_text().splitlines() == [str(path)] * 3


def test_an_ignored_file_is_not_completed(logs: Path, follow: Follow) -> None:
    """``ignore_older`` in ``read`` mode: the old file is not read, so it is not deleted either."""
    path = logs / "app.log"
    append(path, "old")
    os.utime(path, (1, 1))
    driver = follow(mode="read", ignore_older=86_400)
    driver.look(3, QUIET)
    driver.restart()
    driver.look(3, QUIET)
    assert path.read_text() == "old\n"
    assert driver.receiver.lines == []


def test_files_with_the_same_content_are_files_of_their_own(logs: Path, follow: Follow) -> None:
    """Complete files beside each other are no rotation: both are read, whatever they hold."""
    append(logs / "app.log.1", "same" * 200)
    append(logs / "app.log.2", "same" * 200)
    driver = follow(mode="read", file_completed_action="log", file_completed_log_path=str(logs.parent / "done"))
    driver.look(2)
    append(logs / "app.log.3", "same" * 200)
    driver.look(16)
    assert driver.receiver.lines == ["same" * 200] * 3


def test_a_file_like_one_that_was_deleted_after_reading_is_read(logs: Path, follow: Follow) -> None:
    """Each day's file may say the same."""
    for _ in range(3):
        append(logs / "app.log", "same" * 200)
        driver = follow(mode="read", discover_interval=1)
        driver.look(3, QUIET)
        driver.watch.close()
        assert driver.receiver.lines == ["same" * 200]


def test_a_file_like_one_that_was_taken_away_is_read(logs: Path, follow: Follow) -> None:
    """Somebody deletes the file: the next one with the same content is another one; an archive of it is not."""
    path = logs / "app.log"
    options = {"file_completed_action": "log", "file_completed_log_path": str(logs.parent / "done")}
    driver = follow(mode="read", discover_interval=1, **options)
    for _ in range(2):
        append(path, "same" * 200)
        driver.look(3, QUIET)
        path.unlink()
        driver.look(3, QUIET)
    append(path, "same" * 200)
    compress(path, logs / "app.log.gz")
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["same" * 200] * 2


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ({}, "b1 b2 c1 c2 a1 a2"),
        ({"file_sort_direction": "desc"}, "a1 a2 c1 c2 b1 b2"),
        ({"file_sort_by": "path"}, "a1 a2 b1 b2 c1 c2"),
        ({"file_sort_by": "path", "file_sort_direction": "desc"}, "c1 c2 b1 b2 a1 a2"),
        ({"file_sort_by": "path", "file_chunk_size": 3, "file_chunk_count": 1}, "a1 b1 c1 a2 b2 c2"),
    ],
)
def test_the_order_of_files(logs: Path, follow: Follow, options: dict[str, str | int], order: str) -> None:
    """By time or by path, up or down; with small chunks, each file in turn."""
    for name, instant in (("a", 3), ("b", 1), ("c", 2)):
        append(logs / f"app.log.{name}", f"{name}1", f"{name}2")
        os.utime(logs / f"app.log.{name}", (instant, instant))
    driver = follow(**options)
    driver.look()
    assert driver.receiver.lines == order.split()


def test_exit_after_read(logs: Path) -> None:
    """The run ends by itself once everything of the start is read, durable and completed."""
    append(logs / "app.log", "one")
    append(logs / "app.log", "two", end="")
    driver = Driver(logs, Receiver(), mode="read", exit_after_read="true")
    driver.watch.close()
    run = load(logs, path=str(logs / "app.log*"), mode="read", exit_after_read="true").run
    assert run is not None
    run(driver.reading)
    assert driver.receiver.lines == ["one", "two"]
    assert not (logs / "app.log").exists()


def test_exit_after_read_waits_for_what_is_not_durable(logs: Path) -> None:
    """While the pipeline has not settled the lines, the run goes on and the file stays."""
    append(logs / "app.log", "one")
    driver = Driver(logs, Receiver(at_once=False), mode="read", exit_after_read="true")
    driver.watch.close()
    run = load(logs, path=str(logs / "app.log*"), mode="read", exit_after_read="true").run
    assert run is not None
    thread = threading.Thread(target=run, args=(driver.reading,))
    thread.start()
    deadline = time.monotonic() + 60
    while not driver.receiver.waiting:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    thread.join(0.3)
    assert thread.is_alive()
    assert (logs / "app.log").exists()
    driver.receiver.settle()
    thread.join(60)
    assert not thread.is_alive()
    assert not (logs / "app.log").exists()


def test_what_cannot_be_completed_does_not_keep_the_run(logs: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The log of completed files lies in a directory that is not there: a warning, and the run ends."""
    append(logs / "app.log", "one")
    driver = Driver(logs, Receiver())
    driver.watch.close()
    options = {"file_completed_action": "log", "file_completed_log_path": str(logs / "nowhere" / "done")}
    run = load(logs, path=str(logs / "app.log*"), mode="read", exit_after_read="true", **options).run
    assert run is not None
    run(driver.reading)
    assert driver.receiver.lines == ["one"]
    assert "cannot be completed" in caplog.text
