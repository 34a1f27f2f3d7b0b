"""Calls samplers at whole intervals, each in a thread of its own, so that one that hangs keeps no other waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Final

from logging_lib.clock import Clock, system_clock
from logging_lib.error_info import ErrorInfo, describe_error
from logging_lib.metrics.emitting import emit
from logging_lib.metrics.health import Health
from logging_lib.metrics.sample import Sampler, SamplingError
from logging_lib.timestamps import rfc3339

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
STOP_WITHIN: Final = 5.0
"""Seconds that ``run`` waits at its end for samplers that are still reading."""


def until_next(now: datetime, interval: timedelta) -> timedelta:
    """Return the time until the next whole multiple of the interval since 1970; above zero, at most one interval.

    Whole multiples, so that the samples of all machines lie on the same instants, and nothing drifts.
    """
    return interval - (now - _EPOCH) % interval


class Runner:
    """Runs samplers until it is told to stop.

    An interval at which a sampler is still busy with an earlier one is left out for it and counted as a failure;
    nothing piles up. A sampler that fails is asked again at the next interval.

    Args:
        samplers: What to run.
        interval: Seconds between two readings.
        clock: Tells the time.
        tell: Hears in a sentence, besides the log, when a sampler begins to fail and when it works again.
    """

    def __init__(
        self,
        samplers: Sequence[Sampler],
        interval: float,
        clock: Clock = system_clock,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._workers = [_Worker(sampler, clock, tell) for sampler in samplers]
        self._interval = timedelta(seconds=interval)
        self._clock = clock

    @property
    def emitted(self) -> int:
        """How many records were handed to the log; what a full disk refuses of them, the log itself tells."""
        return sum(worker.emitted for worker in self._workers)

    @property
    def failing(self) -> list[str]:
        """The names of the samplers that do not work at present."""
        return [worker.name for worker in self._workers if worker.failing]

    def run(self, stop: threading.Event) -> None:
        """Sample at once, then at every whole interval, until ``stop`` is set; then close the samplers.

        A whole interval that comes within half of one of the start is left out: the first readings would still be on
        their way, and rates over a moment say nothing.
        """
        for worker in self._workers:
            worker.start()
        try:
            wait = until_next(self._clock(), self._interval)
            if wait < self._interval / 2:
                wait += self._interval
            self._tick()
            while not stop.wait(wait.total_seconds()):
                self._tick()
                wait = until_next(self._clock(), self._interval)
        finally:
            self._stop()

    def _tick(self) -> None:
        for worker in self._workers:
            worker.ask()

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()
        until = time.monotonic() + STOP_WITHIN
        for worker in self._workers:
            worker.join(max(0.0, until - time.monotonic()))


class _Worker:
    """One sampler, its thread, and whether it works."""

    def __init__(self, sampler: Sampler, clock: Clock, tell: Callable[[str], None] | None) -> None:
        self._sampler = sampler
        self._clock = clock
        self._health = Health(sampler.name, tell)
        self._asked: Queue[bool] = Queue()
        self._lock = threading.Lock()
        self._busy_since: datetime | None = None
        self.emitted = 0
        self._thread = threading.Thread(target=self._run, name=f"sampler {sampler.name}", daemon=True)

    @property
    def name(self) -> str:
        return self._sampler.name

    @property
    def failing(self) -> bool:
        return self._health.failing

    def start(self) -> None:
        self._thread.start()

    def ask(self) -> None:
        """Let the thread read once, unless it is still reading."""
        now = self._clock()
        with self._lock:
            if self._busy_since is None:
                self._busy_since = now
                self._asked.put(True)
                return
            self._health.failed(now, f"still busy with the reading begun at {rfc3339(self._busy_since)}")

    def stop(self) -> None:
        self._asked.put(False)

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def _run(self) -> None:
        while self._asked.get():
            self._read()
        self._sampler.close()

    def _read(self) -> None:
        now = self._clock()
        try:
            self.emitted += emit(self._sampler.sample(now), now)
        except SamplingError as error:
            self._done(str(error))
        except Exception as error:  # noqa: BLE001 - the boundary: a sampler must not end with a reading that went wrong
            self._done(f"unexpected {type(error).__qualname__}", describe_error(error))
        else:
            self._done(None)

    def _done(self, reason: str | None, error: ErrorInfo | None = None) -> None:
        now = self._clock()
        with self._lock:
            self._busy_since = None
            if reason is None:
                self._health.worked(now)
            else:
                self._health.failed(now, reason, error)
