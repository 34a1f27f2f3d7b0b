"""Ending a command that runs until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM)
_BASE: Final = 128
"""A shell's exit status for a signal is this plus its number."""


@dataclass(slots=True)
class Ending:
    """The wish to end.

    Attributes:
        stop: Set at the first signal.
        interrupted: Whether that was Ctrl-C.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    interrupted: bool = False


@contextmanager
def ending_at_signals() -> Iterator[Ending]:
    """Yield the wish to end; the first Ctrl-C or SIGTERM expresses it, the second ends the process at once."""
    ending = Ending()

    def handle(number: int) -> None:
        if ending.stop.is_set():
            os._exit(_BASE + number)
        ending.interrupted = number == signal.SIGINT
        ending.stop.set()

    with heard_by(handle):
        yield ending


@contextmanager
def heard_by(handle: Callable[[int], None]) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM call a function with their number while the block runs."""

    def called(number: int, _frame: FrameType | None) -> None:
        handle(number)

    before = {number: signal.signal(number, called) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
