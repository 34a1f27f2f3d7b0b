"""Runs of jobs as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How a run ended."""

    OK = "ok"
    BREACH = "breach"
    """Exit status 1: it ran, and what it looked at was missed or firing."""
    FAILED = "failed"
    """Another exit status: a mistake, or nothing to evaluate."""
    TIMED_OUT = "timed out"
    KILLED = "killed"
    """A signal ended it."""
    LOST = "lost"
    """Scheduler and run both died, and nobody saw how far it came."""

    @property
    def bad(self) -> bool:
        """Whether the job did not do what it is for."""
        return self not in {Outcome.OK, Outcome.BREACH}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job.

    Attributes:
        id: Unique.
        job: The job's name.
        scheduled: The instant it was due.
        started: When it started.
        ended: When it ended; ``None`` while it runs.
        outcome: How.
        status: Its exit status, or the negative number of the signal.
        seconds: How long it took.
        tail: The end of what it printed.
    """

    id: int
    job: str
    scheduled: datetime
    started: datetime
    ended: datetime | None = None
    outcome: Outcome | None = None
    status: int | None = None
    seconds: float | None = None
    tail: str = ""

    @property
    def token(self) -> str:
        """What its process is told to call it: unique also when the state was removed and numbers start anew."""
        return f"{self.id}@{in_text(self.started)}"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, to be recorded."""

    at: datetime
    outcome: Outcome
    status: int | None
    seconds: float
    tail: str = ""


def in_text(instant: datetime) -> str:
    """Return a text that sorts as the instant does."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
