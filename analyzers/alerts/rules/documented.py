"""The documented measures under their short names: ``error_rate``, ``response_time``, ``cpu``, ``memory``, ``disk``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.store.query import EVERYTHING, Equals, Predicate
from analyzers.thresholds.model import Limit, Thresholds
from analyzers.thresholds.quantity import Quantity, Statistic

HOST: Final = "host.name"
MOUNT_POINT: Final = "system.filesystem.mount_point"


@dataclass(frozen=True, slots=True)
class Documented:
    """A measure of ``PERFORMANCE_THRESHOLDS``, as stored events have it.

    Attributes:
        dataset: The data stream without its environment.
        quantity: What is measured.
        where: Of which events.
        by: One judgement for each of these.
    """

    dataset: str
    quantity: Quantity
    where: Predicate = EVERYTHING
    by: tuple[str, ...] = ()


_SYSTEM: Final = "metrics-host.system"
_MACHINE: Final = Equals("metricset.name", "system")
_FILES: Final = Equals("metricset.name", "filesystem")

DOCUMENTED: Final[Mapping[str, Documented]] = MappingProxyType(
    {
        "error_rate": Documented("logs-web.request", Quantity(Statistic.SHARE, of=FAILED, label="error rate")),
        "response_time": Documented(
            "logs-web.request", Quantity(Statistic.PERCENTILE, RESPONSE_TIME, 95, label="response time")
        ),
        "cpu": Documented(
            _SYSTEM, Quantity(Statistic.AVG, "system.cpu.total.norm.pct", label="cpu"), _MACHINE, (HOST,)
        ),
        "memory": Documented(
            _SYSTEM, Quantity(Statistic.AVG, "system.memory.actual.used.pct", label="memory"), _MACHINE, (HOST,)
        ),
        "disk": Documented(
            _SYSTEM, Quantity(Statistic.MAX, "system.filesystem.used.pct", label="disk"), _FILES, (HOST, MOUNT_POINT)
        ),
    }
)
"""Processors and memory are judged by their mean over the window, so that a moment of compiling is no alarm; a file
system by its fullest moment, because one is enough."""


def limit_of(measure: str, thresholds: Thresholds) -> Limit:
    """Return the thresholds of a documented measure.

    Raises:
        KeyError: When it is none.
    """
    limits = {
        "error_rate": thresholds.error_rate,
        "response_time": thresholds.response_time,
        "cpu": thresholds.cpu,
        "memory": thresholds.memory,
        "disk": thresholds.disk,
    }
    return limits[measure]
