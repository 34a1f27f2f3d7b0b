"""The bounded queue between the inputs and the worker of connected pipelines."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Final

from atalaia.pipeline.counters import PluginCounter
from atalaia.pipeline.inputs.running import Arrival, StoppedError
from atalaia.pipeline.runtime.flow import Incoming


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is held, and how long.

    Attributes:
        waiting_events: Events that may wait.
        waiting_bytes: Bytes that may wait; a single larger arrival is let in when nothing else waits.
        batch_events: Events of a batch.
        batch_bytes: Bytes of a batch.
        delay: Seconds a batch that is not full waits for more.
    """

    waiting_events: int = 4_000
    waiting_bytes: int = 8 << 20
    batch_events: int = 2_000
    batch_bytes: int = 4 << 20
    delay: float = 0.05


LIMITS: Final = Limits()


class Intake:
    """Takes what several inputs emit, and gives it to one worker in batches.

    Args:
        limits: How much it holds.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._waiting: deque[Incoming] = deque()
        self._events = 0
        self._bytes = 0
        self._inputs = 0
        self._refusing = False
        self._changed = threading.Condition()

    def join(self) -> None:
        """Note that one more input may emit."""
        with self._changed:
            self._inputs += 1

    def leave(self) -> None:
        """Note that an input has ended."""
        with self._changed:
            self._inputs -= 1
            self._changed.notify_all()

    def refuse(self) -> None:
        """Take nothing more: whoever waits with an arrival is told to stop."""
        with self._changed:
            self._refusing = True
            self._changed.notify_all()

    def put(self, pipeline: str, counter: PluginCounter | None, arrival: Arrival) -> None:
        """Wait until there is room, then take an arrival and count it.

        Raises:
            StoppedError: When nothing more is taken.
        """
        events, letters = len(arrival.events), len(arrival.dead_letters)
        with self._changed:
            self._changed.wait_for(lambda: self._refusing or self._has_room(events + letters, arrival.size))
            if self._refusing:
                raise StoppedError("the pipeline takes nothing more")
            self._waiting.append(Incoming(pipeline, arrival))
            self._events += events + letters
            self._bytes += arrival.size
            if counter is not None:
                counter.events_in += events + letters
                counter.events_out += events
                counter.failed += letters
            self._changed.notify_all()

    def take(self) -> list[Incoming]:
        """Return the next batch; an empty one when every input has ended and nothing waits."""
        limits = self._limits
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._inputs == 0 or self._refusing)
            until = time.monotonic() + limits.delay
            while (
                not self._is_full() and self._inputs and not self._refusing and (left := until - time.monotonic()) > 0
            ):
                self._changed.wait(left)
            batch = self._next()
            self._changed.notify_all()
            return batch

    def _next(self) -> list[Incoming]:
        batch: list[Incoming] = []
        events = size = 0
        while self._waiting and (not batch or (events < self._limits.batch_events and size < self._limits.batch_bytes)):
            incoming = self._waiting.popleft()
            batch.append(incoming)
            events += _events_of(incoming.arrival)
            size += incoming.arrival.size
        self._events -= events
        self._bytes -= size
        return batch

    def _has_room(self, events: int, size: int) -> bool:
        fits = self._events + events <= self._limits.waiting_events and self._bytes + size <= self._limits.waiting_bytes
        return fits or not self._waiting

    def _is_full(self) -> bool:
        return self._events >= self._limits.batch_events or self._bytes >= self._limits.batch_bytes


def _events_of(arrival: Arrival) -> int:
    return len(arrival.events) + len(arrival.dead_letters)
