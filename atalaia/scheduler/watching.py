"""What a schedule is up to: for people, and for monitoring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from atalaia.scheduler.due import GRACE
from atalaia.scheduler.locks import is_locked
from atalaia.scheduler.process import MERCY, Files
from atalaia.scheduler.runs import Run
from atalaia.scheduler.schedule import Job, Schedule
from atalaia.scheduler.state import ScheduleState

SILENT: Final = timedelta(minutes=5)
"""A scheduler that has not turned for so long has ended or hangs."""


@dataclass(frozen=True, slots=True)
class JobView:
    """One job now.

    Attributes:
        job: The job.
        running: Whether its process lives.
        last: Its youngest run, also one that has not ended.
        ended: The youngest one that has ended.
        failures: How many runs in a row ended badly.
        next: When it is due next; in the past when it is due now. ``None``: as soon as a scheduler sees it.
        overdue: Why it is overdue; empty when it is not.
    """

    job: Job
    running: bool
    last: Run | None
    ended: Run | None
    failures: int
    next: datetime | None
    overdue: str


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A schedule now.

    Attributes:
        jobs: In the order of the schedule.
        beat: When a scheduler turned last; ``None``: never.
        silent: Whether that is too long ago.
    """

    jobs: tuple[JobView, ...]
    beat: datetime | None
    silent: bool

    @property
    def overdue(self) -> bool:
        """Whether something that should have happened did not."""
        return self.silent or any(view.overdue for view in self.jobs)

    @property
    def failing(self) -> bool:
        """Whether a job's last run ended badly."""
        return any(view.failures for view in self.jobs)


def look_at(schedule: Schedule, state: ScheduleState, folder: Path, now: datetime, host: str) -> ScheduleView:
    """Return what a schedule is up to.

    Args:
        schedule: What runs when.
        state: Its memory.
        folder: Where the jobs' locks are.
        now: The present instant.
        host: This machine's name, on which the jitter depends.
    """
    beat = state.last_beat()
    silent = beat is None or abs(now - beat) > SILENT
    views = tuple(_view(job, state, folder, now, host, turning=not silent) for job in schedule.jobs)
    return ScheduleView(views, beat, silent)


def _view(job: Job, state: ScheduleState, folder: Path, now: datetime, host: str, *, turning: bool) -> JobView:
    """Return one job now.

    Args:
        job: The job.
        state: The schedule's memory.
        folder: Where the locks are.
        now: The present instant.
        host: This machine's name.
        turning: Whether a scheduler turns; it has noted every job it knows.
    """
    settled, last = state.settled(job.name), state.last_run(job.name)
    running = last is not None and last.ended is None and is_locked(Files(folder, job.name).lock)
    due = None if settled is None and job.at_start else job.times.after(settled or now)
    overdue = ""
    if running and last is not None and now > last.started + job.timeout + MERCY + GRACE:
        overdue = "it runs longer than its timeout"
    elif settled is not None and settled > now + GRACE:
        overdue = f"it is settled up to {settled:%Y-%m-%d %H:%M} UTC, which has not come: the clock was set back"
    elif turning and settled is None and last is None:
        overdue = "the scheduler that turns does not know it: restart that one"
    elif not running and due is not None and now > due + job.delay(due, host) + GRACE:
        overdue = "it was due and has not run"
    return JobView(job, running, last, state.last_ended(job.name), state.failures(job.name), due, overdue)
