"""What a server says of its clients in the log: each kind of complaint at most once a minute."""

from __future__ import annotations

import logging
import time
from typing import Final

_EVERY: Final = 60.0


class Complaints:
    """Says things about clients, who could fill the log otherwise.

    Args:
        logger: Where to.
        every: Seconds between two of a kind.
    """

    def __init__(self, logger: logging.Logger, every: float = _EVERY) -> None:
        self._logger = logger
        self._every = every
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def say(self, kind: str, about: str) -> None:
        """Log a warning ``kind: about``, unless one of this kind was logged just now."""
        now = time.monotonic()
        if kind in self._said and now - self._said[kind] < self._every:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return
        self._said[kind] = now
        unsaid = self._unsaid.pop(kind, 0)
        more = f" (and {unsaid:,} more since the last such line)" if unsaid else ""
        self._logger.warning("%s: %s%s", kind, about, more)
