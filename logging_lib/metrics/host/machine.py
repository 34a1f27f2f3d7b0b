"""The machine as a whole: one record of its processors, memory and age; one for each disk and each interface."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from logging_lib.metrics.host.cgroup import CgroupReader
from logging_lib.metrics.host.disks import DiskReader
from logging_lib.metrics.host.memory import read_memory
from logging_lib.metrics.host.networks import NetworkReader
from logging_lib.metrics.host.processors import ProcessorReader, read_load
from logging_lib.metrics.sample import MetricValue, Sample
from logging_lib.metrics.seconds import Monotonic
from logging_lib.timestamps import rfc3339

DATASET = "host.system"


class MachineSampler:
    """Reads processors, load, memory, uptime, disks and network interfaces.

    Args:
        monotonic: What rates are reckoned with.
    """

    name = "host"

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._processors = ProcessorReader()
        self._cgroup = CgroupReader()
        self._disks = DiskReader()
        self._networks = NetworkReader()

    def sample(self, now: datetime) -> Sequence[Sample]:
        """Read everything once; rates are there from the second reading on."""
        at = self._monotonic()
        machine: dict[str, MetricValue] = {
            "cpu": self._processors.read(at),
            "load": read_load(),
            "memory": read_memory(),
            **read_age(now),
            **self._cgroup.read(at),
        }
        disks = [Sample(DATASET, "diskio", {"system": {"diskio": disk}}) for disk in self._disks.read(at)]
        networks = [Sample(DATASET, "network", {"system": {"network": one}}) for one in self._networks.read(at)]
        return [Sample(DATASET, "system", {"system": machine}), *disks, *networks]

    def close(self) -> None:
        """Hold nothing."""


def read_age(now: datetime) -> dict[str, MetricValue]:
    """Return how long the machine has been up, sleep included, and since when."""
    up = time.clock_gettime(time.CLOCK_BOOTTIME)
    return {
        "uptime": {"duration": {"ms": int(up * 1000)}},
        "boot": {"time": rfc3339(now - timedelta(seconds=up))},
    }
