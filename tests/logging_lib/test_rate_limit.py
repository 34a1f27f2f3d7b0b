"""Lines that repeat: some are shown, the others are counted, and together they are what was logged."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import logging_lib
from logging_lib.error_info import ErrorInfo
from logging_lib.output import current
from logging_lib.rate_limit import HELD_BACK_EVENT, MOST_LINES, RepeatLimit, RepeatOptions, repeat_limit
from logging_lib.record import EventRecord
from tests.logging_lib.support import START, read_lines, served

TWO_IN_TEN = RepeatOptions(2, timedelta(seconds=10))
_ids = itertools.count()


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """Return the time that was set."""
        return self.now


def logged(
    event: str = "gone", seconds: float = 0, level: str = "INFO", logger: str = "app", error: str | None = None
) -> EventRecord:
    """Return a line of the application, logged so many seconds after the start."""
    return EventRecord(
        timestamp=START + timedelta(seconds=seconds),
        event_id=str(next(_ids)),
        level=level,
        event=event,
        logger=logger,
        fields={},
        error=ErrorInfo(error, "", "") if error else None,
        template=event,
    )


def split(records: list[EventRecord]) -> tuple[Counter[str], Counter[str]]:
    """Return how often each line was shown, and how often held back."""
    shown: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for record in records:
        if record.event == HELD_BACK_EVENT:
            held[str(record.fields["repeated_event"])] += int(str(record.fields["held_back"]))
        else:
            shown[str(record.event)] += 1
    return shown, held


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.floats(-30, 30), st.booleans()), max_size=120),
    st.integers(1, 5),
)
def test_shown_and_held_back_are_what_was_logged(steps: list[tuple[str, float, bool]], lines: int) -> None:
    """For any lines at any times, on a clock that may be set back, each is shown or counted, once."""
    limit = RepeatLimit(RepeatOptions(lines, timedelta(seconds=10)))
    written: list[EventRecord] = []
    now = 0.0
    for event, step, asked in steps:
        now += step / 10
        written += limit.take(logged(event, now))
        written += limit.due(START + timedelta(seconds=now)) if asked else []
    written += limit.flush()
    shown, held = split(written)
    assert shown + held == Counter(event for event, _, _ in steps)
    assert limit.flush() == []
    assert not limit.holding


def test_a_storm_is_counted_and_told_when_its_time_is_over() -> None:
    """Two are shown in ten seconds; the next line of any kind after them brings the count, with what it stands for."""
    limit = RepeatLimit(TWO_IN_TEN)
    storm = [logged("gone", second, "ERROR", "app.db", "psycopg.OperationalError") for second in range(10)]
    shown = [record for each in storm for record in limit.take(each)]
    assert shown == storm[:2]
    assert limit.take(logged("other", 9.9))[0].event == "other"
    told, other = limit.take(logged("other", 10))
    assert other.event == "other"
    assert (told.event, told.level, told.logger, told.timestamp, told.template) == (
        HELD_BACK_EVENT,
        "ERROR",
        "app.db",
        START + timedelta(seconds=9),
        None,
    )
    assert told.fields == {
        "repeated_event": "gone",
        "held_back": 8,
        "first_held_at": "2024-01-15T10:30:02.000Z",
        "last_held_at": "2024-01-15T10:30:09.000Z",
        "first_held_id": storm[2].event_id,
        "error_type": "psycopg.OperationalError",
    }
    assert [
        record.event for record in limit.take(logged("gone", 11, "ERROR", "app.db", "psycopg.OperationalError"))
    ] == ["gone"]


def test_a_clock_that_is_set_back_does_not_prolong_the_time() -> None:
    """After the clock went back an hour, the line is shown again at once and the earlier count is told."""
    limit = RepeatLimit(RepeatOptions(1, timedelta(seconds=10)))
    for _ in range(3):
        limit.take(logged())
    told, shown = limit.take(logged(seconds=-3600))
    assert (told.fields["held_back"], shown.event) == (2, "gone")


def test_lines_that_differ_do_not_count_together() -> None:
    """Another logger, level, message or type of exception is another line."""
    limit = RepeatLimit(RepeatOptions(1, timedelta(seconds=10)))
    others = [
        logged(),
        logged(logger="b"),
        logged(level="ERROR"),
        logged(event="x"),
        logged(error="E"),
        logged(error="F"),
        logged(event="long" * 1000 + "a"),
        logged(event="long" * 1000 + "b"),
    ]
    assert [record for each in others for record in limit.take(each)] == others
    assert [record for each in others for record in limit.take(each)] == []


def test_endless_lines_are_not_kept_in_memory() -> None:
    """More different lines than are watched push out the oldest, whose count is written then."""
    limit = RepeatLimit(RepeatOptions(1, timedelta(days=1)))
    written = [record for _ in range(3) for record in limit.take(logged("first"))]
    for number in range(MOST_LINES):
        written += limit.take(logged(f"line {number}"))
    assert split(written)[1] == {"first": 2}


def test_threads_lose_no_line() -> None:
    """Four threads that log the same line at once: shown and held back are what they logged."""
    limit = RepeatLimit(RepeatOptions(10, timedelta(seconds=1)))
    written: list[EventRecord] = []

    def log() -> None:
        for number in range(3000):
            written.extend(limit.take(logged(seconds=number / 300)))

    threads = [threading.Thread(target=log) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shown, held = split(written + limit.flush())
    assert shown["gone"] + held["gone"] == 12_000


def test_a_forked_child_tells_nothing_of_its_parent() -> None:
    """What was held back before a fork is told by the parent alone."""
    limit = RepeatLimit(RepeatOptions(1, timedelta(seconds=10)))
    for _ in range(3):
        limit.take(logged())
    child = os.fork()
    if child == 0:
        os._exit(len(limit.flush()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert split(limit.flush())[1] == {"gone": 2}


def test_both_roads_are_limited_by_their_template(tmp_path: Path) -> None:
    """The standard library's arguments make no new line, nor do structlog's fields; a request brings the count."""
    clock = Hands()
    logging_lib.configure(service="ti-osn", directory=tmp_path, repeat_limit="2/10s", clock=clock)
    for number in range(5):
        logging.getLogger("std").warning("chamado %d", number)
        logging_lib.get_logger("own").info("saved", id=number)
    assert [line["event"] for line in read_lines(tmp_path)] == ["chamado 0", "saved", "chamado 1", "saved"]
    clock.now += timedelta(seconds=10)
    current().emit(served())
    told = [line for line in read_lines(tmp_path) if line.get("event") == HELD_BACK_EVENT]
    assert [(line["logger"], line["level"], line["repeated_event"], line["held_back"]) for line in told] == [
        ("std", "WARNING", "chamado %d", 3),
        ("own", "INFO", "saved", 3),
    ]


def test_shutting_down_tells_what_is_held_back(tmp_path: Path) -> None:
    """The end of logging writes the counts; ``off`` writes every line."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, repeat_limit="1/10s")
    for _ in range(3):
        logging_lib.get_logger().info("again")
    logging_lib.shutdown()
    assert [line.get("held_back", line["event"]) for line in read_lines(tmp_path)] == ["again", 2]
    logging_lib.configure(service="ti-osn", directory=tmp_path, repeat_limit="off")
    for _ in range(2000):
        logging_lib.get_logger().info("free")
    assert sum(line["event"] == "free" for line in read_lines(tmp_path)) == 2000


def test_a_thousand_in_ten_seconds_are_written_unless_told_otherwise(tmp_path: Path) -> None:
    """A line in each request of a busy process is written; one in a loop gone wild is held back."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, clock=Hands())
    for _ in range(1500):
        logging_lib.get_logger().info("loop")
    logging_lib.shutdown()
    lines = read_lines(tmp_path)
    assert len(lines) == 1001
    assert lines[-1]["held_back"] == 500


def test_records_that_are_no_messages_are_not_limited(tmp_path: Path) -> None:
    """Requests, and records without a template such as a sampler's numbers, are written however many there are."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, repeat_limit="1/10s", clock=Hands())
    for _ in range(5):
        current().emit(served())
        current().emit(
            EventRecord(timestamp=START, event_id="", level="INFO", event="host.system", logger=None, fields={})
        )
    assert len(read_lines(tmp_path)) == 10


@pytest.mark.parametrize("text", ["", "0/10s", "10", "10/0s", "-1/10s", "10/10", "10/10m", "on"])
def test_nonsense_is_refused(text: str) -> None:
    """A limit that is none is refused, with the form it should have."""
    with pytest.raises(ValueError, match="1000/10s"):
        repeat_limit(text)
