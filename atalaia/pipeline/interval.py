"""Say when a stretch of time has passed: for files that are read again now and then."""

from __future__ import annotations

from logging_lib.clock import Clock


class Interval:
    """Counts from when it is made, and again from each time it has passed.

    Args:
        clock: The present instant.
        seconds: How long it is; at 0 or less it has always passed.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = self._now() + seconds

    def passed(self) -> bool:
        """Tell whether it has passed; if so it begins anew."""
        now = self._now()
        if now < self._end:
            return False
        self._end = now + self._seconds
        return True

    def _now(self) -> float:
        return self._clock().timestamp()
