"""A process that has nothing more to do writes what it holds back when its time is over."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import logging_lib
from logging_lib.output import current
from logging_lib.rate_limit import HELD_BACK_EVENT
from logging_lib.reminder import Reminder
from logging_lib.values import Record
from tests.logging_lib.support import read_lines, served

DEADLINE = 60.0


def before_the_minute_ends(seconds: float) -> Callable[[], datetime]:
    """Return a clock on which a minute ends in so many seconds."""
    now = datetime.now(UTC)
    shift = timedelta(seconds=60 - seconds - now.timestamp() % 60)
    return lambda: datetime.now(UTC) + shift


def awaited(directory: Path, wanted: Callable[[list[Record]], bool]) -> list[Record]:
    """Return the lines once they are as wanted, or as they are when too much time has passed."""
    deadline = time.monotonic() + DEADLINE
    while not wanted(lines := read_lines(directory)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return lines


def weight(lines: list[Record]) -> int:
    """Return how many requests the lines stand for."""
    return sum(int(str(line.get("sample_weight", 1))) for line in lines if "endpoint" in line)


def told(lines: list[Record]) -> int:
    """Return how many lines are shown, or told of as held back."""
    return sum(int(str(line.get("held_back", 0))) + (line["event"] == "again") for line in lines)


def test_sampled_requests_are_written_after_their_minute_without_another_request(tmp_path: Path) -> None:
    """Of 25 requests ten are shown and 15 held back; the last request of the day does not wait for the next morning."""
    clock = before_the_minute_ends(2.0)
    at = clock()
    logging_lib.configure(service="ti-osn", directory=tmp_path, sample=1000, clock=clock)
    for _ in range(25):
        current().emit(served(at=at))
    lines = awaited(tmp_path, lambda lines: weight(lines) >= 25)
    assert [line.get("sample_weight", 1) for line in lines] == [1] * 10 + [15]


def test_lines_held_back_are_told_of_when_their_time_is_over(tmp_path: Path) -> None:
    """Seven of one line, of which two may come in a second: the count comes though nothing else is logged."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, repeat_limit="2/1s")
    for number in range(7):
        logging_lib.get_logger("app").info("again", number=number)
    lines = awaited(tmp_path, lambda lines: told(lines) == 7)
    assert told(lines) == 7
    assert any(line["event"] == HELD_BACK_EVENT for line in lines)


def test_what_ends_before_is_written_once(tmp_path: Path) -> None:
    """Shut down before the minute's end, a process writes what it holds then, and not again later."""
    clock = before_the_minute_ends(1.0)
    at = clock()
    logging_lib.configure(service="ti-osn", directory=tmp_path, sample=1000, clock=clock)
    for _ in range(25):
        current().emit(served(at=at))
    logging_lib.shutdown()
    assert weight(read_lines(tmp_path)) == 25
    time.sleep(2.5)  # past the minute's end and the second after it
    assert weight(read_lines(tmp_path)) == 25


@pytest.mark.parametrize("held", [True, False])
def test_a_forked_child_reminds_itself(tmp_path: Path, *, held: bool) -> None:
    """A child has threads of its own only: its requests are written too, and its parent's once.

    Args:
        tmp_path: The log's directory.
        held: Whether the parent has its own set when it forks.
    """
    clock = before_the_minute_ends(2.0)
    at = clock()
    logging_lib.configure(service="ti-osn", directory=tmp_path, sample=1000, clock=clock)
    mine = 25 if held else 0
    for _ in range(mine):
        current().emit(served("/parent", at=at))
    child = os.fork()
    if child == 0:
        for _ in range(30):
            current().emit(served("/child", at=at))
        time.sleep(DEADLINE)
        os._exit(0)
    try:
        lines = awaited(tmp_path, lambda lines: weight(lines) >= 30 + mine)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    by = {name: [line for line in lines if line.get("endpoint") == name] for name in ("/parent", "/child")}
    assert (weight(by["/parent"]), weight(by["/child"])) == (mine, 30)


def test_one_call_is_set_at_a_time_and_none_after_the_stop() -> None:
    """Of two wishes the first holds; once it has come another may be set; what is stopped never comes."""
    reminder, called = Reminder(), threading.Semaphore(0)
    reminder.within(DEADLINE, called.release)
    reminder.within(0.01, called.release)
    assert not called.acquire(timeout=0.3)
    reminder.stop()
    reminder.within(0.01, called.release)
    assert called.acquire(timeout=DEADLINE)
    reminder.within(0.01, called.release)
    assert called.acquire(timeout=DEADLINE)
    reminder.within(3, called.release)
    reminder.stop()
    assert not reminder.is_set
    assert not called.acquire(timeout=3.3)


def test_a_call_that_was_stopped_at_the_last_moment_does_not_come() -> None:
    """Its time is over, and it only waits for the call before it to end: after ``stop`` it comes no more."""
    reminder, begun, go, called = Reminder(), threading.Event(), threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        go.wait(DEADLINE)

    reminder.within(0.0, act)
    assert begun.wait(DEADLINE)
    reminder.within(0.0, called.set)
    time.sleep(0.1)
    threading.Timer(0.1, go.set).start()
    reminder.stop()
    assert go.is_set()
    assert not called.wait(0.3)


def test_the_stop_waits_for_a_call_that_has_begun() -> None:
    """What the thread has taken to write is written when ``stop`` returns."""
    reminder, begun, done = Reminder(), threading.Event(), threading.Event()

    def act() -> None:
        begun.set()
        time.sleep(0.2)
        done.set()

    reminder.within(0.0, act)
    assert begun.wait(DEADLINE)
    reminder.stop()
    assert done.is_set()
