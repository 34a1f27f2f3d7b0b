"""How a server ends: what waits for clients is cut short, what waits for the pipeline gets a moment more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_LOOK: Final = 0.1
"""Seconds between two looks at whether the server is to end."""


class Stopping:
    """Whether a server is ending, and the waits that this shortens. Used from its event loop only."""

    def __init__(self) -> None:
        self._waits: dict[asyncio.Timeout, float] = {}
        self._since: float | None = None

    @property
    def is_set(self) -> bool:
        """Whether the server is ending."""
        return self._since is not None

    def set(self) -> None:
        """End the server: every wait is over, or over after its grace."""
        if self._since is not None:
            return
        self._since = asyncio.get_running_loop().time()
        for timeout, grace in self._waits.items():
            if not timeout.expired():
                timeout.reschedule(_earlier(timeout.when(), self._since + grace))

    async def watch(self, stop: threading.Event) -> None:
        """Wait until ``stop`` is set, or the server ends for another reason; then end it."""
        while not (stop.is_set() or self.is_set):  # noqa: ASYNC110 - it is set by another thread
            await asyncio.sleep(_LOOK)
        self.set()

    @asynccontextmanager
    async def within(self, seconds: float | None, grace: float = 0.0) -> AsyncIterator[None]:
        """Limit what is done inside to so many seconds (``None``: no limit), and to ``grace`` after the server ends.

        Raises:
            TimeoutError: When it took longer; :attr:`is_set` tells which limit it was.
        """
        when = None if seconds is None else asyncio.get_running_loop().time() + seconds
        if self._since is not None:
            when = _earlier(when, self._since + grace)
        async with asyncio.timeout_at(when) as timeout:
            self._waits[timeout] = grace
            try:
                yield
            finally:
                del self._waits[timeout]


def _earlier(when: float | None, other: float) -> float:
    return other if when is None else min(when, other)
