"""What slows down whoever guesses tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from logging_lib.clock import Clock, system_clock

FREE: Final = 5
"""Wrong tokens in a row that cost nothing but the answer."""
LONGEST: Final = timedelta(seconds=60)
_REMEMBERED: Final = timedelta(minutes=15)
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    last: datetime


class Attempts:
    """Counts wrong tokens by client; threads may share it.

    After five in a row, a client waits 1, 2, 4, … seconds, at most a minute, before another token of it is looked at.
    A request never sleeps in a thread of the server: it is refused until then.

    Args:
        clock: What ``now`` is.
    """

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._guard = Lock()
        self._failures: dict[str, _Failures] = {}

    def wait(self, client: str) -> timedelta:
        """Return how long a client must still wait; zero when it may try."""
        with self._guard:
            failures = self._failures.get(client)
        if failures is None or failures.count < FREE:
            return timedelta(0)
        pause = min(LONGEST, timedelta(seconds=2 ** min(failures.count - FREE, 10)))
        return max(timedelta(0), failures.last + pause - self._clock())

    def failed(self, client: str) -> None:
        """Note a wrong token."""
        now = self._clock()
        with self._guard:
            if len(self._failures) >= _MOST:
                self._failures = {who: each for who, each in self._failures.items() if each.last + _REMEMBERED > now}
            before = self._failures.get(client)
            fresh = before is not None and before.last + _REMEMBERED > now
            self._failures[client] = _Failures(before.count + 1 if before is not None and fresh else 1, now)

    def succeeded(self, client: str) -> None:
        """Forget the wrong ones."""
        with self._guard:
            self._failures.pop(client, None)
