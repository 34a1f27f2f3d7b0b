"""How much memory the machine of a server has, where that was measured."""

from __future__ import annotations

import re
from typing import Final

from analyzers.jobs.job import number
from analyzers.recommendations.measuring import samples
from analyzers.recommendations.model import Asked
from analyzers.store.query import Count, Measure, Min

HOST: Final = "host.name"
_LOCAL: Final = re.compile(r"(?:local|localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|unix)(?::|$)|/")
"""The addresses of samplers that are their server's own machine: sockets are, too."""


def memory_of(asked: Asked, dataset: str, metricset: str, address_field: str, address: str) -> int | None:
    """Return the memory in bytes of the machine that a server runs on, of its control group where that is limited.

    Args:
        asked: What is looked at.
        dataset: Whose samples name the server: ``postgresql.server`` or ``redis.server``.
        metricset: Which of them.
        address_field: The field of its address.
        address: Its address. ``None`` is returned for one beyond the sampler's machine: nothing is known of that one.
    """
    if not _LOCAL.match(address):
        return None
    rows = samples(asked, dataset, metricset, {"samples": Count()}, (address_field, HOST))
    hosts = {row[HOST] for row in rows if row[address_field] == address}
    sizes: dict[str, Measure] = {"total": Min("system.memory.total"), "limit": Min("system.cgroup.memory.limit.bytes")}
    found = [row for row in samples(asked, "host.system", "system", sizes, (HOST,)) if row[HOST] in hosts]
    known = [size for row in found for name in sizes if (size := number(row, name)) is not None]
    return int(min(known)) if known else None
