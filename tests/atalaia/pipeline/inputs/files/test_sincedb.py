"""The file that remembers: its form, its faults, who may use it, and what is forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from atalaia.pipeline.errors import PipelineError
from tests.atalaia.pipeline.inputs.files.driving import QUIET, Clock, Driver, Receiver, append, records

Follow: TypeAlias = Callable[..., Driver]


def test_its_form(logs: Path, follow: Follow) -> None:
    """A header, then a JSON object for each source; digests as sha256sum makes them."""
    path = logs / "app.log"
    append(path, "one", "two")
    driver = follow(sincedb_path=str(logs.parent / "since"))
    driver.look()
    header, record = map(json.loads, (logs.parent / "since").read_text().splitlines())
    assert header == {"sincedb": 1, "patterns": [str(logs / "app.log*")]}
    status = path.stat()
    # printf one | sha256sum; printf 'one\ntwo\n' | sha256sum
    one, both = "7692c3ad3540bb80", "c3f9c8c283a2b1f2"
    assert record["identity"] == f"{status.st_dev:x}-{status.st_ino:x}-{one}"
    assert (record["device"], record["inode"], record["path"]) == (status.st_dev, status.st_ino, str(path))
    assert (record["fingerprint"], record["first"], record["start"]) == (one, 3, 0)
    assert (record["position"], record["tail"]) == (8, both)
    assert record["seen"] == driver.clock().isoformat().replace("+00:00", "Z")


def test_it_is_written_no_more_often_than_asked(logs: Path, follow: Follow) -> None:
    """``sincedb_write_interval``: positions within the minute are not yet there, but the new source is."""
    append(logs / "app.log", "one")
    driver = follow(sincedb_write_interval="1 minute")
    driver.look(2)
    assert [record["position"] for record in records(driver)] == [0]
    driver.look(1, 61)
    assert [record["position"] for record in records(driver)] == [4]


def test_without_one_everything_is_read_again(logs: Path, follow: Follow) -> None:
    """``sincedb_path => "/dev/null"``: nothing is remembered, unless the store keeps positions."""
    append(logs / "app.log", "one")
    forgetful = follow(sincedb_path="/dev/null")
    forgetful.look()
    forgetful.restart()
    forgetful.look()
    assert forgetful.receiver.lines == ["one", "one"]
    storing = follow(sincedb_path="/dev/null", store=True)
    storing.look()
    storing.restart()
    storing.look()
    assert storing.receiver.lines == ["one"]
    assert not (logs.parent / "logs.data").exists()


def test_without_one_the_store_knows_a_file_from_before(logs: Path, follow: Follow) -> None:
    """``start_position => end`` is for files never read: one with a position in the store is continued."""
    path = logs / "app.log"
    driver = follow(sincedb_path="/dev/null", store=True, start_position="end")
    driver.look()
    append(path, "one")
    driver.look(16)
    driver.watch.close()
    append(path, "two")
    driver.begin()
    driver.look()
    assert driver.receiver.lines == ["one", "two"]


def test_without_one_an_emptied_file_is_told_by_the_store(logs: Path, follow: Follow) -> None:
    """The store knows two generations of the same first line: the later one is continued, or a third begun."""
    path = logs / "app.log"
    driver = follow(sincedb_path="/dev/null", store=True)
    for lines in (("header", "one", "two"), ("header", "three"), ("header",)):
        path.write_text("".join(f"{line}\n" for line in lines))
        driver.look()
        driver.restart()
        driver.look()
    append(path, "four")
    driver.look()
    assert driver.receiver.lines == ["header", "one", "two", "header", "three", "header", "four"]
    assert sorted(driver.receiver.positions.values()) == [12, 13, 15]


@pytest.mark.parametrize(
    "content", [b"265 0 51713 1024 1500000000.0 /var/log/app.log\n", b'{"sincedb": 2}\n', b"\xff\xfe\n", b"[]\n"]
)
def test_what_is_not_ours_is_not_overwritten(logs: Path, follow: Follow, content: bytes) -> None:
    """Logstash's own form, a later one of ours, garbage: refused by name, with the remedy."""
    path = logs.parent / "since"
    path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(PipelineError, match=rf"sincedb {path} cannot be read(.|\n)*move it away"):
            follow(sincedb_path=str(path))
    assert path.read_bytes() == content


def test_two_inputs_do_not_share_one(logs: Path, follow: Follow) -> None:
    """The second would overwrite what the first remembers: it is refused until the first has ended."""
    first = follow()
    with pytest.raises(PipelineError, match=r"used by another file input(.|\n)*sincedb_path"):
        Driver(logs, Receiver())
    first.watch.close()
    follow()


def test_nothing_is_read_before_it_can_be_remembered(logs: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The directory of the sincedb is gone: a warning, and no line is read whose place could be forgotten."""
    append(logs / "app.log", "one")
    folder = logs.parent / "state"
    driver = Driver(logs, Receiver(), sincedb_path=str(folder / "since"))
    (folder / "since.lock").unlink()
    folder.rmdir()
    driver.look(2)
    assert driver.receiver.lines == []
    assert "cannot be written: No such file or directory" in caplog.text
    folder.mkdir()
    driver.look()
    assert driver.receiver.lines == ["one"]
    driver.watch.close()


def test_sources_that_are_gone_are_forgotten_in_time(logs: Path, follow: Follow) -> None:
    """``sincedb_clean_after``, in days: a vanished file's source goes, one that is there and silent stays."""
    append(logs / "app.log", "one")
    append(logs / "app.log.gone", "two")
    driver = follow(sincedb_clean_after=2)
    driver.look()
    (logs / "app.log.gone").unlink()
    driver.look(4, QUIET)
    driver.look(1, 86_400)
    assert len(records(driver)) == 2
    driver.look(2, 86_400)
    driver.restart()
    driver.look()
    assert [record["path"] for record in records(driver)] == [str(logs / "app.log")]
    assert driver.receiver.lines == ["one", "two"]


def test_patterns_have_their_own(logs: Path) -> None:
    """Two inputs with different patterns and no ``sincedb_path`` do not disturb each other."""
    append(logs / "a", "one")
    append(logs / "b", "two")
    clock = Clock()
    drivers = [Driver(logs, Receiver(), clock=clock, path=str(logs / name)) for name in "ab"]
    for driver in drivers:
        driver.look()
        driver.restart()
        driver.look()
        driver.watch.close()
    assert [driver.receiver.lines for driver in drivers] == [["one"], ["two"]]
