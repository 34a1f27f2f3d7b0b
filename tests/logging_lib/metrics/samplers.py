"""Samplers whose behaviour a test decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from logging_lib.clock import Clock, system_clock
from logging_lib.metrics import Runner, Sample, Sampler
from logging_lib.values import Record
from tests.logging_lib.support import Lines

Reading = Callable[[datetime], Sequence[Sample]]


class Made:
    """A sampler that does what a function says."""

    def __init__(self, name: str, reading: Reading) -> None:
        self._name = name
        self._reading = reading
        self.closed = False

    @property
    def name(self) -> str:
        """What the test calls it."""
        return self._name

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Do what the test says."""
        return self._reading(now)

    def close(self) -> None:
        """Note it."""
        self.closed = True


def one(value: int) -> list[Sample]:
    """Return a sample with one number."""
    return [Sample("host.system", "test", {"system": {"number": value}})]


@contextmanager
def running(
    samplers: Sequence[Sampler],
    interval: float,
    clock: Clock = system_clock,
    tell: Callable[[str], None] | None = None,
) -> Iterator[Runner]:
    """Run samplers in a thread while the block lasts."""
    stop = threading.Event()
    runner = Runner(samplers, interval, clock, tell)
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield runner
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def awaited(read: Lines, wanted: Callable[[Record], bool], count: int = 1) -> list[Record]:
    """Return the records that are wanted once there are ``count``; a minute is enough for any test."""
    deadline = time.monotonic() + 60
    while True:
        found = [record for record in read() if wanted(record)]
        if len(found) >= count or time.monotonic() > deadline:
            assert len(found) >= count, read()
            return found
        time.sleep(0.01)
