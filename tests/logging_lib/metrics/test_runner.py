"""Samplers at whole intervals: none waits for another, and what is absent is told."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import logging_lib
from logging_lib.metrics import Sample, SamplingError, emit
from logging_lib.metrics.health import Health
from logging_lib.metrics.runner import until_next
from logging_lib.values import Record
from tests.logging_lib.metrics.samplers import Made, awaited, one, running
from tests.logging_lib.support import Lines, read_lines


def is_sample(record: Record) -> bool:
    """Tell a sample from what is said about samplers."""
    return record["event"] == "host.system"


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    st.sampled_from([0.05, 1.0, 7.0, 15.0, 60.0]),
)
def test_the_next_reading_is_at_the_next_whole_interval(now: datetime, seconds: float) -> None:
    """It is after now, at most one interval away, and a multiple of the interval since 1970, wherever one starts."""
    interval = timedelta(seconds=seconds)
    wait = until_next(now, interval)
    assert timedelta() < wait <= interval
    assert (now + wait - datetime(1970, 1, 1, tzinfo=UTC)) % interval == timedelta()


def test_samples_become_records_at_every_interval(lines: Lines) -> None:
    """A record names its dataset, its metricset and its object of numbers, and the sampler is closed."""
    numbers = count()
    sampler = Made("numbers", lambda _: one(next(numbers)))
    with running([sampler], 0.05) as runner:
        found = awaited(lines, is_sample, 4)
    assert sampler.closed
    assert [record["system"] for record in found[:4]] == [{"number": each} for each in range(4)]
    assert {(record["event"], record["metricset"], record["level"]) for record in found} == {
        ("host.system", "test", "INFO")
    }
    assert len({record["event_id"] for record in found}) == len(found)
    assert runner.emitted == sum(map(is_sample, lines()))


def test_samples_are_written_at_every_level(tmp_path: Path) -> None:
    """An application that logs errors only still has its numbers, as it has its requests."""
    logging_lib.configure(service="ti-osn", directory=tmp_path, level="ERROR")
    assert emit(one(7), datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)) == 1
    (record,) = read_lines(tmp_path)
    assert (record["timestamp"], record["system"]) == ("2026-03-14T09:26:53.000Z", {"number": 7})


def test_readings_lie_on_whole_intervals(lines: Lines) -> None:
    """From the second reading on, a reading begins just after a multiple of the interval; nothing drifts."""
    with running([Made("numbers", lambda _: one(1))], 0.5):
        found = awaited(lines, is_sample, 6)
    instants = [datetime.fromisoformat(str(record["timestamp"])) for record in found[1:]]
    late = [instant.timestamp() % 0.5 for instant in instants]
    assert sorted(late)[len(late) // 2] < 0.2, late  # the middle one: a busy machine may delay one or the other
    assert all(earlier < later for earlier, later in pairwise(instants))


def test_a_start_just_before_a_whole_interval_waits_for_the_one_after(lines: Lines) -> None:
    """A reading that takes a moment is not called busy at once, and rates are not over that moment."""
    now = datetime.now(UTC)
    ahead = timedelta(seconds=1.97 - now.timestamp() % 2.0)

    def slowly(_: datetime) -> Sequence[Sample]:
        time.sleep(0.1)
        return one(1)

    with running([Made("slow", slowly)], 2.0, lambda: datetime.now(UTC) + ahead):
        found = awaited(lines, is_sample, 2)
    first, second = (datetime.fromisoformat(str(record["timestamp"])) for record in found[:2])
    assert second - first > timedelta(seconds=1)
    assert all(is_sample(record) for record in lines())


def test_a_sampler_that_hangs_keeps_no_other_waiting_and_is_told_once(lines: Lines) -> None:
    """The other one goes on; the one that hangs is one line, not one an interval, and one more when it is back."""
    gate = threading.Event()
    first = count()

    def hanging(_: datetime) -> Sequence[Sample]:
        if next(first) == 0:
            assert gate.wait(60)
        return []

    with running([Made("stuck", hanging), Made("fine", lambda _: one(1))], 0.05) as runner:
        awaited(lines, is_sample, 6)
        assert "stuck" in runner.failing
        gate.set()
        awaited(lines, lambda record: record.get("sampler") == "stuck", 2)
    told, back = [record for record in lines() if record.get("sampler") == "stuck"][:2]
    assert (told["event"], told["level"]) == ("sampler failed", "WARNING")
    assert str(told["reason"]).startswith("still busy with the reading begun at 20")
    assert back["event"] == "sampler works again"
    assert int(str(back["failures"])) >= 3


def test_nothing_piles_up_behind_a_sampler_that_was_slow(lines: Lines) -> None:
    """The intervals that it was busy for are left out, not made up for; from then on it is as its neighbour."""
    gate = threading.Event()
    slow_readings, fine_readings = count(), count()
    slowly = fine = 0

    def slow(_: datetime) -> Sequence[Sample]:
        nonlocal slowly
        slowly = next(slow_readings)
        if slowly == 0:
            assert gate.wait(60)
        return []

    def quick(_: datetime) -> Sequence[Sample]:
        nonlocal fine
        fine = next(fine_readings)
        return one(1)

    with running([Made("slow", slow), Made("fine", quick)], 0.05):
        awaited(lines, is_sample, 12)
        before = fine
        gate.set()
        awaited(lines, lambda record: record["event"] == "sampler works again")
        after = slowly
        meanwhile = fine - before
    assert before >= 10
    assert after <= meanwhile + 5  # with some delay of a busy machine; what piled up would be ten more


def test_a_failure_is_told_with_its_reason_and_its_end(lines: Lines) -> None:
    """The first of three failures is a line; the success after them says how many there were; who asks hears both.

    A busy machine may be late with a reading, which is one failure more.
    """
    attempt = count(1)

    def failing(_: datetime) -> Sequence[Sample]:
        if next(attempt) <= 3:
            raise SamplingError("no route to the database", "start it")
        return one(1)

    said: list[str] = []
    with running([Made("db", failing)], 0.5, tell=said.append):
        awaited(lines, is_sample)
    told = [record for record in lines() if not is_sample(record)][:2]
    assert [record["event"] for record in told] == ["sampler failed", "sampler works again"]
    assert told[0]["reason"] == "no route to the database; start it"
    assert told[1]["level"] == "INFO"
    assert int(str(told[1]["failures"])) >= 3
    assert said[0] == "db failed: no route to the database; start it"
    assert re.fullmatch(r"db works again, after \d+ s", said[1])


def test_a_defect_of_a_sampler_is_told_with_its_trace_and_does_not_end_it(lines: Lines) -> None:
    """A KeyError in one reading is an ERROR line with the trace; the next reading is there."""
    attempt = count(1)

    def broken(_: datetime) -> Sequence[Sample]:
        return one({2: 7}[next(attempt)])

    with running([Made("odd", broken)], 0.5):
        awaited(lines, is_sample)
    failed = next(record for record in lines() if "stack_trace" in record)
    assert (failed["event"], failed["level"], failed["error_type"]) == ("sampler failed", "ERROR", "KeyError")
    assert failed["reason"] == "unexpected KeyError"
    assert "in broken" in str(failed["stack_trace"])


def test_a_failure_that_lasts_is_told_again_every_hour(lines: Lines) -> None:
    """Over 150 minutes of one failure a minute there are three lines: at the start and after each hour."""
    health = Health("db")
    start = datetime(2026, 3, 14, 9, tzinfo=UTC)
    for minute in range(150):
        health.failed(start + timedelta(minutes=minute), "gone")
    health.worked(start + timedelta(minutes=150))
    told = [(record["timestamp"], record["failures"]) for record in lines()]
    assert told == [
        ("2026-03-14T09:00:00.000Z", 1),
        ("2026-03-14T10:00:00.000Z", 61),
        ("2026-03-14T11:00:00.000Z", 121),
        ("2026-03-14T11:30:00.000Z", 150),
    ]
    assert lines()[-1]["failed_for"] == 9000.0
