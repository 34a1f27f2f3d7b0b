"""How long a cluster in trouble is waited for: exponential backoff with jitter, bounded in all."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from analyzers.store.elastic.connection import REQUEST_SECONDS
from analyzers.store.interface import StoreError

RETRY_SECONDS: Final = 120.0
"""How long one batch is tried in all, waits and failed requests together. A node's restart takes less."""

FIRST_WAIT: Final = 0.2
"""The longest first wait, in seconds; each later one may be twice as long."""

LONGEST_WAIT: Final = 20.0
"""The longest wait, in seconds, unless the server asks for more by ``Retry-After``."""

_MOST_DOUBLINGS: Final = 30
_SECONDS_FORM: Final = "write a number of seconds, such as 120"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on, and what the time is.

    Attributes:
        seconds: How long one batch is tried in all.
        sleep: Waits this many seconds.
        monotonic: Seconds of a clock that never goes back.
        now: The present instant, for a ``Retry-After`` that names one.
        chance: A number of at least 0 and less than 1, for the jitter.
    """

    seconds: float = RETRY_SECONDS
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    chance: Callable[[], float] = field(default=random.random)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Patience:
        """Read ``ATALAIA_ES_RETRY_SECONDS``; 0 never tries again.

        Raises:
            StoreError: When it is not a number of seconds.
        """
        return cls(_seconds_of(environment, "ATALAIA_ES_RETRY_SECONDS", RETRY_SECONDS))


def request_seconds_of(environment: Mapping[str, str]) -> float:
    """Read ``ATALAIA_ES_REQUEST_SECONDS``: how long one request may take.

    Raises:
        StoreError: When it is not a number of seconds, or zero.
    """
    seconds = _seconds_of(environment, "ATALAIA_ES_REQUEST_SECONDS", REQUEST_SECONDS)
    if not seconds:
        raise StoreError("ATALAIA_ES_REQUEST_SECONDS is 0: no request can be answered in no time", _SECONDS_FORM)
    return seconds


def _seconds_of(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise StoreError(f"{name} is {text!r}", _SECONDS_FORM)
    return seconds


class Budget:
    """What is left of the patience with one batch.

    Args:
        patience: How long to go on.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._spent = 0.0
        self._failures = 0

    def begin(self) -> float:
        """Return the instant at which an attempt begins, for :meth:`pause`."""
        return self._patience.monotonic()

    def progressed(self) -> None:
        """Note that the cluster takes documents again: the waits become short, what is left stays what it was."""
        self._failures = 0

    def pause(self, begun: float, retry_after: str | None) -> bool:
        """Wait before the next attempt; ``False`` when there is to be none.

        The wait is between half and the whole of a span that doubles each time ("equal jitter": many writers do not
        come back at once, and none at once), or what the server asks for when that is longer.

        Args:
            begun: When the failed attempt began; its duration is spent, too.
            retry_after: The server's header of that name, in seconds or as a date.
        """
        patience = self._patience
        span = min(FIRST_WAIT * 2 ** min(self._failures, _MOST_DOUBLINGS), LONGEST_WAIT)
        wait = max(span * (1 + patience.chance()) / 2, _asked(retry_after, patience.now))
        self._spent += patience.monotonic() - begun + wait
        if self._spent > patience.seconds:
            return False
        self._failures += 1
        patience.sleep(wait)
        return True


def _asked(retry_after: str | None, now: Callable[[], datetime]) -> float:
    """Return the seconds that ``Retry-After`` asks for; 0 when it is absent or no sense can be made of it."""
    if retry_after is None:
        return 0.0
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max((instant - now()).total_seconds(), 0.0) if instant.tzinfo is not None else 0.0
