"""What whole disks read and wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import psutil

from logging_lib.metrics.counters import Growth
from logging_lib.metrics.host.rated import NamedCounters
from logging_lib.metrics.sample import MetricValue

_BLOCK: Final = Path("/sys/class/block")
_NO_DISK: Final = re.compile(r"(?:loop|ram|zram|sr|fd)\d+")


class DiskReader:
    """Reads the counters of whole disks: a partition's traffic is its disk's already."""

    def __init__(self) -> None:
        self._counters = NamedCounters()

    def read(self, at: float) -> Sequence[dict[str, MetricValue]]:
        """Return what each disk that was ever used has done, and from the second reading on its rates."""
        disks = {
            name: _reading(counted)
            for name, counted in psutil.disk_io_counters(perdisk=True, nowrap=False).items()
            if is_disk(name) and (counted.read_count or counted.write_count)
        }
        grown = self._counters.grow(at, disks)
        return [_one(name, disk, grown.get(name)) for name, disk in sorted(disks.items())]


def is_disk(name: str, block: Path = _BLOCK) -> bool:
    """Tell a disk from its partitions and from what is none.

    Args:
        name: As in ``/proc/diskstats``.
        block: Where the kernel lists block devices; a partition has a file ``partition`` there.
    """
    return not _NO_DISK.fullmatch(name) and not (block / name / "partition").exists()


def _reading(counted: psutil._ntuples.sdiskio) -> dict[str, int]:
    return {
        "read.count": counted.read_count,
        "read.bytes": counted.read_bytes,
        "read.time": counted.read_time,
        "write.count": counted.write_count,
        "write.bytes": counted.write_bytes,
        "write.time": counted.write_time,
        "io.time": counted.busy_time,
    }


def _one(name: str, disk: Mapping[str, int], growth: Growth | None) -> dict[str, MetricValue]:
    rates = growth.rates() if growth else {}
    busy = rates.get("io.time")
    return {
        "name": name,
        "read": _way("read", disk, rates),
        "write": _way("write", disk, rates),
        "io": {"time": disk["io.time"], **({} if busy is None else {"busy": {"pct": round(min(busy / 1000, 1.0), 6)}})},
    }


def _way(way: str, disk: Mapping[str, int], rates: Mapping[str, float]) -> dict[str, MetricValue]:
    per_second = {what: round(rates[f"{way}.{what}"], 3) for what in ("count", "bytes") if f"{way}.{what}" in rates}
    counted: dict[str, MetricValue] = {what: disk[f"{way}.{what}"] for what in ("count", "bytes", "time")}
    return {**counted, "per_sec": per_second} if per_second else counted
