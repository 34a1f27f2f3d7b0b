"""Files that grow: what is read of them, from where, and what waits."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from analyzers.store.memory.store import MemoryStore
from atalaia.ingest import ingest
from atalaia.pipeline.timestamp import Timestamp
from tests.atalaia.pipeline.inputs.files.driving import QUIET, Driver, append, identity_by_hand, is_open, records

Follow: TypeAlias = Callable[..., Driver]


def test_lines_arrive_as_they_are_written(logs: Path, follow: Follow) -> None:
    """What is there, then what is added: once each, in order, with path and host."""
    append(logs / "app.log", "one", "two")
    driver = follow()
    driver.look()
    append(logs / "app.log", "three")
    driver.look(3)
    assert driver.receiver.lines == ["one", "two", "three"]
    assert driver.receiver.events[0].data["log"] == {"file": {"path": str(logs / "app.log")}}
    assert driver.receiver.events[0].data["host"] == {"name": "box"}


def test_ids_are_those_of_ingest(logs: Path, follow: Follow) -> None:
    """The same line of the same file has one id, whether it is followed or ingested: a store knows it again."""
    path = logs / "app.log"
    path.write_bytes(b"first\r\nsecond\n\nfourth\n")
    driver = follow()
    driver.look()
    store, pipeline = MemoryStore(), logs / "p.conf"
    output = 'output { elasticsearch { data_stream => true data_stream_dataset => "app.event" } }'
    pipeline.write_text(f'input {{ file {{ path => "{path}" }} }} {output}')
    ingest([path], pipeline, store, dead_letter=logs / "dead", clock=driver.clock, variables={})
    assert driver.receiver.ids == [identifier for _, identifier in store.kept]
    assert driver.receiver.ids == [f"{identity_by_hand(path)}:{offset}" for offset in (0, 7, 14, 15)]
    assert driver.receiver.lines == ["first\r", "second", "", "fourth"]


def test_a_file_that_ingest_has_read_is_continued(logs: Path, follow: Follow) -> None:
    """The store's position counts, though no sincedb knows the file."""
    path = logs / "app.log"
    append(path, "one", "two")
    driver = follow(store=True)
    driver.receiver.positions[identity_by_hand(path)] = 4
    driver.look()
    assert driver.receiver.lines == ["two"]


def test_events_of_a_batch_share_an_instant(logs: Path, follow: Follow) -> None:
    """The time of reading is that of the batch, not older than the start of the look."""
    append(logs / "app.log", "one", "two")
    driver = follow()
    before = Timestamp.from_datetime(driver.clock())
    driver.look()
    first, second = driver.receiver.events
    assert first.timestamp == second.timestamp
    assert first.timestamp is not None
    assert first.timestamp >= before


def test_a_line_waits_for_its_end(logs: Path, follow: Follow) -> None:
    """Half a line is not delivered, however long it stays; when the rest comes it is one line."""
    path = logs / "app.log"
    append(path, "one", "tw")
    with path.open("r+b") as file:
        file.truncate(6)
    driver = follow()
    driver.look(3, QUIET)
    assert driver.receiver.lines == ["one"]
    append(path, "o")
    driver.look()
    assert driver.receiver.lines == ["one", "two"]


def test_an_incomplete_first_line_identifies_nothing(logs: Path, follow: Follow) -> None:
    """No identity is made of half a first line: it would be another one when the line is whole."""
    path = logs / "app.log"
    append(path, "on", end="")
    driver = follow()
    driver.look(2)
    assert records(driver) == []
    append(path, "e")
    driver.look()
    assert [record["identity"] for record in records(driver)] == [identity_by_hand(path)]
    assert driver.receiver.lines == ["one"]


def test_from_the_end_what_was_there_is_not_read(logs: Path, follow: Follow) -> None:
    """``start_position => end``: old lines are left out, a line that was begun is read whole, new ones are read."""
    path = logs / "app.log"
    append(path, "old", "begun", end="\n")
    with path.open("r+b") as file:
        file.truncate(9)
    driver = follow(start_position="end")
    driver.look()
    append(path, "!", "new")
    driver.look()
    assert driver.receiver.lines == ["begun!", "new"]


def test_from_the_end_a_file_that_appears_later_is_read_whole(logs: Path, follow: Follow) -> None:
    """The end is meant for what was there at the start; a new file's first lines are news."""
    driver = follow(start_position="end")
    driver.look()
    append(logs / "app.log", "one")
    driver.look()
    append(logs / "app.log.2", "two")
    driver.look(16)
    assert driver.receiver.lines == ["one", "two"]


@pytest.mark.parametrize("store", [True, False])
def test_from_the_end_nothing_is_lost_between_two_runs(logs: Path, follow: Follow, *, store: bool) -> None:
    """A known file is continued, and a file that appeared meanwhile is read whole: its lines were never skipped."""
    append(logs / "app.log", "old")
    driver = follow(start_position="end", store=store)
    driver.look()
    driver.watch.close()
    append(logs / "app.log", "new")
    append(logs / "app.log.other", "other")
    driver.begin()
    driver.look()
    assert driver.receiver.lines == ["new", "other"]


def test_a_file_is_continued_where_it_was_settled(logs: Path, follow: Follow) -> None:
    """What was handed over and not made durable before the end is read again, with the same ids."""
    append(logs / "app.log", "one")
    driver = follow(at_once=False)
    driver.look()
    driver.receiver.settle()
    append(logs / "app.log", "two")
    driver.look()
    before = list(driver.receiver.waiting)
    driver.crash()
    driver.look()
    driver.receiver.settle()
    assert driver.receiver.lines == ["one", "two"]
    assert driver.receiver.ids[1] == before[0].events[0].source_id


def test_what_settles_after_the_end_is_not_read_again(logs: Path, follow: Follow) -> None:
    """The pipeline drains its queue after the input has stopped: the sincedb learns of it."""
    append(logs / "app.log", "one", "two")
    driver = follow(at_once=False)
    driver.look()
    driver.watch.close()
    driver.receiver.settle()
    driver.begin()
    driver.look()
    driver.receiver.settle()
    assert driver.receiver.lines == ["one", "two"]


def test_arrivals_settle_in_any_order(logs: Path, follow: Follow) -> None:
    """The position does not pass what is not durable: of two arrivals the second alone moves nothing."""
    driver = follow(at_once=False)
    append(logs / "app.log", "one")
    driver.look()
    append(logs / "app.log", "two")
    driver.look()
    driver.receiver.waiting[1].settled()
    driver.look()
    assert records(driver)[0]["position"] == 0
    driver.receiver.waiting[0].settled()
    driver.look()
    assert records(driver)[0]["position"] == 8


def test_the_store_has_the_last_word(logs: Path, follow: Follow) -> None:
    """A store that was emptied gets everything again, whatever the sincedb says."""
    append(logs / "app.log", "one")
    driver = follow(store=True)
    driver.look()
    driver.receiver.positions.clear()
    driver.restart()
    driver.look()
    assert driver.receiver.lines == ["one", "one"]


def test_an_old_file_is_ignored_until_it_changes(logs: Path, follow: Follow) -> None:
    """``ignore_older``: a file of yesterday is not read; a line that is added to it is."""
    path = logs / "app.log"
    append(path, "old")
    os.utime(path, (1, 1))
    driver = follow(ignore_older="1 d")
    driver.look(2)
    append(path, "new")
    driver.look()
    assert driver.receiver.lines == ["new"]


def test_an_idle_file_is_closed_and_opened_again(logs: Path, follow: Follow) -> None:
    """``close_older``: no descriptor is held for a file without news; its next line is read all the same."""
    path = logs / "app.log"
    append(path, "one")
    driver = follow(close_older="1 minute")
    driver.look()
    assert is_open(path)
    driver.look(2, 61)
    assert not is_open(path)
    append(path, "two")
    driver.look()
    assert driver.receiver.lines == ["one", "two"]
