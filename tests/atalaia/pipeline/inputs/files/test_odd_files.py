"""Files that vanish, cannot be read, are no files, have several names, or hold more than text."""

from __future__ import annotations

import os
import resource
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.inputs.files.whole import WholeFile
from tests.atalaia.pipeline.inputs.files.driving import QUIET, Driver, Receiver, append, descriptors, is_open

Follow: TypeAlias = Callable[..., Driver]
LONG = 3_000_000


def test_deleted_while_open(logs: Path, follow: Follow) -> None:
    """What is written to a deleted file that is still open is read to its end; then the file is let go."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow()
    driver.look()
    with path.open("ab") as writer:
        path.unlink()
        writer.write(b"two\nthr")
        writer.flush()
        driver.look()
        writer.write(b"ee\nlast")
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one", "two", "three", "last"]
    assert not is_open(path)


def test_deleted_and_made_again(logs: Path, follow: Follow) -> None:
    """A new file in the place of a deleted one is read from its beginning, though it may get the old inode."""
    path = logs / "app.log"
    append(path, "one", "two")
    driver = follow()
    driver.look()
    driver.watch.close()
    path.unlink()
    append(path, "one", "three", "four")
    driver.begin()
    driver.look()
    assert driver.receiver.lines == ["one", "two", "one", "three", "four"]


@contextmanager
def without_privileges() -> Iterator[Path]:
    """Yield a directory, as a user whom permissions bind: root may read everything."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65_534)
        try:
            yield path
        finally:
            os.seteuid(user)


def test_an_unreadable_file_is_named_once_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    """Permission denied: one warning for five looks, the other files are read; read as soon as it may be."""
    with without_privileges() as folder:
        logs = folder / "logs"
        logs.mkdir()
        append(logs / "app.log", "one")
        append(logs / "app.log.1", "other")
        driver = Driver(logs, Receiver())
        (logs / "app.log").chmod(0)
        driver.look(5)
        assert driver.receiver.lines == ["other"]
        (logs / "app.log").chmod(0o600)
        driver.look()
        driver.watch.close()
    assert driver.receiver.lines == ["other", "one"]
    said = [record.getMessage() for record in caplog.records]
    assert said == [f"{logs / 'app.log'} cannot be read, it is tried again: Permission denied"]


def test_what_is_no_file_is_left_out(logs: Path, follow: Follow, caplog: pytest.LogCaptureFixture) -> None:
    """A pipe would block the input for ever: it is left out with one warning; a directory without any."""
    os.mkfifo(logs / "app.log.pipe")
    (logs / "app.log.d").mkdir()
    append(logs / "app.log", "one")
    driver = follow()
    driver.look(3)
    assert driver.receiver.lines == ["one"]
    assert [record.getMessage() for record in caplog.records] == [
        f"{logs / 'app.log.pipe'} is not a regular file and is left out"
    ]


def test_two_names_of_one_file(logs: Path, follow: Follow) -> None:
    """A hard link and a symbolic link: one file, read once."""
    append(logs / "app.log", "one")
    (logs / "app.log.hard").hardlink_to(logs / "app.log")
    (logs / "app.log.soft").symlink_to(logs / "app.log")
    driver = follow()
    driver.look()
    append(logs / "app.log.soft", "two")
    driver.look()
    assert driver.receiver.lines == ["one", "two"]


def test_a_link_that_is_turned_to_another_file(logs: Path, follow: Follow) -> None:
    """``app.log`` leads to today's file: the rest of yesterday's is read, then today's from its beginning."""
    (logs / "monday").write_bytes(b"one\n")
    (logs / "app.log").symlink_to("monday")
    driver = follow(path=str(logs / "app.log"))
    driver.look()
    append(logs / "monday", "two")
    append(logs / "tuesday", "three")
    (logs / "app.log").unlink()
    (logs / "app.log").symlink_to("tuesday")
    driver.look(2)
    assert driver.receiver.lines == ["one", "two", "three"]


def test_links_that_lead_nowhere(logs: Path, follow: Follow, caplog: pytest.LogCaptureFixture) -> None:
    """A dangling link is no file yet; a link to itself is said once."""
    (logs / "app.log").symlink_to("later")
    (logs / "app.log.loop").symlink_to("app.log.loop")
    driver = follow(path=[str(logs / "app.log"), str(logs / "app.log.loop")])
    driver.look(3)
    append(logs / "later", "one")
    driver.look()
    assert driver.receiver.lines == ["one"]
    assert len(caplog.records) == 1


def test_more_files_than_may_be_open(logs: Path, follow: Follow) -> None:
    """Five hundred files, ten descriptors: every line of each is read, again and again."""
    before = len(descriptors())
    driver = follow(max_open_files=10)
    for turn in range(3):
        for number in range(500):
            append(logs / f"app.log.{number}", f"{turn} of {number}")
        driver.look()
        assert len(descriptors()) <= before + 12
    assert len(driver.receiver.lines) == len(set(driver.receiver.lines)) == 1_500


def test_fewer_descriptors_than_the_option_says(logs: Path, follow: Follow) -> None:
    """When the system refuses to open more files, others are closed: nothing is lost, nothing fails."""
    for number in range(200):
        append(logs / f"app.log.{number}", f"{number}")
    driver = follow()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(descriptors()) + 50, hard))
    try:
        driver.look(2)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(driver.receiver.lines) == 200


@pytest.mark.parametrize("mode", ["tail", "read"])
def test_a_very_long_line(logs: Path, follow: Follow, mode: str) -> None:
    """Three million bytes without an end, then one: a dead letter with the first KiB, in little memory."""
    path = logs / "app.log"
    append(path, "one")
    with path.open("ab") as file:
        file.write(b"x" * LONG)
    driver = follow(mode=mode, file_completed_action="log", file_completed_log_path=str(logs / "done"))
    tracemalloc.start()
    driver.look(2)
    append(path, "", "two")
    driver.look(2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert driver.receiver.lines == ["one", "two"]
    (letter,) = driver.receiver.letters
    assert letter.reason == "the line is longer than 1,048,576 bytes"
    assert letter.event == {"message": "x" * 1_024}
    assert peak < 6_000_000
    assert driver.receiver.ids[1] is not None


def test_a_very_long_line_that_never_ends(logs: Path, follow: Follow) -> None:
    """At the end of a rotated file it is a dead letter too; after a restart it is not reported again."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow()
    driver.look()
    with path.open("ab") as file:
        file.write(b"x" * LONG)
    path.rename(logs / "app.log.1")
    driver.look(4, QUIET)
    driver.restart()
    driver.look(4, QUIET)
    assert [letter.event for letter in driver.receiver.letters] == [{"message": "x" * 1_024}]


def test_a_line_of_exactly_the_limit(logs: Path, follow: Follow) -> None:
    """A mebibyte is delivered, one byte more is not."""
    append(logs / "app.log", "x" * (1 << 20), "y" * ((1 << 20) + 1), "z")
    driver = follow()
    driver.look()
    assert [len(line) for line in driver.receiver.lines] == [1 << 20, 1]
    assert len(driver.receiver.letters) == 1


def test_bytes_that_are_no_text(logs: Path, follow: Follow) -> None:
    r"""NUL bytes stay, bytes that are no UTF-8 are shown as \xFF, in the lines and in the file's name."""
    path = os.fsencode(logs / "app.log") + b"\xff"
    with open(path, "wb") as file:  # noqa: PTH123 - pathlib has no names of bytes
        file.write(b'a\0b\nc\xff"d\n')
    driver = follow()
    driver.look()
    driver.restart()
    driver.look()
    assert driver.receiver.lines == ["a\0b", 'c\\xFF\\"d']
    assert driver.receiver.events[0].data["log"] == {"file": {"path": f"{logs}/app.log\\xff"}}


@pytest.mark.parametrize("compressed", ["logs", "logs.gz"])
def test_a_directory_given_as_a_file_is_told_what_to_name(tmp_path: Path, compressed: str) -> None:
    """The remedy names the files in it, however a file of that name would be opened."""
    folder = tmp_path / compressed
    folder.mkdir()
    with pytest.raises(PipelineError) as caught:
        WholeFile(folder)
    assert caught.value.remedy == f"name the files in it: {folder}/*"
