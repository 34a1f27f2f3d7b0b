"""A fault that can be switched on: slow reports and a share of failing requests."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class DatabaseUnavailableError(Exception):
    """What the help desk raises while its database is said to be down."""


class Incident:
    """The switch; threads of the server ask it at each request.

    Args:
        delay: Seconds that each report takes longer while the incident lasts.
        failing_share: The share of requests, 0 to 1, that fail while it lasts.
        seed: Which requests fail, by their order.
    """

    def __init__(self, delay: float = 2.5, failing_share: float = 0.3, seed: int = 1) -> None:
        self._delay = delay
        self._failing_share = failing_share
        self._random = random.Random(seed)  # noqa: S311 - which requests fail is no secret
        self._lock = threading.Lock()
        self._active = threading.Event()

    @property
    def active(self) -> bool:
        """Whether the incident is going on."""
        return self._active.is_set()

    def begin(self) -> None:
        """Make the application ill."""
        self._active.set()

    def end(self) -> None:
        """Make it well."""
        self._active.clear()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Begin at the start of a block, end with it."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def strike(self) -> None:
        """Fail the present request, or let it pass.

        Raises:
            DatabaseUnavailableError: The incident is going on and this request's number came up.
        """
        if self.active and self._next() < self._failing_share:
            raise DatabaseUnavailableError("connection to server at 10.0.0.12, port 5432 failed: timeout expired")

    def slow_down(self) -> None:
        """Hold the present request up while the incident is going on."""
        if self.active:
            time.sleep(self._delay)

    def _next(self) -> float:
        with self._lock:
            return self._random.random()
