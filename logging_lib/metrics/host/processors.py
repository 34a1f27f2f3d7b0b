"""How busy the processors were between two readings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

import psutil

from logging_lib.metrics.counters import Counters
from logging_lib.metrics.sample import MetricValue

_STATES: Final = ("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal")
# Guests are counted in user and nice already (proc(5), /proc/stat).
_NOT_BUSY: Final = frozenset({"idle", "iowait"})


class ProcessorReader:
    """Reads the share of time that all processors together spent in each state."""

    def __init__(self) -> None:
        self._counters = Counters()

    def read(self, at: float) -> dict[str, MetricValue]:
        """Return the number of processors, and from the second reading on the shares, 0..1."""
        times = psutil.cpu_times()._asdict()
        grown = self._counters.grow(at, {state: times[state] for state in _STATES if state in times})
        return {"cores": cores(), **(shares(grown.by) if grown else {})}


def shares(seconds: Mapping[str, float]) -> dict[str, MetricValue]:
    """Return each state's share of the time that was counted, and of all busy states together as ``total``.

    A state that is missing was set back: the kernel lets ``iowait`` fall by itself, which only leaves that share out;
    without one of the others nobody can say how busy the processors were, so there is no ``total``.

    Args:
        seconds: What each state's counter grew by.
    """
    whole = sum(seconds.values())
    if whole <= 0:
        return {}
    parts: dict[str, MetricValue] = {state: _norm(grown / whole) for state, grown in seconds.items()}
    if not set(_STATES) - _NOT_BUSY <= set(seconds):
        return parts
    busy = sum(grown for state, grown in seconds.items() if state not in _NOT_BUSY)
    return {"total": _norm(busy / whole), **parts}


def read_load() -> dict[str, MetricValue]:
    """Return the load averages over 1, 5 and 15 minutes, and the same per processor."""
    averages = dict(zip(("1", "5", "15"), os.getloadavg(), strict=True))
    count = cores()
    return {
        "cores": count,
        **{minutes: round(average, 4) for minutes, average in averages.items()},
        "norm": {minutes: round(average / count, 4) for minutes, average in averages.items()},
    }


def cores() -> int:
    """Return how many logical processors the machine has."""
    return os.cpu_count() or 1


def _norm(share: float) -> MetricValue:
    return {"norm": {"pct": round(share, 6)}}
