"""Samplers inside an application: in a thread, and in one of its processes only."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError
from logging_lib.file_lock import lock_if_free
from logging_lib.metrics.runner import Runner
from logging_lib.metrics.sample import Sampler

LOCK_NAME: Final = ".atalaia-metrics.lock"
_ASK_EVERY: Final = 5.0
"""Seconds after which a process that does not sample looks whether the one that does has gone."""


class OneProcess:
    """A lock that one process holds; the kernel frees it when that process ends, however it ends.

    Args:
        path: The lock's file, made when missing; it stays behind, empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None
        _let_go_after_fork(self)

    def acquire(self) -> bool:
        """Take the lock if nobody has it.

        Raises:
            AtalaiaError: The file cannot be made.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
        except OSError as error:
            raise AtalaiaError(
                f"cannot lock {self._path}: {error}", "name a writable directory for the samplers' lock"
            ) from error
        if not lock_if_free(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; in a forked child, let go of the parent's without freeing it."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


def start_samplers(
    samplers: Sequence[Sampler],
    directory: Path,
    interval: float = 15.0,
    clock: Clock = system_clock,
) -> threading.Event:
    """Sample in a thread of this process, as long as no other process does it for the same directory.

    Call it in every worker of a server: one of them samples, and when it ends another takes over within seconds.

    Args:
        samplers: What to run.
        directory: Where the lock's file is: the log's directory, which all workers share.
        interval: Seconds between two readings.
        clock: Tells the time.

    Returns:
        Set it to stop; the thread ends with the process in any case.

    Raises:
        AtalaiaError: The lock's file cannot be made.
    """
    lock = OneProcess(directory / LOCK_NAME)
    held = lock.acquire()
    stop = threading.Event()
    runner = Runner(samplers, interval, clock)
    threading.Thread(target=_serve, args=(runner, lock, stop, held), name="samplers", daemon=True).start()
    return stop


def _serve(runner: Runner, lock: OneProcess, stop: threading.Event, held: bool) -> None:  # noqa: FBT001 - a state
    while not held:
        if stop.wait(_ASK_EVERY):
            return
        held = lock.acquire()
    try:
        runner.run(stop)
    finally:
        lock.release()


def _let_go_after_fork(lock: OneProcess) -> None:
    """Let a forked child hold no lock of its parent: it would keep it when the parent ends."""
    reference = weakref.ref(lock)

    def let_go() -> None:
        living = reference()
        if living is not None:
            living.release()

    os.register_at_fork(after_in_child=let_go)
