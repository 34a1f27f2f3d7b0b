"""Counters of things that have names: disks, interfaces."""

from __future__ import annotations

from collections.abc import Mapping

from logging_lib.metrics.counters import Counters, Growth


class NamedCounters:
    """The counters of each thing; one that went away is forgotten, so that its namesake begins anew."""

    def __init__(self) -> None:
        self._counters: dict[str, Counters] = {}

    def grow(self, at: float, readings: Mapping[str, Mapping[str, float]]) -> dict[str, Growth]:
        """Take a reading of everything there is and return the growth of what was there before."""
        self._counters = {name: self._counters.get(name) or Counters() for name in readings}
        grown = {name: self._counters[name].grow(at, reading) for name, reading in readings.items()}
        return {name: growth for name, growth in grown.items() if growth is not None}
