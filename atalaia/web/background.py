"""An answer that takes long and changes little: worked out beside the requests, which show the latest one."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final, Generic, TypeVar

from logging_lib.errors import AtalaiaError

T = TypeVar("T")

EASE: Final = 20
"""An answer is good for as many times as long as it took, so that working it out takes a twentieth of a processor."""


class Background(Generic[T]):
    """Keeps one answer up to date while somebody asks for it; threads may share it.

    Args:
        make: Works the answer out, in a thread of its own; one at a time.
        seconds: For how long an answer is good at least.
        tick: Seconds that only go forward.
    """

    def __init__(self, make: Callable[[], T], seconds: float, tick: Callable[[], float] = time.monotonic) -> None:
        self._make = make
        self._seconds = seconds
        self._tick = tick
        self._changed = Condition()
        self._running = False
        self._due = tick()
        self._latest: T | None = None
        self._trouble: AtalaiaError | None = None

    def begin(self) -> None:
        """Have a newer answer worked out when it is due; do not wait for it."""
        with self._changed:
            if not self._running and self._tick() >= self._due:
                self._running = True
                Thread(target=self._work, name="atalaia-background", daemon=True).start()

    def get(self, patience: float) -> T | None:
        """Return the latest answer; whoever shows it calls :meth:`begin` afterwards.

        Args:
            patience: Seconds to wait for one that is being worked out where there is none yet; after them ``None`` is
                returned.

        Raises:
            AtalaiaError: What the latest attempt raised, until one ends well; each call begins another.
        """
        with self._changed:
            if self._latest is None:
                self._changed.wait_for(lambda: not self._running, patience)
            if self._trouble is not None:
                self.begin()
                raise self._trouble
            return self._latest

    def _work(self) -> None:
        begun = self._tick()
        made: T | None = None
        trouble: AtalaiaError | None = None
        try:
            made = self._make()
        except AtalaiaError as error:
            trouble = error
        finally:
            taken = self._tick() - begun
            with self._changed:
                self._running = False
                self._latest, self._trouble = made, trouble
                self._due = self._tick() + (0.0 if made is None else max(self._seconds, EASE * taken))
                self._changed.notify_all()
