"""A call some time later: what is held back must not wait for the next request of a process that has none."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Callable
from typing import Final

from logging_lib.forks import in_child

_AT_THE_END: Final = 5.0
"""Seconds that ``stop`` waits for a call that has begun; on a busy machine a line may take one."""


class Reminder:
    """Calls back once, in a thread that is there only until then and does not keep the process.

    The thread is the interpreter's own: starting one of ``threading``'s takes a lock, at which a signal handler that
    logs could wait for ever. A forked child has no reminder set.
    """

    def __init__(self) -> None:
        self._begin()
        in_child(self, Reminder._begin)

    def _begin(self) -> None:
        self._alarm: threading.Lock | None = None
        self._acting = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether a call is set."""
        return self._alarm is not None

    def within(self, seconds: float, act: Callable[[], None]) -> None:
        """Have ``act`` called after so many seconds, unless a call is set already."""
        if self._alarm is not None:
            return
        alarm = threading.Lock()
        alarm.acquire()
        self._alarm = alarm
        try:
            _thread.start_new_thread(self._wait, (alarm, min(seconds, threading.TIMEOUT_MAX), act))
        except RuntimeError:  # no thread can be started any more; the next record or the end of the process comes
            self._alarm = None

    def stop(self) -> None:
        """Have the call that is set not come, and wait some seconds for one that has begun."""
        alarm, self._alarm = self._alarm, None
        if alarm is not None:
            alarm.release()
        if self._acting.acquire(timeout=_AT_THE_END):
            self._acting.release()

    def _wait(self, alarm: threading.Lock, seconds: float, act: Callable[[], None]) -> None:
        if alarm.acquire(timeout=seconds):  # it was stopped
            return
        with self._acting:
            if self._alarm is not alarm:  # it was stopped after its time, before this thread had its turn
                return
            self._alarm = None
            act()
