"""The bounded queue: batches, back pressure, the end."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.running import Arrival, StoppedError
from atalaia.pipeline.runtime.intake import Intake, Limits


def arrival(events: int, size: int = 0) -> Arrival:
    """Some events."""
    return Arrival([Event({}) for _ in range(events)], size)


def taken(intake: Intake) -> int:
    """Take a batch and return how many events it has."""
    return sum(len(each.arrival.events) for each in intake.take())


def test_a_full_batch_does_not_wait() -> None:
    """Ten events are a batch of ten at once, although the delay is a minute."""
    intake = Intake(Limits(batch_events=10, delay=60))
    intake.join()
    for _ in range(4):
        intake.put("a", None, arrival(5))
    begun = time.monotonic()
    assert (taken(intake), taken(intake)) == (10, 10)
    assert time.monotonic() - begun < 30


def test_a_small_batch_waits_only_its_delay() -> None:
    """One event comes out by itself after the delay, while its input is still there."""
    intake = Intake(Limits(delay=0.05))
    intake.join()
    intake.put("a", None, arrival(1))
    assert taken(intake) == 1


@pytest.mark.parametrize("limits", [Limits(waiting_events=10), Limits(waiting_bytes=1_000)])
def test_an_input_waits_for_room(limits: Limits) -> None:
    """What does not fit waits until a batch is taken: by events, and by bytes."""
    intake = Intake(limits)
    intake.join()
    intake.put("a", None, arrival(10, 1_000))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(intake.put, "a", None, arrival(1, 1))
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        assert taken(intake) == 10
        waiting.result(timeout=60)
    assert taken(intake) == 1


def test_an_arrival_larger_than_everything_is_let_in_alone() -> None:
    """A single huge arrival does not wait for ever."""
    intake = Intake(Limits(waiting_events=1, waiting_bytes=1, batch_events=1))
    intake.join()
    intake.put("a", None, arrival(50, 5_000))
    assert taken(intake) == 50


def test_refusing_wakes_whoever_waits() -> None:
    """An input that waits for room learns that nothing more is taken."""
    intake = Intake(Limits(waiting_events=1))
    intake.join()
    intake.put("a", None, arrival(1))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(intake.put, "a", None, arrival(1))
        intake.refuse()
        with pytest.raises(StoppedError):
            waiting.result(timeout=60)


def test_the_end_comes_after_what_waits() -> None:
    """When the last input has left, what it brought still comes, and then nothing."""
    intake = Intake(Limits(delay=60))
    intake.join()
    threading.Timer(0.05, intake.leave).start()
    intake.put("a", None, arrival(3))
    assert (taken(intake), taken(intake)) == (3, 0)
