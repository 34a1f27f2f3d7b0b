"""Rotation by renaming and compressing, while the input runs and while it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.atalaia.pipeline.inputs.files.driving import (
    QUIET,
    Driver,
    append,
    compress,
    rotated,
)

Follow: TypeAlias = Callable[..., Driver]
LONG = "x" * 300

running = pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
matched = pytest.mark.parametrize("pattern", ["app.log*", "app.log"], ids=["matched", "beside"])


@running
@matched
@pytest.mark.parametrize("store", [True, False], ids=["store", "sincedb"])
def test_by_renaming(logs: Path, follow: Follow, pattern: str, *, running: bool, store: bool) -> None:
    """The rest of the renamed file and the whole new one are read, wherever the patterns look."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(path=str(logs / pattern), store=store)
    driver.look()

    def rotate() -> None:
        append(path, "two")
        path.rename(logs / "app.log.1")
        append(path, "three")

    rotated(driver, running=running, rotate=rotate)
    append(logs / "app.log.1", "late")
    append(path, "four")
    driver.look(2)
    assert sorted(driver.receiver.lines) == ["four", "late", "one", "three", "two"]
    assert driver.receiver.lines.index("two") < driver.receiver.lines.index("late")
    assert len(set(driver.receiver.ids)) == 5
    assert len({identifier.split(":")[0] for identifier in driver.receiver.ids}) == 2


@matched
def test_renamed_while_it_was_closed(logs: Path, follow: Follow, pattern: str) -> None:
    """No descriptor holds the idle file: it is found again by its inode, and its rest is read."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(path=str(logs / pattern), close_older=10)
    driver.look(2, 11)
    append(path, "two")
    path.rename(logs / "app.log.1")
    append(path, "three")
    driver.look(2)
    assert sorted(driver.receiver.lines) == ["one", "three", "two"]


@running
def test_several_rotations_at_once(logs: Path, follow: Follow, *, running: bool) -> None:
    """Renamed twice between two looks: what was read, what was not, and what was never seen, each once."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow()
    driver.look()

    def rotate() -> None:
        append(path, "two")
        path.rename(logs / "app.log.2")
        append(path, "three")
        path.rename(logs / "app.log.1")
        append(path, "four")

    rotated(driver, running=running, rotate=rotate)
    assert sorted(driver.receiver.lines) == ["four", "one", "three", "two"]


def test_the_last_line_of_a_rotated_file_needs_no_end(logs: Path, follow: Follow) -> None:
    """The writer is gone when the renamed file has not changed for five seconds: its last line is delivered."""
    path = logs / "app.log"
    append(path, "one")
    append(path, "tw", end="")
    driver = follow()
    driver.look()
    path.rename(logs / "app.log.1")
    append(path, "three")
    driver.look()
    assert driver.receiver.lines == ["one", "three"]
    driver.look(2, QUIET)
    assert driver.receiver.lines == ["one", "three", "tw"]
    driver.restart()
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one", "three", "tw"]


def test_a_last_line_that_grows_after_all_keeps_its_id(logs: Path, follow: Follow) -> None:
    """Delivered half and then whole, it is one event to a store: the ids are equal."""
    path = logs / "app.log"
    append(path, "one", "tw")
    with path.open("r+b") as file:
        file.truncate(6)
    driver = follow()
    driver.look()
    path.rename(logs / "app.log.1")
    driver.look(3, QUIET)
    append(logs / "app.log.1", "o")
    driver.look()
    assert driver.receiver.lines == ["one", "tw", "two"]
    assert driver.receiver.ids[1] == driver.receiver.ids[2]


@pytest.mark.parametrize("line", ["", LONG], ids=["short", "long"])
@running
@matched
def test_compressed_afterwards(logs: Path, follow: Follow, pattern: str, line: str, *, running: bool) -> None:
    """``app.log`` becomes ``app.log.1`` and then ``app.log.2.gz``: only the line not yet read is read from there."""
    path = logs / "app.log"
    append(path, f"one{line}", f"two{line}")
    driver = follow(path=str(logs / pattern))
    driver.look()

    def rotate() -> None:
        append(path, f"three{line}")
        path.rename(logs / "app.log.1")
        compress(logs / "app.log.1", logs / "app.log.2.gz")
        append(path, "four")

    rotated(driver, running=running, rotate=rotate)
    driver.look(3, QUIET)
    driver.restart()
    driver.look(3, QUIET)
    assert sorted(driver.receiver.lines) == sorted([f"one{line}", f"two{line}", f"three{line}", "four"])


def test_compressed_while_the_original_is_still_there(logs: Path, follow: Follow) -> None:
    """The archive is complete, the original not yet deleted: nothing is read twice, then or later."""
    path, archive = logs / "app.log.1", logs / "app.log.1.gz"
    append(path, f"one{LONG}", f"two{LONG}")
    content = path.read_bytes()
    driver = follow(discover_interval=1)
    driver.look()
    compress(path, archive)
    path.write_bytes(content)
    driver.look(2)
    path.unlink()
    driver.look(3, QUIET)
    driver.restart()
    driver.look(3, QUIET)
    assert driver.receiver.lines == [f"one{LONG}", f"two{LONG}"]
