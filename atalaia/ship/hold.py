"""What was read and is not delivered yet: a bounded place between the reader and the sender."""

from __future__ import annotations

import threading

from atalaia.pipeline.inputs.running import Arrival, StoppedError
from atalaia.ship.blocks import Block


class NoRoomError(StoppedError):
    """Nothing more can be taken before something is delivered; what was offered is to be offered again."""


class Hold:
    """Takes arrivals from the thread that reads, and gives them to the thread that sends, in order.

    Args:
        most: Bytes it holds; one arrival is taken even when it is larger.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._waiting: list[Arrival] = []
        self._size = 0
        self._closed = False

    def put(self, arrival: Arrival) -> None:
        """Take an arrival.

        Raises:
            NoRoomError: When it is full.
        """
        with self._changed:
            if self._size and self._size + arrival.size > self._most:
                raise NoRoomError("the hold is full")
            self._waiting.append(arrival)
            self._size += arrival.size
            self._changed.notify_all()

    def take(self, lines: int, size: int, seconds: float) -> list[Arrival] | None:
        """Return what waits, in whole arrivals; they count as held until :meth:`done`.

        Args:
            lines: The most lines, unless one arrival has more.
            size: The most bytes, unless one arrival has more.
            seconds: How long to wait for the first.

        Returns:
            Nothing yet (an empty list), or ``None`` when there will be nothing more.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed, seconds)
            taken = 0
            for arrival in self._waiting:
                lines -= sum(len(block.lines) for block in arrival.events if isinstance(block, Block))
                size -= arrival.size
                if taken and (lines < 0 or size < 0):
                    break
                taken += 1
            arrivals, self._waiting = self._waiting[:taken], self._waiting[taken:]
            return arrivals if arrivals or not self._closed else None

    def done(self, arrivals: list[Arrival]) -> None:
        """Let go of arrivals that were taken."""
        with self._changed:
            self._size -= sum(each.size for each in arrivals)
            self._changed.notify_all()

    def wait_for_room(self, seconds: float) -> None:
        """Wait until it is at most half full or closed, no longer than so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._size * 2 <= self._most or self._closed, seconds)

    def close(self) -> None:
        """Take nothing more; what is held is still given out."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
