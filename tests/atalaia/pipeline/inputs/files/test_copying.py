"""Rotation by copying and emptying, while the input runs and while it does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.atalaia.pipeline.inputs.files.driving import (
    QUIET,
    Driver,
    append,
    compress,
    copy_and_truncate,
    records,
    rotated,
)

Follow: TypeAlias = Callable[..., Driver]
LONG = "x" * 300

running = pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
matched = pytest.mark.parametrize("pattern", ["app.log*", "app.log"], ids=["matched", "beside"])


@pytest.mark.parametrize("line", ["", LONG], ids=["short", "long"])
@running
@matched
def test_by_copying(logs: Path, follow: Follow, pattern: str, line: str, *, running: bool) -> None:
    """The copy is not read again, but for the line that was not read before; the emptied file is new."""
    path = logs / "app.log"
    append(path, f"one{line}")
    driver = follow(path=str(logs / pattern))
    driver.look()

    def rotate() -> None:
        append(path, f"two{line}")
        copy_and_truncate(path, logs / "app.log.1")
        append(path, "3")

    rotated(driver, running=running, rotate=rotate)
    assert sorted(driver.receiver.lines) == ["3", f"one{line}", f"two{line}"]
    assert len(set(driver.receiver.ids)) == 3


@pytest.mark.parametrize("line", ["", LONG], ids=["short", "long"])
def test_a_copy_seen_before_the_original_is_emptied(logs: Path, follow: Follow, line: str) -> None:
    """Between copying and emptying there are two files with the same content: neither is read twice."""
    path = logs / "app.log"
    append(path, f"one{line}", f"two{line}")
    driver = follow(discover_interval=1)
    driver.look()
    shutil.copyfile(path, logs / "app.log.1")
    driver.look(2)
    os.truncate(path, 0)
    driver.look()
    append(path, "three")
    driver.look(2, QUIET)
    assert driver.receiver.lines == [f"one{line}", f"two{line}", "three"]


def test_a_copy_while_it_is_being_made(logs: Path, follow: Follow) -> None:
    """Half of the copy is there at one look and the rest at the next: it stays a copy."""
    path = logs / "app.log"
    append(path, *(f"{number} {LONG}" for number in range(20)))
    content = path.read_bytes()
    driver = follow(discover_interval=1)
    driver.look()
    copy = logs / "app.log.1"
    copy.write_bytes(content[:3_000])
    driver.look(2, QUIET)
    copy.write_bytes(content)
    driver.look(2, QUIET)
    os.truncate(path, 0)
    driver.look(2, QUIET)
    assert len(driver.receiver.lines) == 20


def test_a_line_written_after_the_copy_and_read_before_the_emptying(logs: Path, follow: Follow) -> None:
    """The copy is then shorter than what was read: still a copy, running or after a restart."""
    path = logs / "app.log"
    append(path, "one", f"two{LONG}")
    driver = follow(discover_interval=1)
    driver.look()
    shutil.copyfile(path, logs / "app.log.1")
    append(path, "three")
    driver.look()
    driver.watch.close()
    os.truncate(path, 0)
    append(path, "four")
    driver.begin()
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one", f"two{LONG}", "three", "four"]


def test_a_copy_that_goes_its_own_way(logs: Path, follow: Follow) -> None:
    """Copied by hand and written to: what it had in common is not read again, what is its own is read."""
    path, copy = logs / "app.log", logs / "app.log.copy"
    append(path, f"one{LONG}")
    driver = follow(discover_interval=1)
    driver.look()
    shutil.copyfile(path, copy)
    driver.look(2)
    append(path, "two")
    append(copy, "own")
    driver.look(2)
    append(path, "three")
    append(copy, "own too")
    driver.look(2)
    assert sorted(driver.receiver.lines) == [f"one{LONG}", "own", "own too", "three", "two"]


@running
def test_an_archive_that_two_sources_claim(logs: Path, follow: Follow, *, running: bool) -> None:
    """The original is gone and its grown copy compressed: the one that was read further is continued."""
    path, copy = logs / "app.log", logs / "app.log.copy"
    append(path, f"one{LONG}")
    driver = follow(discover_interval=1)
    driver.look()
    shutil.copyfile(path, copy)
    append(copy, "own")
    driver.look(2)
    path.unlink()
    driver.look(3, QUIET)
    rotated(driver, running=running, rotate=lambda: compress(copy, logs / "app.log.copy.gz"))
    driver.look(3, QUIET)
    assert driver.receiver.lines == [f"one{LONG}", "own"]


def test_two_small_files_with_the_same_content_are_two(logs: Path, follow: Follow) -> None:
    """A few equal bytes prove nothing: the second file is read when the first stays as it is."""
    append(logs / "app.log.a", "same")
    driver = follow(discover_interval=1)
    driver.look()
    append(logs / "app.log.b", "same")
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["same", "same"]
    assert len(set(driver.receiver.ids)) == 2


@running
def test_emptied_and_filled_beyond_the_old_position(logs: Path, follow: Follow, *, running: bool) -> None:
    """The file is bigger than before and begins with the same line, and yet another: its bytes tell."""
    path = logs / "app.log"
    append(path, "header", "one", "two")
    driver = follow()
    driver.look()

    def rotate() -> None:
        path.write_bytes(b"header\nthree\nfour\nfive\nsix\n")

    rotated(driver, running=running, rotate=rotate)
    assert driver.receiver.lines == ["header", "one", "two", "header", "three", "four", "five", "six"]
    assert len(set(driver.receiver.ids)) == 8


def test_overwritten_within_a_tick_of_the_clock(logs: Path, follow: Follow) -> None:
    """Same size, same modification time, right after a look: the bytes are compared all the same."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow()
    instant = int((driver.clock().timestamp() + 0.95) * 1e9)
    os.utime(path, ns=(instant, instant))
    driver.look(1, 1)
    path.write_bytes(b"two\n")
    os.utime(path, ns=(instant, instant))
    driver.look(1, 1)
    assert driver.receiver.lines == ["one", "two"]


@running
@pytest.mark.parametrize("size", [40, 400, 2_000_000])
def test_emptied_under_a_writer_that_does_not_append(logs: Path, follow: Follow, size: int, *, running: bool) -> None:
    """It goes on at its old place, and the file has a hole before it: no NUL bytes come before the next line."""
    path = logs / "app.log"
    with path.open("wb", buffering=0) as writer:
        writer.write(b"x" * (size // 2) + b"\n" + b"y" * (size // 2) + b"\n")
        driver = follow()
        driver.look()

        def rotate() -> None:
            os.truncate(path, 0)
            writer.write(b"three\n")

        rotated(driver, running=running, rotate=rotate)
        writer.write(b"four\n")
        driver.look(2)
    assert driver.receiver.lines[2:] == ["three", "four"]


@running
@pytest.mark.parametrize("store", [True, False], ids=["store", "sincedb"])
def test_emptied_and_begun_with_the_same_line(logs: Path, follow: Follow, *, running: bool, store: bool) -> None:
    """A file smaller than what was read of it is a new source, though inode and first line are the same."""
    path = logs / "app.log"
    append(path, "header", "one", "two")
    driver = follow(store=store)
    driver.look()
    rotated(driver, running=running, rotate=lambda: path.write_text("header\nthree\n"))
    driver.restart()
    append(path, "four")
    driver.look()
    assert driver.receiver.lines == ["header", "one", "two", "header", "three", "four"]
    identities = [str(record["identity"]) for record in records(driver)]
    assert identities[1] == f"{identities[0]}-1"
