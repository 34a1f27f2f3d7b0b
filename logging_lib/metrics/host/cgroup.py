"""The limits of the control group that this process runs in (cgroup v2): what a container is confined to.

The kernel's figures for the machine are the machine's also inside a container. Where the process is confined, these
stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from logging_lib.metrics.counters import Counters
from logging_lib.metrics.sample import MetricValue

_ROOT: Final = Path("/sys/fs/cgroup")
_OWN: Final = Path("/proc/self/cgroup")


class CgroupReader:
    """Reads the narrowest limits of memory and processors, and what is used of them.

    Args:
        root: Where cgroup v2 is mounted.
        own: The file that says which group this process is in.
    """

    def __init__(self, root: Path = _ROOT, own: Path = _OWN) -> None:
        self._root = root
        self._own = own
        self._counters = Counters()

    def read(self, at: float) -> dict[str, MetricValue]:
        """Return ``cgroup`` with the parts that are limited, or nothing where none is."""
        groups = list(self._groups())
        found = {"memory": _memory(groups), "cpu": self._cpu(groups, at)}
        limited: dict[str, MetricValue] = {name: value for name, value in found.items() if value}
        return {"cgroup": limited} if limited else {}

    def _groups(self) -> Iterator[Path]:
        """Yield the process's group and those around it, the innermost first."""
        for line in (_text(self._own) or "").splitlines():
            if line.startswith("0::/"):
                inner = self._root / line.removeprefix("0::/")
                yield inner
                yield from (each for each in inner.parents if each.is_relative_to(self._root))

    def _cpu(self, groups: list[Path], at: float) -> dict[str, MetricValue]:
        limits = [(limit, group) for group in groups if (limit := _cores(_text(group / "cpu.max"))) is not None]
        if not limits:
            return {}
        limit, group = min(limits)
        used = _statistic(_text(group / "cpu.stat"), "usage_usec")
        grown = self._counters.grow(at, {} if used is None else {"used": used / 1_000_000})
        rate = grown.rates().get("used") if grown else None
        return {"limit": {"cores": limit}, **({} if rate is None else {"used": {"pct": round(rate / limit, 6)}})}


def _memory(groups: list[Path]) -> dict[str, MetricValue]:
    limits = [(limit, group) for group in groups if (limit := _number(_text(group / "memory.max"))) is not None]
    if not limits:
        return {}
    limit, group = min(limits)
    used = _number(_text(group / "memory.current"))
    told: dict[str, MetricValue] = {"limit": {"bytes": limit}}
    return told if used is None or not limit else told | {"used": {"bytes": used, "pct": round(used / limit, 6)}}


def _cores(text: str | None) -> float | None:
    """Return how many processors ``cpu.max`` (``<quota> <period>``, microseconds) lets the group use."""
    words = (text or "").split()
    quota = _number(words[0]) if words else None
    return None if quota is None else quota / int(words[1])


def _number(text: str | None) -> int | None:
    """Return a limit; ``None`` for ``max`` and where there is no such file."""
    return int(text) if text and text.strip().isdigit() else None


def _statistic(text: str | None, name: str) -> int | None:
    pairs = [line.split() for line in (text or "").splitlines()]
    return next((int(pair[1]) for pair in pairs if pair and pair[0] == name), None)


def _text(path: Path) -> str | None:
    try:
        return path.read_text("ascii")
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return None
