"""Runs as processes: started, watched, ended with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from atalaia.scheduler.child import Progress, read_progress
from atalaia.scheduler.locks import is_locked
from atalaia.scheduler.schedule import Job
from atalaia.scheduler.state import Ended, Outcome, Run

MERCY: Final = timedelta(seconds=5)
"""How long a run that was asked to end may take for it."""
_TAIL: Final = 2000
"""Characters of the output that are kept."""
_CHUNK: Final = 1 << 20
"""Bytes of output read at once."""


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


class _Output:
    """Follows a file that a run writes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._rest = b""
        self.tail = ""

    def lines(self, *, all_of_it: bool = False) -> Iterator[str]:
        """Yield whole lines; with ``all_of_it`` an unfinished last one, too."""
        while chunk := self._more():
            *whole, self._rest = (self._rest + chunk).split(b"\n")
            yield from map(self._line, whole)
        if all_of_it and self._rest:
            yield self._line(self._rest)
            self._rest = b""

    def _more(self) -> bytes:
        with self._path.open("rb") as file:
            file.seek(self._read)
            chunk = file.read(_CHUNK)
        self._read += len(chunk)
        return chunk

    def _line(self, line: bytes) -> str:
        text = line.decode("utf-8", "replace")
        self.tail = f"{self.tail}{text}\n"[-_TAIL:]
        return text


class Process(ABC):
    """What a child and an orphan have in common."""

    def __init__(self, run: Run, job: Job | None, files: Files) -> None:
        self.run = run
        self._files = files
        self._output = _Output(files.output)
        self._deadline = None if job is None else run.started + job.timeout
        self._asked: datetime | None = None
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
        if self._deadline is None or now < self._deadline:
            return False
        if self._asked is None:
            self._asked = now
            self.end(signal.SIGTERM)
        elif now - self._asked > MERCY:
            self.end(signal.SIGKILL)
        return True

    @abstractmethod
    def ended(self, now: datetime) -> Ended | None:
        """Return how it ended, or ``None``; a run that takes too long is ended first."""

    @abstractmethod
    def end(self, sign: signal.Signals) -> None:
        """Send a signal to the run, and to all that it started."""

    def _report(self, now: datetime, outcome: Outcome, status: int | None) -> Ended:
        seconds = max((now - self.run.started).total_seconds(), 0.0)
        return Ended(now, outcome, status, seconds)


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
    with files.output.open("wb") as output:
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
