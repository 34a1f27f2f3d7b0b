"""Memory and swap, in Metricbeat's sense: *used* is all that is not free, *actual* leaves out what can be given up."""

from __future__ import annotations

import psutil

from logging_lib.metrics.sample import MetricValue


def read_memory() -> dict[str, MetricValue]:
    """Return memory and swap in bytes, and the used shares, 0..1; a machine without swap has no share of it."""
    memory = psutil.virtual_memory()
    return {
        "total": memory.total,
        "free": memory.free,
        "used": used(memory.total, memory.free),
        "actual": {"free": memory.available, "used": used(memory.total, memory.available)},
        "swap": _swap(),
    }


def used(total: int, free: int) -> dict[str, MetricValue]:
    """Return what is not free, in bytes and as a share; no share of nothing."""
    taken = total - free
    return {"bytes": taken, "pct": round(taken / total, 6)} if total else {"bytes": taken}


def _swap() -> dict[str, MetricValue]:
    swap = psutil.swap_memory()
    return {"total": swap.total, "free": swap.free, "used": used(swap.total, swap.free)}
