"""Rates from counters that only grow, until their owner starts again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Growth:
    """How counters grew between two readings.

    Attributes:
        seconds: The time between them, above zero.
        by: What each counter grew by. One that fell was set back by its owner, and one that is new has no reading
            before: both are left out, because nobody knows.
    """

    seconds: float
    by: Mapping[str, float]

    def rates(self) -> dict[str, float]:
        """Return each counter's growth per second."""
        return {name: grown / self.seconds for name, grown in self.by.items()}


class Counters:
    """Remembers the last reading of a set of counters."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._last: Mapping[str, float] = {}

    def grow(self, at: float, reading: Mapping[str, float]) -> Growth | None:
        """Take a reading and return the growth since the one before.

        Args:
            at: When it was read, in seconds of a clock that never runs backwards (``time.monotonic``).
            reading: The counters by name.

        Returns:
            ``None`` for the first reading, and where no time has passed.
        """
        before, last = self._at, self._last
        self._at, self._last = at, dict(reading)
        if before is None or at <= before:
            return None
        by = {name: value - last[name] for name, value in reading.items() if name in last and value >= last[name]}
        return Growth(at - before, by)

    def forget(self) -> None:
        """Start anew, where the owner of the counters is known to have started anew: the next reading is the first."""
        self._at, self._last = None, {}
