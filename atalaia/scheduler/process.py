"""Runs as processes: started, watched, ended with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from atalaia.scheduler.child import Progress, read_progress
from atalaia.scheduler.locks import is_locked
from atalaia.scheduler.output import Output, appending
from atalaia.scheduler.runs import Ended, Outcome, Run
from atalaia.scheduler.schedule import Job

MERCY: Final = timedelta(seconds=5)
"""How long a run that was asked to end may take for it."""


class Files:
    """Where a job's lock, output and progress are.

    Args:
        folder: The schedule's own.
        job: The job's name.
    """

    def __init__(self, folder: Path, job: str) -> None:
        self.lock = folder / f"{job}.lock"
        self.output = folder / f"{job}.out"
        self.progress = folder / f"{job}.progress"


class Process(ABC):
    """What a child and an orphan have in common."""

    def __init__(self, run: Run, job: Job | None, files: Files) -> None:
        self.run = run
        self._files = files
        self._output = Output(files.output)
        self._timeout = None if job is None else job.timeout
        self._asked: float | None = None
        self._since = time.monotonic()
        self.stopped = False
        """Whether it was told to end because the scheduler ends."""

    def lines(self) -> Iterator[str]:
        """Yield what it printed since the last time."""
        yield from self._output.lines()

    def rest(self) -> Iterator[str]:
        """Yield what it printed since the last time, also a line without an end."""
        yield from self._output.lines(all_of_it=True)

    @property
    def tail(self) -> str:
        """The end of what it printed."""
        return self._output.tail

    def _late(self, now: datetime) -> bool:
        """End a run that takes too long: first politely. Return whether it does."""
        if self._timeout is None or self._taken(now) < self._timeout:
            return False
        if self._asked is None:
            self._asked = time.monotonic()
            self.end(signal.SIGTERM)
        elif time.monotonic() - self._asked > MERCY.total_seconds():
            self.end(signal.SIGKILL)
        return True

    @abstractmethod
    def _taken(self, now: datetime) -> timedelta:
        """Return how long it has run."""

    @abstractmethod
    def ended(self, now: datetime) -> Ended | None:
        """Return how it ended, or ``None``; a run that takes too long is ended first."""

    @abstractmethod
    def end(self, sign: signal.Signals) -> None:
        """Send a signal to the run, and to all that it started."""

    def _report(self, now: datetime, outcome: Outcome, status: int | None) -> Ended:
        return Ended(now, outcome, status, self._taken(now).total_seconds())


class Child(Process):
    """A run that this scheduler started."""

    def __init__(self, run: Run, job: Job, files: Files, process: subprocess.Popen[bytes]) -> None:
        super().__init__(run, job, files)
        self._process = process

    def ended(self, now: datetime) -> Ended | None:
        """Return how it ended, or ``None``."""
        status = self._process.poll()
        late = self._asked is not None
        if status is None:
            self._late(now)
            return None
        if late:
            self.end(signal.SIGKILL)  # what it started and left behind
        outcome = Outcome.TIMED_OUT if late else outcome_of(status)
        return self._report(now, outcome, status)

    def _taken(self, now: datetime) -> timedelta:
        """Return how long it has run, whatever became of the clock meanwhile."""
        del now  # a clock that is set forward would end it, one that is set back would let it hang
        return timedelta(seconds=time.monotonic() - self._since)

    def end(self, sign: signal.Signals) -> None:
        """Send a signal to the run's group."""
        _signal_group(self._process.pid, sign)


class Orphan(Process):
    """A run that an earlier scheduler started; its lock tells whether it still runs."""

    def lines(self) -> Iterator[str]:
        """Yield what it printed; the output of a run that never started is that of an earlier one."""
        return super().lines() if self._progress is not None else iter(())

    def rest(self) -> Iterator[str]:
        """Yield the rest of what it printed."""
        return super().rest() if self._progress is not None else iter(())

    def ended(self, now: datetime) -> Ended | None:
        """Return how it ended, or ``None``: by its own note, if it could write one."""
        if is_locked(self._files.lock):
            self._late(now)
            return None
        progress = self._progress
        if self._asked is not None:
            return self._report(now, Outcome.TIMED_OUT, None)
        if progress is None or progress.status is None:
            return self._report(now, Outcome.LOST, None)
        return self._report(now, outcome_of(progress.status), progress.status)

    def _taken(self, now: datetime) -> timedelta:
        """Return how long it has run, as far as the clock can be trusted."""
        return max(now - self.run.started, timedelta(0), timedelta(seconds=time.monotonic() - self._since))

    def end(self, sign: signal.Signals) -> None:
        """Send a signal to the run's group, which exists as long as its lock is held."""
        progress = self._progress
        if progress is not None and is_locked(self._files.lock):
            _signal_group(progress.pid, sign)

    @property
    def _progress(self) -> Progress | None:
        return read_progress(self._files.progress, self.run.token)


def outcome_of(status: int) -> Outcome:
    """Return what an exit status means: 0 fine, 1 a breach was found, below zero a signal, else a failure."""
    if status < 0:
        return Outcome.KILLED
    return {0: Outcome.OK, 1: Outcome.BREACH}.get(status, Outcome.FAILED)


def start(job: Job, run: Run, folder: Path, lock: int) -> Child:
    """Start a run.

    Args:
        job: What to run.
        run: The run, recorded already.
        folder: The schedule's own.
        lock: The job's lock; the run inherits it and holds it until it ends.

    Raises:
        OSError: When there is no room for a process or its output.
    """
    files = Files(folder, job.name)
    files.progress.unlink(missing_ok=True)
    scheduled = run.scheduled.astimezone(UTC).isoformat()
    command = [sys.executable, "-P", "-m", "atalaia.scheduler.child", str(files.progress), run.token]
    with open(files.output, "wb", opener=appending) as output:
        process = subprocess.Popen(  # noqa: S603  # our own command line, checked when the schedule was read
            [*command, *job.command(run.scheduled)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(lock,),
            env={**os.environ, "ATALAIA_SCHEDULED_FOR": scheduled, "PYTHONUNBUFFERED": "1"},
        )
    return Child(run, job, files, process)


def _signal_group(pid: int, sign: signal.Signals) -> None:
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        return  # it ended by itself in this very moment
