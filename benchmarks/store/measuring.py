"""What a process costs: CPU time of all its threads and children, and resident memory over time."""

from __future__ import annotations

import os
import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import TracebackType
from typing import Final, NamedTuple, Self

_SAMPLE_SECONDS: Final = 0.05
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those of its children that have ended."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class Sample(NamedTuple):
    """How far the work was, from 0 to 1, and the resident bytes of the process then."""

    share: float
    resident: int


class Memory:
    """Samples the resident set of this process twenty times a second while it is entered.

    Args:
        share: How far the work is, from 0 to 1.
    """

    def __init__(self, share: Callable[[], float]) -> None:
        self._share = share
        self._samples: list[Sample] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def usual(self, first: float, last: float) -> int:
        """Return the median resident bytes from one share of the work to another."""
        return int(median(self._between(first, last)))

    def peak(self, first: float, last: float) -> int:
        """Return the most resident bytes from one share of the work to another."""
        return max(self._between(first, last))

    def _between(self, first: float, last: float) -> list[int]:
        """Return the samples of a part of the work, or the next one when the part was too short for any."""
        within = [sample.resident for sample in self._samples if first <= sample.share <= last]
        return within or [next(sample.resident for sample in self._samples if sample.share >= first)]

    def _watch(self) -> None:
        while True:
            stopped = self._stop.wait(_SAMPLE_SECONDS)
            self._samples.append(Sample(self._share(), _resident()))
            if stopped:
                return


def _resident() -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[1]) * _PAGE


def directory_bytes(path: Path) -> int:
    """Return the bytes of all files below a directory."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
