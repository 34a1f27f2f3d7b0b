"""Compressed files: known by their first bytes, read across members, reported when they are damaged."""

from __future__ import annotations

import logging
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from atalaia.pipeline.inputs.running import StoppedError
from tests.atalaia.pipeline.inputs.files.driving import QUIET, Driver, append, records

Follow: TypeAlias = Callable[..., Driver]
LINES = [f"line {number} {random.Random(number).random()}" for number in range(5_000)]  # noqa: S311 - filler
TEXT = "".join(f"{line}\n" for line in LINES).encode()


def archive(path: Path, content: bytes) -> None:
    """Compress with Debian's gzip, not with the library under test."""
    path.write_bytes(subprocess.run(["gzip", "-c"], input=content, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("mode", ["tail", "read"])
def test_members_one_after_the_other(logs: Path, follow: Follow, mode: str) -> None:
    """Two archives joined are one; a line may begin in the one and end in the other; the name does not matter."""
    archive(logs / "app.log.a", TEXT[:100_001])
    archive(logs / "b", TEXT[100_001:])
    (logs / "app.log").write_bytes((logs / "app.log.a").read_bytes() + (logs / "b").read_bytes())
    (logs / "app.log.a").unlink()
    driver = follow(mode=mode, file_completed_action="log", file_completed_log_path=str(logs / "done"))
    driver.look(2)
    assert driver.receiver.lines == LINES


def test_positions_count_what_comes_out(logs: Path, follow: Follow) -> None:
    """Killed in the middle of an archive, the input goes on with the line after the last durable one."""
    archive(logs / "app.log.gz", TEXT)
    driver = follow(at_once=False, store=True)
    driver.look()
    driver.receiver.settle(3)
    half = list(driver.receiver.lines)
    assert 0 < len(half) < 5_000
    driver.crash()
    driver.look()
    driver.receiver.settle()
    assert driver.receiver.lines == LINES
    assert set(driver.receiver.positions.values()) == {len(TEXT)}


def test_windows_ends_in_archives(logs: Path, follow: Follow) -> None:
    """As in Logstash: in archives a carriage return before the newline is part of the end, in plain files it is not."""
    archive(logs / "app.log.gz", b"one\r\ntwo\nthree")
    (logs / "app.log").write_bytes(b"four\r\n")
    driver = follow(delimiter="|", path=str(logs / "app.log.gz"))
    driver.look(2, QUIET)
    assert driver.receiver.lines == ["one", "two", "three"]
    plain = follow(path=str(logs / "app.log"))
    plain.look()
    assert plain.receiver.lines == ["four\r"]


@pytest.mark.parametrize("mode", ["tail", "read"])
def test_an_archive_that_is_cut_off(logs: Path, follow: Follow, caplog: pytest.LogCaptureFixture, mode: str) -> None:
    """Whole lines are delivered, then it is said once what is wrong; again only when the file changes."""
    path = logs / "app.log.gz"
    archive(path, TEXT)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    driver = follow(mode=mode)
    driver.look()
    assert driver.receiver.letters == []
    driver.look(4, QUIET)
    driver.restart()
    driver.look(4, QUIET)
    (letter,) = driver.receiver.letters
    assert (letter.plugin, letter.reason) == ("file", "the archive is cut off")
    assert isinstance(letter.event, dict)
    assert letter.event["path"] == str(path)
    assert f"{path} is not read further: the archive is cut off" in caplog.text
    delivered = list(driver.receiver.lines)
    assert 2_000 < len(delivered) < 3_000
    assert path.exists()
    path.write_bytes(whole)
    driver.look(4, QUIET)
    assert driver.receiver.lines == LINES
    assert len(driver.receiver.letters) == 1


def test_an_archive_with_flipped_bits(logs: Path, follow: Follow) -> None:
    """The sum at the end does not fit: reported with the reason, not completed, and not looped over."""
    path = logs / "app.log.gz"
    archive(path, TEXT)
    content = bytearray(path.read_bytes())
    content[-6] ^= 0xFF
    path.write_bytes(content)
    driver = follow(mode="read")
    driver.look(4, QUIET)
    (letter,) = driver.receiver.letters
    assert "the archive is damaged" in letter.reason
    assert driver.receiver.lines == LINES
    assert path.exists()


def test_an_archive_without_a_single_line(logs: Path, follow: Follow) -> None:
    """Nothing but the two magic bytes: reported, though there is no first line to know it by."""
    (logs / "app.log.gz").write_bytes(b"\x1f\x8b")
    driver = follow()
    driver.look(4, QUIET)
    assert [letter.reason for letter in driver.receiver.letters] == ["the archive is cut off"]


@pytest.mark.parametrize("exits", [True, False])
def test_with_a_first_pass_nothing_of_a_damaged_archive_is_read(logs: Path, follow: Follow, *, exits: bool) -> None:
    """``check_archive_validity``: reported and untouched; a sound one beside it is read."""
    archive(logs / "app.log.1.gz", TEXT)
    whole = (logs / "app.log.1.gz").read_bytes()
    (logs / "app.log.2.gz").write_bytes(whole[:-10])
    driver = follow(mode="read", check_archive_validity="true", exit_after_read=str(exits).lower())
    driver.look(3, QUIET)
    assert driver.receiver.lines == LINES
    assert [letter.reason for letter in driver.receiver.letters] == ["the archive is cut off"]
    assert [path.name for path in logs.iterdir()] == ["app.log.2.gz"]
    assert driver.watch.done is exits


def test_an_archive_that_is_being_written(logs: Path, follow: Follow) -> None:
    """It grows from look to look: its lines come as they can be read, and no complaint."""
    path = logs / "app.log.gz"
    archive(logs / "whole", TEXT)
    whole = (logs / "whole").read_bytes()
    driver = follow(discover_interval=1)
    for end in range(0, len(whole) + 5_000, 5_000):
        path.write_bytes(whole[:end])
        driver.look()
    assert driver.receiver.lines == LINES
    assert driver.receiver.letters == []


def test_from_the_end_of_an_archive(logs: Path, follow: Follow) -> None:
    """``start_position => end``: an old archive is left out as a whole, also after a restart."""
    archive(logs / "app.log.gz", TEXT)
    driver = follow(start_position="end")
    driver.look()
    driver.restart()
    driver.look()
    assert driver.receiver.lines == []
    assert records(driver)[0]["start"] == len(TEXT)


def test_an_archive_of_what_the_input_never_saw(logs: Path, follow: Follow, caplog: pytest.LogCaptureFixture) -> None:
    """An archive with the first line of a known file, and other lines after it, is read as its own."""
    caplog.set_level(logging.INFO)
    append(logs / "app.log", "header", "one")
    driver = follow(discover_interval=1)
    driver.look()
    archive(logs / "app.log.1.gz", b"header\ntwo\nthree\n")
    driver.look(2, QUIET)
    assert driver.receiver.lines == ["header", "one", "header", "two", "three"]
    assert "is continued" not in caplog.text


def test_padding_after_an_archive(logs: Path, follow: Follow) -> None:
    """Zero bytes after the last member, as tapes leave them, are not a damage."""
    archive(logs / "app.log.gz", b"one\n")
    with (logs / "app.log.gz").open("ab") as file:
        file.write(bytes(1_000))
    driver = follow()
    driver.look(3, QUIET)
    assert (driver.receiver.lines, driver.receiver.letters) == (["one"], [])


def test_a_report_that_was_not_taken_comes_with_the_next_look(logs: Path, follow: Follow) -> None:
    """Whoever takes what is read may be full: the next look brings the letter about a damaged archive, and no other."""
    path = logs / "app.log.gz"
    archive(path, TEXT)
    path.write_bytes(path.read_bytes()[:2_000])
    driver = follow()
    driver.look()
    driver.receiver.full = True
    driver.clock.turn(QUIET)
    with pytest.raises(StoppedError):
        driver.watch.look()
    driver.receiver.full = False
    driver.look(2)
    assert [letter.reason for letter in driver.receiver.letters] == ["the archive is cut off"]
