"""What network interfaces received and sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import psutil

from logging_lib.metrics.counters import Growth
from logging_lib.metrics.host.rated import NamedCounters
from logging_lib.metrics.sample import MetricValue

_CONTAINER_END: Final = "veth"
"""One end of a container's link: there are as many as containers, with names of a day, and their traffic is seen on
the bridge."""
_COUNTED: Final = ("bytes", "packets", "errors", "dropped")


class NetworkReader:
    """Reads the counters of every interface."""

    def __init__(self) -> None:
        self._counters = NamedCounters()

    def read(self, at: float) -> Sequence[dict[str, MetricValue]]:
        """Return what went through each interface that was ever used, and from the second reading on its rates."""
        found = psutil.net_io_counters(pernic=True, nowrap=False)
        readings = {name: _reading(counted) for name, counted in found.items() if not name.startswith(_CONTAINER_END)}
        used = {name: reading for name, reading in readings.items() if any(reading.values())}
        grown = self._counters.grow(at, used)
        return [_one(name, reading, grown.get(name)) for name, reading in sorted(used.items())]


def _reading(counted: psutil._ntuples.snetio) -> dict[str, int]:
    return {
        "in.bytes": counted.bytes_recv,
        "in.packets": counted.packets_recv,
        "in.errors": counted.errin,
        "in.dropped": counted.dropin,
        "out.bytes": counted.bytes_sent,
        "out.packets": counted.packets_sent,
        "out.errors": counted.errout,
        "out.dropped": counted.dropout,
    }


def _one(name: str, reading: Mapping[str, int], growth: Growth | None) -> dict[str, MetricValue]:
    rates = growth.rates() if growth else {}
    return {"name": name, "in": _way("in", reading, rates), "out": _way("out", reading, rates)}


def _way(way: str, reading: Mapping[str, int], rates: Mapping[str, float]) -> dict[str, MetricValue]:
    counted: dict[str, MetricValue] = {what: reading[f"{way}.{what}"] for what in _COUNTED}
    per_second = {what: round(rates[f"{way}.{what}"], 3) for what in _COUNTED if f"{way}.{what}" in rates}
    return {**counted, "per_sec": per_second} if per_second else counted
