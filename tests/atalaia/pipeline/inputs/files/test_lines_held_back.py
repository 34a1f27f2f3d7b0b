"""A codec that joins lines: positions stay behind what waits in it, whatever happens to the file meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from atalaia.pipeline.errors import Position
from atalaia.pipeline.settings import Settings, SettingValue
from tests.atalaia.pipeline.inputs.files.driving import QUIET, Driver, append, copy_and_truncate, records

Follow: TypeAlias = Callable[..., Driver]


def joining(**options: SettingValue) -> Settings:
    """Return a codec that joins indented lines to the line before."""
    values: dict[str, SettingValue] = {"pattern": r"^\s", "what": "previous", **options}
    return Settings("multiline", Position("t.conf", 1, 1, ""), values, {})


@pytest.mark.parametrize("store", [True, False])
def test_what_waits_is_read_again_after_a_crash(logs: Path, follow: Follow, *, store: bool) -> None:
    """The second event is not whole when the process is killed: its first line is read again, under the same id."""
    path = logs / "app.log"
    append(path, "one", " and more", "two")
    driver = follow(codec=joining(), store=store)
    driver.look()
    assert driver.receiver.lines == ["one\n and more"]
    assert [record["position"] for record in records(driver)] in ([0], [14])
    driver.crash()
    append(path, " and more", "three")
    driver.look()
    assert driver.receiver.lines == ["one\n and more", "two\n and more"]
    assert [identifier.split(":")[1] for identifier in driver.receiver.ids] == ["0", "14"]


def test_nothing_is_kept_that_waits(logs: Path, follow: Follow) -> None:
    """However many looks a long event takes, the position is where it began."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(codec=joining())
    for _ in range(3):
        driver.look()
        append(path, " and more")
    driver.look(2)
    assert (driver.receiver.lines, [record["position"] for record in records(driver)]) == ([], [0])
    append(path, "two")
    driver.look(2)
    assert driver.receiver.lines == ["one\n and more\n and more\n and more"]
    assert [record["position"] for record in records(driver)] == [34]


def test_a_long_event_is_continued_after_a_restart(logs: Path, follow: Follow) -> None:
    """The position lies far before what was read: the source is recognised there, and read from there."""
    path = logs / "app.log"
    append(path, "zero", "one")
    driver = follow(codec=joining())
    driver.look()
    for _ in range(3):
        append(path, f" {'more' * 100}")
        driver.look()
    driver.restart()
    append(path, "two")
    driver.look()
    assert driver.receiver.lines == ["zero", "one" + f"\n {'more' * 100}" * 3]


def test_silence_completes_an_event(logs: Path, follow: Follow) -> None:
    """``auto_flush_interval``: after three seconds without a line, what waits is an event."""
    append(logs / "app.log", "one", " and more")
    driver = follow(codec=joining(auto_flush_interval=3))
    driver.look(2, 2)
    assert driver.receiver.lines == []
    driver.look(1, 2)
    assert driver.receiver.lines == ["one\n and more"]
    driver.restart()
    driver.look(2, 5)
    assert driver.receiver.lines == ["one\n and more"]


def test_an_event_across_a_rotation(logs: Path, follow: Follow) -> None:
    """The renamed file gets the rest of the event; it is whole, once, under the old file's place."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(codec=joining())
    driver.look()
    path.rename(logs / "app.log.1")
    driver.look(2)
    append(logs / "app.log.1", " and more")
    append(path, "two")
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one\n and more"]
    assert driver.receiver.events[0].data["log"] == {"file": {"path": str(logs / "app.log.1")}}


def test_an_event_that_was_cut_by_emptying_the_file(logs: Path, follow: Follow) -> None:
    """The file is emptied and there is no copy: what waited is delivered, and not joined to the new content."""
    path = logs / "app.log"
    append(path, "one", " and more")
    driver = follow(codec=joining())
    driver.look()
    path.write_text(" not of it\ntwo\n")
    driver.look()
    assert driver.receiver.lines == ["one\n and more", " not of it"]


def test_an_event_across_a_copy(logs: Path, follow: Follow) -> None:
    """Copied and emptied in the middle of an event: the rest of it comes from the copy."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(codec=joining())
    driver.look()
    append(path, " and more")
    copy_and_truncate(path, logs / "app.log.1")
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one\n and more"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_the_end_of_a_complete_file_completes_its_last_event(logs: Path, follow: Follow, end: str) -> None:
    """In ``read`` mode nothing comes after the last line; the file is deleted once the event is durable."""
    append(logs / "app.log", "one", "two")
    append(logs / "app.log", " and more", end=end)
    driver = follow(codec=joining(), mode="read", at_once=False)
    driver.look(3, QUIET)
    assert (logs / "app.log").exists()
    driver.receiver.settle()
    driver.look(2)
    assert driver.receiver.lines == ["one", "two\n and more"]
    assert not (logs / "app.log").exists()
