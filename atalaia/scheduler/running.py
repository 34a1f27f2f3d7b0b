"""The scheduler as a process: its lock, its loop, its end."""

from __future__ import annotations

import signal
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Final

from atalaia.scheduler.locks import try_lock
from atalaia.scheduler.process import MERCY
from atalaia.scheduler.scheduler import Reporter, Scheduler
from atalaia.signals import heard_by

_TICK: Final = 0.05
"""Seconds between two looks while something runs."""
_IDLE: Final = 0.25
"""Seconds between two looks otherwise; so much late a run starts at most."""


class Stop:
    """How often the process was asked to end."""

    def __init__(self) -> None:
        self.asked = 0
        self._event = Event()

    def ask(self) -> None:
        """Ask once more."""
        self.asked += 1
        self._event.set()

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the next time it is asked."""
        self._event.wait(seconds)
        self._event.clear()

    def listening(self) -> AbstractContextManager[None]:
        """Take SIGTERM and SIGINT, which mean the same, for asking while the block runs."""
        return heard_by(lambda _number: self.ask())


def lock_path(state: Path) -> Path:
    """Return the lock beside a schedule's state."""
    return state.with_name(f"{state.name}.lock")


def jobs_folder(state: Path) -> Path:
    """Return the folder beside a schedule's state in which the jobs' locks and outputs are."""
    return state.with_name(f"{state.name}.jobs")


def wait_for_lock(path: Path, stop: Stop, reporter: Reporter) -> int | None:
    """Stand by until the lock is free and return its file descriptor; ``None`` when asked to end before."""
    lock = try_lock(path)
    if lock is not None:
        return lock
    reporter.said("another scheduler runs these jobs; standing by to take over when it ends")
    while lock is None and not stop.asked:
        stop.wait(_IDLE)
        lock = try_lock(path)
    if lock is not None:
        reporter.said("the other scheduler has ended; taking over")
    return lock


def run_until_asked(scheduler: Scheduler, stop: Stop, grace: timedelta, reporter: Reporter) -> None:
    """Turn until asked to end; then let runs end for a while, asked twice at once.

    Args:
        scheduler: Whose lock is held.
        stop: Says when to end.
        grace: How long runs may take to end by themselves.
        reporter: Whom to tell.
    """
    scheduler.take_over()
    while not stop.asked:
        scheduler.turn()
        stop.wait(_TICK if scheduler.busy else _IDLE)
    scheduler.stop()
    if scheduler.running:
        reporter.said(f"ending; waiting for {', '.join(scheduler.running)} (a second signal ends them now)")
    _collect(scheduler, grace, stop)
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if scheduler.running:
            scheduler.end_all(sign)
            _collect(scheduler, MERCY, None)


def run_once(scheduler: Scheduler, stop: Stop) -> None:
    """Run what is due now and wait for it; asked to end, runs end at once."""
    scheduler.take_over()
    scheduler.turn()
    while scheduler.busy and not stop.asked:
        stop.wait(_TICK)
        scheduler.turn(plan=False)
    scheduler.stop()
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if scheduler.running:
            scheduler.end_all(sign)
            _collect(scheduler, MERCY, None)


def _collect(scheduler: Scheduler, most: timedelta, stop: Stop | None) -> None:
    """Record what ends, until nothing runs, the time is over, or a second signal comes."""
    deadline = time.monotonic() + most.total_seconds()
    pause = stop or Stop()
    while scheduler.running and pause.asked < 2 and time.monotonic() < deadline:  # noqa: PLR2004  # twice
        pause.wait(_TICK)
        scheduler.collect()
