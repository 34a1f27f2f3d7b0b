"""How loaded this machine is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import psutil

_CPU_SPAN: Final = 0.2
"""Seconds over which the processors are watched; psutil advises at least 0.1."""


@dataclass(frozen=True, slots=True)
class HostSample:
    """Percent in use, from 0 to 100; ``None`` for what could not be read."""

    cpu: float | None
    memory: float | None
    disk: float | None


Sampler: TypeAlias = Callable[[], HostSample]
"""Looks at the host now."""


def sample_host(path: Path = Path("/")) -> HostSample:
    """Measure this machine; takes a fifth of a second.

    Args:
        path: A path on the file system whose use is reported.
    """
    return HostSample(
        cpu=psutil.cpu_percent(interval=_CPU_SPAN),
        memory=psutil.virtual_memory().percent,
        disk=psutil.disk_usage(str(path)).percent,
    )
