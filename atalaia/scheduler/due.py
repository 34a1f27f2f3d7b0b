"""Which runs are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from atalaia.scheduler.cron import Cron
from atalaia.scheduler.schedule import Every, Job, Missed

GRACE: Final = timedelta(seconds=60)
"""A run that starts this much late is still on time."""
COUNTED: Final = 1000
"""So many passed times are counted; beyond, there are "at least" so many."""
_BACK: Final = tuple(timedelta(days=days) for days in (0.05, 1, 8, 40, 400, 3000, 40000))


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done about a job's times up to now.

    Attributes:
        runs: The instants to run for, oldest first.
        dropped: How many times passed without a run of their own, at most ``COUNTED``.
        upto: Up to which instant everything is settled when nothing runs; the last of ``runs`` otherwise.
    """

    runs: tuple[datetime, ...] = ()
    dropped: int = 0
    upto: datetime | None = None


def due(job: Job, settled: datetime, now: datetime, host: str) -> Due:
    """Return which runs of a job are due.

    Args:
        job: The job.
        settled: Up to which of its times it is settled already.
        now: The present instant.
        host: This machine's name, on which the jitter depends.
    """
    passed = _passed(job.times, settled, now)
    if passed and passed[-1] + job.delay(passed[-1], host) > now:
        passed = passed[:-1]
    if not passed:
        return Due()
    wanted = _wanted(job, passed, now, host)
    return Due(tuple(wanted), len(passed) - len(wanted), passed[-1])


def _wanted(job: Job, passed: list[datetime], now: datetime, host: str) -> list[datetime]:
    if job.missed is Missed.ALL:
        return passed[-job.missed_limit :]
    last = passed[-1]
    if job.missed is Missed.SKIP and now - last - job.delay(last, host) > GRACE:
        return []
    return [last]


def _passed(times: Cron | Every, settled: datetime, now: datetime) -> list[datetime]:
    """Return the times after one instant up to another, the last ``COUNTED`` of them at most."""
    found: list[datetime] = []
    for start in [max(settled, now - back) for back in _BACK]:
        found = _between(times, start, now)
        if start == settled or len(found) >= COUNTED:
            break
    return found[-COUNTED:]


def _between(times: Cron | Every, start: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    at = times.after(start)
    while at <= end:
        found.append(at)
        at = times.after(at)
    return found
