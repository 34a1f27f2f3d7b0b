"""Where the live page's snapshots come from."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self

from analyzers.alerts import Sampler, sample_host
from analyzers.store.interface import Store
from analyzers.store.open import open_store, shown_location
from analyzers.thresholds import Profile
from atalaia.web.judging import judge
from atalaia.web.reading import read
from atalaia.web.snapshot import Snapshot
from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError

FRESH: Final = 1.0
"""Seconds for which a snapshot answers every request, so that ten open pages cost as much as one."""


@dataclass(frozen=True, slots=True)
class _Kept:
    snapshot: Snapshot
    made: float


class LiveSource:
    """Snapshots of a store and of this machine, safe for several threads.

    A directory that does not exist yet is no error: the page says what to do, and shows the data once it is there.

    Args:
        location: A directory or an ``http(s)://`` address.
        profile: Whose documented thresholds judge: ``production``, ``staging`` or ``development``.
        clock: What ``now`` is.
        sampler: Looks at this machine.

    Raises:
        AtalaiaError: On entering, when the location is not a store.
    """

    def __init__(
        self,
        location: str,
        profile: str = Profile.PRODUCTION,
        *,
        clock: Clock = system_clock,
        sampler: Sampler = sample_host,
    ) -> None:
        self._location = location
        self._profile = profile
        self._clock = clock
        self._sampler = sampler
        self._lock = Lock()
        self._store: Store | None = None
        self._kept: dict[int, _Kept] = {}

    @property
    def clock(self) -> Clock:
        """What ``now`` is."""
        return self._clock

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._release()

    def snapshot(self, minutes: int) -> Snapshot:
        """Return a snapshot that is at most :data:`FRESH` seconds old.

        Args:
            minutes: How many minutes the charts span.

        Raises:
            AtalaiaError: When the store cannot answer; the next call opens it anew.
        """
        with self._lock:
            kept = self._kept.get(minutes)
            if kept is None or time.monotonic() - kept.made >= FRESH:
                kept = _Kept(self._made(minutes), time.monotonic())
                self._kept[minutes] = kept
            return kept.snapshot

    def _made(self, minutes: int) -> Snapshot:
        machine = self._sampler()
        now = self._clock()
        store = self._opened()
        try:
            recorded = None if store is None else read(store, now, minutes)
            judgements = judge(store, now, machine, self._profile)
        except AtalaiaError:
            self._release()
            raise
        return Snapshot(now, shown_location(self._location), recorded, machine, judgements)

    def _opened(self) -> Store | None:
        if self._store is None and ("://" in self._location or Path(self._location).exists()):
            self._store = open_store(self._location, clock=self._clock)
        return self._store

    def _release(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
