"""Answers that stay fresh for a moment, so that ten open pages cost as much as one."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_MOST: Final = 64
"""Questions whose answers are kept."""


@dataclass
class _Kept(Generic[T]):
    guard: Lock = field(default_factory=Lock)
    answer: list[T] = field(default_factory=list)
    made: float = 0.0


class Fresh(Generic[T]):
    """Keeps an answer to each question for some seconds; threads may share it.

    While one thread works an answer out, others that ask the same wait for it. A mistake is not kept.

    Args:
        seconds: For how long an answer is good.
        tick: Seconds that only go forward.
    """

    def __init__(self, seconds: float, tick: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._tick = tick
        self._guard = Lock()
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()

    def get(self, question: Hashable, make: Callable[[], T]) -> T:
        """Return the answer to a question, at most so old; else the one that ``make`` gives."""
        kept = self._entry(question)
        with kept.guard:
            if not kept.answer or self._tick() - kept.made >= self._seconds:
                kept.answer = [make()]
                kept.made = self._tick()
            return kept.answer[0]

    def _entry(self, question: Hashable) -> _Kept[T]:
        with self._guard:
            kept = self._kept.setdefault(question, _Kept())
            self._kept.move_to_end(question)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return kept
