"""Fewer request records, and counts that stay exact: each kept record says how many requests it stands for.

Requests of one endpoint, method, status and minute form a stratum. Its first ten in a process are written as they are,
so that little traffic is not sampled at all. Of the following, each group of N is written as one record, drawn from the
group with equal chances, whose ``sample_weight`` is N; what is left of a group at the minute's end is written with the
weight of what it stands for. A failed request (status 500 and above, an exception, an outcome other than
``completed``) and a slow one belong to no stratum: each is written and stands for itself.

So the weights of what is written sum up to the number of requests: exactly, by endpoint, method, status and minute.
All else is an estimate: a percentile of ``response_time`` from weighted records, a count by user or client. The log
lines of a request whose record was not drawn are written nevertheless.

What a group holds back is written by the process's next request of a later minute, a second after the minute's end
where there is none, and by ``shutdown`` or the process's end. A killed process (SIGKILL, a loss of power) takes up to
N - 1 requests of each stratum with it.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias

from logging_lib.forks import in_child
from logging_lib.record import RequestRecord

Below: TypeAlias = Callable[[int], int]
"""Returns one of the integers from 0 up to, and without, its argument, each as likely; as ``random.randrange`` does."""

WRITTEN_FIRST: Final = 10
"""Requests of a stratum that are written before sampling begins, in each minute and process."""
MOST_STRATA: Final = 1000
"""Strata of one minute that are sampled; requests of further ones are all written (a client may invent methods)."""

DEFAULT_SLOW: Final = 1.0
SLOWEST: Final = 60
"""Seconds; a request that may take longer than a minute and be sampled would come when its minute is long written."""

_SECONDS: Final = re.compile(r"[0-9]{1,3}(\.[0-9]+)?", re.ASCII)

_Key: TypeAlias = tuple[str, str | None, int]


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """How requests are sampled.

    Attributes:
        one_in: N: one record is written for N requests of a stratum; 1 writes all.
        slow: Seconds of ``response_time`` from which on a request is always written.
    """

    one_in: int = 1
    slow: float = DEFAULT_SLOW


def slow_seconds(value: object) -> float:
    """Read the seconds from which on a request is slow.

    Raises:
        ValueError: It is no number above 0, or above ``SLOWEST``.
    """
    if isinstance(value, str) and _SECONDS.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= SLOWEST:
        raise ValueError(f"use seconds above 0, at most {SLOWEST}")
    return float(value)


@dataclass(slots=True)
class _Stratum:
    """One minute's requests that are alike.

    Attributes:
        seen: How many there have been.
        group: How many of them the pending record stands for.
        pending: The one drawn from the group so far.
    """

    seen: int = 0
    group: int = 0
    pending: RequestRecord | None = None


class Sampler:
    """Decides which request records are written, and with which weight.

    Threads may use it at once. A destructor or signal handler that ends a request while its own thread is in here has
    that request written, with weight 1. The child of a fork begins empty: what is held back is its parent's to write.

    Args:
        options: How requests are sampled.
        below: Draws; tests pass their own.
    """

    def __init__(self, options: SampleOptions, below: Below | None = None) -> None:
        self._options = options
        # Its own generator, so that an application's seed() does not steer it.
        self._below = below or random.Random().randrange  # noqa: S311 - a draw is no secret
        self.begin()
        in_child(self, Sampler.begin)

    def begin(self) -> None:
        """Forget everything, as at the start."""
        self._lock = threading.RLock()
        self._busy = False
        self._minute = 0
        self._strata: dict[_Key, _Stratum] = {}

    def take(self, record: RequestRecord) -> list[RequestRecord]:
        """Return what is to be written now that this request has ended; it may be none, or of other requests."""
        if self._always(record):
            return [record]
        with self._lock:
            if self._busy:
                return [record]
            self._busy = True
            try:
                return self._sampled(record, int(record.timestamp.timestamp()) // 60)
            finally:
                self._busy = False

    @property
    def holding(self) -> bool:
        """Whether a request is held back."""
        with self._lock:
            return any(stratum.group for stratum in self._strata.values())

    def wait(self, now: datetime) -> float:
        """Return the seconds until what is held back is due: a second after the end of the minute."""
        return 60 - now.timestamp() % 60 + 1

    def due(self, now: datetime) -> list[RequestRecord]:
        """Return what is held back of earlier minutes."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            return self._turned(minute) if minute > self._minute and not self._busy else []

    def flush(self) -> list[RequestRecord]:
        """Return everything that is held back, with its weights; it is not held back any more."""
        with self._lock:
            strata, self._strata = self._strata, {}
        return [record for stratum in strata.values() for record in _pending(stratum)]

    def _always(self, record: RequestRecord) -> bool:
        return (
            record.response_time >= self._options.slow
            or record.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            or record.outcome != "completed"
            or record.error is not None
            or record.sample_weight is not None
        )

    def _sampled(self, record: RequestRecord, minute: int) -> list[RequestRecord]:
        if minute == self._minute - 1:  # began before the minute's end and ended after it
            return [record]
        due = [] if minute == self._minute else self._turned(minute)
        key = (record.endpoint, record.method, record.status_code)
        stratum = self._strata.get(key)
        if stratum is None:
            if len(self._strata) >= MOST_STRATA:
                return [*due, record]
            stratum = self._strata[key] = _Stratum()
        return due + self._drawn(stratum, record)

    def _turned(self, minute: int) -> list[RequestRecord]:
        due = self.flush()
        self._minute = minute
        return due

    def _drawn(self, stratum: _Stratum, record: RequestRecord) -> list[RequestRecord]:
        stratum.seen += 1
        if stratum.seen <= WRITTEN_FIRST:
            return [record]
        stratum.group += 1
        # A reservoir of one (Vitter's algorithm R): the i-th of a group takes the place with a chance of 1 in i.
        if self._below(stratum.group) == 0:
            stratum.pending = record
        return _pending(stratum) if stratum.group == self._options.one_in else []


def _pending(stratum: _Stratum) -> list[RequestRecord]:
    """Return what a stratum holds back, with its weight, and empty it."""
    record, weight = stratum.pending, stratum.group
    stratum.pending, stratum.group = None, 0
    if record is None or weight == 1:
        return [] if record is None else [record]
    return [record._replace(sample_weight=weight)]
