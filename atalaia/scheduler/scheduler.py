"""One scheduler's turns: what ended is recorded, what is due is started."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from atalaia.scheduler.due import COUNTED, GRACE, Due, due
from atalaia.scheduler.locks import try_lock
from atalaia.scheduler.process import Files, Orphan, Process, start
from atalaia.scheduler.runs import Ended, Outcome, Run
from atalaia.scheduler.schedule import Job, Missed, Schedule
from atalaia.scheduler.state import ScheduleState
from logging_lib.clock import Clock

BEAT: Final = timedelta(seconds=10)
"""How often the scheduler notes that it turns."""


class Reporter(Protocol):
    """Whom the scheduler tells what."""

    def printed(self, job: str, line: str) -> None:
        """A job printed a line."""
        ...

    def said(self, text: str) -> None:
        """Something a person may want to know."""
        ...

    def complained(self, text: str) -> None:
        """Something a person should look at."""
        ...


class Scheduler:
    """Runs jobs at their times; its caller holds the schedule's lock.

    A run is recorded as open, then its process starts; its end and the settling of its time are recorded together. A
    scheduler that dies leaves open runs behind. The next one waits for those that still run, takes their own note of
    how they ended, and makes up for those that left none.

    Args:
        schedule: What runs when.
        state: The memory.
        folder: Where locks and outputs are.
        clock: The time.
        reporter: Whom to tell.
        host: This machine's name, on which the jitter depends.
    """

    def __init__(
        self, schedule: Schedule, state: ScheduleState, folder: Path, clock: Clock, reporter: Reporter, host: str
    ) -> None:
        self._jobs = {job.name: job for job in schedule.jobs}
        self._state = state
        self._folder = folder
        self._clock = clock
        self._tell = reporter
        self._host = host
        self._running: dict[str, Process] = {}
        self._queued: dict[str, list[datetime]] = {}
        self._blocked: set[str] = set()
        self._beaten: datetime | None = None
        self.worst = Outcome.OK

    def take_over(self) -> None:
        """Look after the runs that an earlier scheduler left open, and note the jobs that are new."""
        now = self._now()
        for run in self._state.open_runs():
            job = self._jobs.get(run.job)
            self._running[run.job] = Orphan(run, job, Files(self._folder, run.job))
            self._tell.said(f"{run.job}: an earlier scheduler left a run open that started at {_shown(run.started)}")
        for job in self._jobs.values():
            if self._state.settled(job.name) is not None or job.name in self._running:
                continue
            if job.at_start:
                self._queued[job.name] = [now]
            else:
                self._state.settle(job.name, now)

    def turn(self, *, plan: bool = True) -> None:
        """Record what ended, start what waits for its turn and, where wanted, what has become due."""
        self.collect()
        for job in self._jobs.values():
            if job.name not in self._running and (plan or job.name in self._queued):
                self._start_due(job)
        self._beat()

    def collect(self) -> None:
        """Pass on what runs print, and record those that ended."""
        for name, process in list(self._running.items()):
            for line in process.lines():
                self._tell.printed(name, line)
            if (ended := process.ended(self._now())) is not None:
                for line in process.rest():
                    self._tell.printed(name, line)
                self._record(process, replace(ended, tail=process.tail))
                del self._running[name]

    @property
    def busy(self) -> bool:
        """Whether something runs or waits for its turn."""
        return bool(self._running or self._queued)

    @property
    def running(self) -> tuple[str, ...]:
        """The names of the jobs that run."""
        return tuple(self._running)

    def stop(self) -> None:
        """Start nothing more; what does not come to its end now is due again."""
        self._queued.clear()
        for process in self._running.values():
            process.stopped = True

    def end_all(self, sign: signal.Signals) -> None:
        """Send a signal to everything that runs."""
        for process in self._running.values():
            process.end(sign)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC)

    def _start_due(self, job: Job) -> None:
        queue = self._queued.get(job.name) or self._plan(job)
        if not queue:
            return
        self._queued[job.name] = queue
        if self._start(job, queue[0]):
            del queue[0]
        if not queue:
            del self._queued[job.name]

    def _plan(self, job: Job) -> list[datetime]:
        """Return the instants to run a job for now; those that pass without a run are told and settled."""
        now = self._now()
        settled = self._settled(job, now)
        found = due(job, settled, now, self._host)
        if found.dropped:
            self._tell.said(_dropped(job, found))
        if found.runs and found.dropped and job.missed is Missed.ALL:
            self._state.settle(job.name, found.runs[0] - timedelta(microseconds=1))
        if not found.runs and found.upto is not None:
            self._state.settle(job.name, found.upto)
        return list(found.runs)

    def _settled(self, job: Job, now: datetime) -> datetime:
        """Return up to when a job is settled; a time that has not come yet was noted by a clock that was wrong.

        Nothing is settled ahead of time. A clock that is set back by no more than a minute is waited for, so that no
        time comes twice; any other one would keep the job from running until then, perhaps for years.
        """
        settled = self._state.settled(job.name) or now
        if settled <= now + GRACE:
            return settled
        self._state.reset(job.name, now)
        self._tell.complained(
            f"{job.name}: the clock was set back: this job is settled up to {_shown(settled)}; it goes on from now"
        )
        return now

    def _start(self, job: Job, scheduled: datetime) -> bool:
        """Start a run; return whether that was possible, also where the run ended at once."""
        lock = try_lock(Files(self._folder, job.name).lock)
        if lock is None:
            if job.name not in self._blocked:
                self._tell.complained(f"{job.name}: something else holds its lock; it waits")
            self._blocked.add(job.name)
            return False
        self._blocked.discard(job.name)
        run = self._state.begin(job.name, scheduled, self._now())
        try:
            self._running[job.name] = start(job, run, self._folder, lock)
        except OSError as error:
            reason = f"cannot start: {error.strerror or error}"
            self._note_end(run, Ended(self._now(), Outcome.FAILED, None, 0.0, reason), settle=True)
        finally:
            os.close(lock)
        return True

    def _record(self, process: Process, ended: Ended) -> None:
        """Record an end; a run that nobody saw end, or that was stopped with the scheduler, is due again."""
        job = self._jobs.get(process.run.job)
        unfinished = ended.outcome is Outcome.LOST or (process.stopped and ended.outcome is Outcome.KILLED)
        again = unfinished and job is not None and job.missed is not Missed.SKIP
        self._note_end(process.run, ended, settle=not again)
        if again and self._state.settled(process.run.job) is None:
            self._queued[process.run.job] = [process.run.scheduled]

    def _note_end(self, run: Run, ended: Ended, *, settle: bool) -> None:
        self._state.end(run, ended, settle=settle)
        if ended.outcome.bad:
            self.worst = Outcome.FAILED
            self._tell.complained(self._complaint(run, ended, again=not settle))
        elif ended.outcome is Outcome.BREACH and self.worst is Outcome.OK:
            self.worst = Outcome.BREACH

    def _complaint(self, run: Run, ended: Ended, *, again: bool) -> str:
        status = "" if ended.status is None or ended.outcome is Outcome.TIMED_OUT else f" ({ended.status})"
        last = next((line for line in reversed(ended.tail.splitlines()) if line.strip()), "it printed nothing")
        failures = self._state.failures(run.job)
        row = f", {failures} times in a row" if failures > 1 else ""
        more = "; it runs again" if again else ""
        return f"{run.job}: {ended.outcome}{status} after {ended.seconds:.1f} s{row}: {last}{more}"

    def _beat(self) -> None:
        now = self._now()
        if self._beaten is None or not self._beaten <= now < self._beaten + BEAT:
            self._state.beat(now)
            self._beaten = now


def _dropped(job: Job, found: Due) -> str:
    count = f"at least {found.dropped:,}" if found.dropped >= COUNTED - job.missed_limit else f"{found.dropped:,}"
    times = "time" if found.dropped == 1 else "times"
    instead = "one run makes up for all" if found.runs else "missed = skip"
    if found.runs and job.missed is Missed.ALL:
        instead = f"missed_limit = {job.missed_limit}"
    return f"{job.name}: {count} {times} passed without a run of its own ({instead})"


def _shown(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
