"""What runs when there is no schedule file."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from atalaia.scheduler.cron import Cron
from atalaia.scheduler.schedule import Every, Job, Schedule

_JOBS: Final = (
    ("alerts", "alerts check", "1m", timedelta(minutes=5)),
    ("seal", "sla seal", "5m", timedelta(hours=1)),
    ("report", "report weekly --output atalaia-reports/", "0 6 * * mon", timedelta(hours=1)),
)
_LENGTHS: Final = {"1m": timedelta(minutes=1), "5m": timedelta(minutes=5)}


def default_schedule(zone: ZoneInfo, exists: Callable[[Sequence[str]], bool]) -> Schedule:
    """Return the alert check of each minute, the sealing of every five minutes, the report of Monday at six.

    Args:
        zone: Whose Monday.
        exists: Whether the program has a command; what it has not is left out.
    """
    jobs = tuple(
        Job(
            name,
            tuple(shlex.split(command)),
            Every(_LENGTHS[when]) if when in _LENGTHS else Cron(when, zone),
            timeout=timeout,
        )
        for name, command, when, timeout in _JOBS
        if exists(shlex.split(command))
    )
    return Schedule(zone, jobs, "the default schedule")
