"""Which processes use the machine: a summary of all, and a record for each of those that matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import psutil

from logging_lib.metrics.host.chosen import Choice, choose
from logging_lib.metrics.host.options import HostOptions
from logging_lib.metrics.host.process import Seen, details, look
from logging_lib.metrics.host.processors import cores
from logging_lib.metrics.sample import MetricValue, Sample
from logging_lib.metrics.seconds import Monotonic

_STATES: Final = ("running", "sleeping", "disk_sleep", "idle", "stopped", "zombie", "dead")
_SAME: Final = {"disk-sleep": "disk_sleep", "tracing-stop": "stopped", "parked": "idle"}


class ProcessSampler:
    """Reads all processes briefly, and those chosen in detail.

    Args:
        options: Which are chosen.
        monotonic: What shares of processor time are reckoned with.
    """

    name = "host processes"

    def __init__(self, options: HostOptions, monotonic: Monotonic) -> None:
        self._options = options
        self._monotonic = monotonic
        self._at: float | None = None
        self._before: Mapping[tuple[int, float], float] = {}

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Return a summary and a sample for each chosen process; shares of processor time from the second one on."""
        del now  # time passed is told by a clock that never runs backwards
        at = self._monotonic()
        seen = [found for process in psutil.process_iter() if (found := look(process))]
        rates = self._rates(at, seen)
        choice = choose(seen, rates, self._options)
        total = psutil.virtual_memory().total
        chosen = [_one(one, rates.get(one.key), total, pattern) for one, pattern in choice.processes]
        return [_summary(seen, choice), *(sample for sample in chosen if sample)]

    def close(self) -> None:
        """Hold nothing."""

    def _rates(self, at: float, seen: Iterable[Seen]) -> dict[tuple[int, float], float]:
        """Return the processors' seconds that each process used in a second; none for those not seen before."""
        seconds = {one.key: one.cpu_seconds for one in seen}
        passed = None if self._at is None or at <= self._at else at - self._at
        before = self._before
        self._at, self._before = at, seconds
        if passed is None:
            return {}
        return {key: max(0.0, used - before[key]) / passed for key, used in seconds.items() if key in before}


def _summary(seen: Sequence[Seen], choice: Choice) -> Sample:
    states = Counter(_state(one) for one in seen)
    counted: dict[str, MetricValue] = {
        "total": len(seen),
        **{state: states[state] for state in _STATES},
        "unknown": sum(count for state, count in states.items() if state not in _STATES),
        "left_out": choice.left_out,
    }
    return Sample("host.system", "process_summary", {"system": {"process": {"summary": counted}}})


def _one(one: Seen, rate: float | None, memory: int, pattern: str | None) -> Sample | None:
    more = details(one.process)
    if more is None:
        return None
    cpu: dict[str, MetricValue] = {"total": {"value": round(one.cpu_seconds * 1000)}}
    if rate is not None:
        cpu["total"] = {
            "value": round(one.cpu_seconds * 1000),
            "pct": round(rate, 6),
            "norm": {"pct": round(rate / cores(), 6)},
        }
    values: dict[str, MetricValue] = {
        "state": _state(one),
        "cpu": cpu,
        "memory": {"rss": {"bytes": one.rss, "pct": round(one.rss / memory, 6)}},
        **more,
        **({"pattern": pattern} if pattern else {}),
    }
    identity: dict[str, MetricValue] = {"pid": one.process.pid, "name": one.name, "parent": {"pid": one.parent}}
    return Sample("host.system", "process", {"process": identity, "system": {"process": values}})


def _state(one: Seen) -> str:
    return _SAME.get(one.status, one.status)
