"""This machine's load, for pages that show it again and again."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Lock
from typing import Final

import psutil

from analyzers.alerts import HostSample

_LEAST: Final = 0.5
"""Seconds between two looks at the processors; what was seen last is good for so long."""


class ThisMachine:
    """Looks at the machine without waiting: the processors' load is that since the last look.

    Args:
        path: A path on the file system whose use is told.
    """

    def __init__(self, path: Path = Path("/")) -> None:
        self._path = path
        self._guard = Lock()
        psutil.cpu_percent(interval=None)  # from here on it counts
        self._looked = time.monotonic()
        self._cpu: float | None = None

    def __call__(self) -> HostSample:
        """Return percents in use; no processors before half a second has passed."""
        return HostSample(
            self._processors(), psutil.virtual_memory().percent, psutil.disk_usage(str(self._path)).percent
        )

    def _processors(self) -> float | None:
        with self._guard:
            now = time.monotonic()
            if now - self._looked >= _LEAST:
                self._cpu, self._looked = psutil.cpu_percent(interval=None), now
            return self._cpu
