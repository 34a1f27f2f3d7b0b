"""A schedule as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from atalaia.scheduler.cron import Cron

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Every:
    """Whole multiples of a length of time since 1970, so that a restart does not move them."""

    interval: timedelta

    def after(self, instant: datetime) -> datetime:
        """Return the first UTC instant of these that is later than another."""
        return _EPOCH + ((instant - _EPOCH) // self.interval + 1) * self.interval


class Missed(StrEnum):
    """What to do about times that passed while no scheduler ran, or while the job was still running."""

    ONCE = "once"
    """One run for all of them."""
    SKIP = "skip"
    """No run: the next time will do."""
    ALL = "all"
    """One run for each, oldest first, at most so many as the job's limit."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to run at its times.

    Attributes:
        name: Unique; lower-case letters, digits and hyphens.
        words: An atalaia command line without ``atalaia``; ``{scheduled}`` stands for the instant it was due.
        times: When.
        missed: What to do about times that passed.
        missed_limit: How many of them ``Missed.ALL`` makes good.
        timeout: How long a run may take before it is ended.
        jitter: By how much a run may be late on purpose, so that many machines do not ask at once.
        at_start: Whether it runs at once when it has never run.
    """

    name: str
    words: tuple[str, ...]
    times: Cron | Every
    missed: Missed = Missed.ONCE
    missed_limit: int = 10
    timeout: timedelta = timedelta(hours=1)
    jitter: timedelta = timedelta(0)
    at_start: bool = False

    def delay(self, scheduled: datetime, host: str) -> timedelta:
        """Return the jitter of one run: the same after a restart, another one on another machine."""
        digest = hashlib.sha256(f"{host} {self.name} {scheduled.isoformat()}".encode()).digest()
        return self.jitter * (int.from_bytes(digest[:4], "big") / 2**32)

    def command(self, scheduled: datetime) -> tuple[str, ...]:
        """Return the words of one run."""
        at = scheduled.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return tuple(word.replace("{scheduled}", at) for word in self.words)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What runs when.

    Attributes:
        zone: Whose clock the cron lines follow.
        jobs: In the order of the file.
        source: Where it comes from, for messages.
    """

    zone: ZoneInfo
    jobs: tuple[Job, ...]
    source: str
