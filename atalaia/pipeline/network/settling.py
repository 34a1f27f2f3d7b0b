"""Waiting, on an event loop, for events that other threads make durable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable


class LoopCalls:
    """Calls functions on an event loop from any thread, and does nothing once the loop has ended.

    Args:
        loop: The loop.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._ended = False

    def call(self, function: Callable[[], object]) -> None:
        """Have the loop call a function soon."""
        with self._lock:
            if not self._ended:
                self._loop.call_soon_threadsafe(function)

    def end(self) -> None:
        """Call nothing more; to be called before the loop is closed."""
        with self._lock:
            self._ended = True


class Unsettled:
    """How much of one connection's or request's events is not durable yet.

    Args:
        calls: The loop on which is waited.
    """

    def __init__(self, calls: LoopCalls) -> None:
        self._calls = calls
        self._lock = threading.Lock()
        self._size = 0
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """How much it is."""
        return self._size

    def take(self, size: int) -> Callable[[], None]:
        """Count something that is handed over, from any thread; the function returned settles it."""
        with self._lock:
            self._size += size

        def settle() -> None:
            with self._lock:
                self._size -= size
            self._calls.call(self._changed.set)

        return settle

    async def at_most(self, size: int) -> None:
        """Wait until no more than so much is unsettled."""
        while True:
            self._changed.clear()  # before the look: a change after it sets the event again
            if self._size <= size:
                return
            await self._changed.wait()
