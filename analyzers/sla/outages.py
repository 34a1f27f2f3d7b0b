"""Recovery time (RTO): how long the service was down at a time.

An outage runs from its first bad minute to the next good one. Silence (minutes without requests, or unmeasured) does
not end it. Where the silence lasts longer than :data:`PATIENCE`, nobody can tell whether the service was back in the
meantime: the outage then has a shortest and a longest possible length, and only what holds for both is judged. An
outage that people declared ends when they say, unless the next minute is bad. Excluded minutes are left out as if the
clock had stood still.

An outage belongs, with its whole length, to the period in which it began, also where it reaches beyond its end. In the
periods after, only its part inside counts: one outage over midnight does not break two months' promises, and one that
fills a month does break that month's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from analyzers.analysis import State
from analyzers.sla.contract.model import Objective
from analyzers.sla.evidence import Evidence
from analyzers.sla.timeline import MINUTE, Mark, Span, timeline
from analyzers.store.query import Window

PATIENCE: Final = 15
"""Minutes of silence up to which an outage certainly goes on: shorter than any usual recovery time, and longer than the
pauses of a service that has a request every few minutes."""
_STEPS: Final = (timedelta(days=1), timedelta(days=6), timedelta(days=24))
"""How far before a period an outage's beginning is looked for, step by step; and after it, its end."""
_BAD: Final = (Mark.BAD, Mark.DECLARED)


@dataclass(frozen=True, slots=True)
class Outage:
    """Time in which the service was down.

    Attributes:
        start: Its first minute; of one that began before the period, as far back as was looked (31 days).
        end: The first minute in which it was over; ``None`` while it is still running.
        shortest: What it certainly lasted, without excluded time: its longest part without a long silence.
        longest: What it can have lasted, without excluded time.
        declared: Whether people declared any of it.
        earlier: Whether it began before the period: then both lengths are those of the part inside.
    """

    start: datetime
    end: datetime | None
    shortest: timedelta
    longest: timedelta
    declared: bool
    earlier: bool


@dataclass(frozen=True, slots=True)
class Recovery:
    """The outages of a period so far.

    Attributes:
        limit: How long an outage may last at most.
        required: The least coverage for ``met``.
        outages: Those that touch the period, by start.
        coverage: The share of the minutes due that were measured; ``None`` where none is due.
    """

    limit: timedelta
    required: Fraction
    outages: tuple[Outage, ...]
    coverage: Fraction | None

    @property
    def worst(self) -> Outage | None:
        """The outage that certainly lasted longest, the first of equals; ``None`` without any."""
        return max(self.outages, key=lambda each: (each.shortest, each.longest), default=None)

    @property
    def too_long(self) -> tuple[Outage, ...]:
        """Those that certainly lasted longer than the limit."""
        return tuple(each for each in self.outages if each.shortest > self.limit)

    @property
    def open_questions(self) -> tuple[Outage, ...]:
        """Those within the limit so far that are still running, or whose end nobody can tell."""
        unsure = (each for each in self.outages if each.end is None or each.longest > self.limit)
        return tuple(each for each in unsure if each.shortest <= self.limit)

    @property
    def state(self) -> State:
        """Missed when an outage lasted too long, also one still running; met when none can have, and coverage holds."""
        if self.too_long:
            return State.MISSED
        covered = self.coverage is not None and self.coverage >= self.required
        return State.MET if covered and not self.open_questions else State.UNMEASURED


def recovery(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Recovery:
    """Find the outages of a span's period so far.

    Args:
        evidence: What is known of the service.
        objective: One of the kind ``rto``, with a limit.
        span: The period.
        coverage: The least coverage for ``met``.

    Raises:
        ValueError: When the objective has no limit.
    """
    if objective.limit is None:
        raise ValueError(f"the objective {objective.name!r} has no limit")
    elapsed = span.elapsed
    if elapsed is None:
        return Recovery(objective.limit, coverage, (), None)
    known = timeline(evidence, objective, elapsed, span).coverage
    return Recovery(objective.limit, coverage, _outages(evidence, objective, elapsed, span), known)


def _outages(evidence: Evidence, objective: Objective, elapsed: Window, span: Span) -> tuple[Outage, ...]:
    walk = _Walk(elapsed.start)
    for window in _windows(evidence, objective, elapsed, span):
        instant = window.start
        for mark in timeline(evidence, objective, window, span).marks:
            if instant >= elapsed.end and walk.start is None:
                return walk.found
            walk.step(instant, Mark(mark))
            instant += MINUTE
    walk.close(None)
    return walk.found


def _windows(evidence: Evidence, objective: Objective, elapsed: Window, span: Span) -> Iterator[Window]:
    """Yield the time before the period as far as it matters, the period, and the time after it while anyone asks."""
    start = _looked_back(evidence, objective, elapsed.start, span)
    if start < elapsed.start:
        yield Window(start, elapsed.start)
    yield elapsed
    end, steps = elapsed.end, iter(_STEPS)
    while end < span.as_of:
        further = min(end + next(steps, _STEPS[-1]), span.as_of)
        yield Window(end, further)
        end = further


def _looked_back(evidence: Evidence, objective: Objective, start: datetime, span: Span) -> datetime:
    """Return an instant before the period from which on an outage running at its start is seen from its beginning."""
    reached = start
    for step in _STEPS:
        back = reached - step if span.earliest is None else max(reached - step, span.earliest)
        if back >= reached:
            return reached
        line = timeline(evidence, objective, Window(back, reached), span)
        reached = back
        if line.count(Mark.GOOD):
            return reached
    return reached


@dataclass(slots=True)
class _Walk:
    """Finds outages, minute by minute.

    Attributes:
        begin: Where the period begins.
        found: The outages that touch it, closed.
        start: Where the open one began; ``None`` when there is none.
        silent: How many silent minutes the open one has had since its last bad one.
        last: The last mark that was not silence, of the open one.
        pending: Those silent minutes of it that count (inside the period).
        whole: Its minutes so far that count, silence included.
        piece: The minutes of its present part without a long silence.
        certain: The longest such part.
        declared: Whether people declared any of the open one.
        entered: Whether the period has begun.
    """

    begin: datetime
    found: tuple[Outage, ...] = ()
    start: datetime | None = None
    silent: int = 0
    last: Mark = Mark.BAD
    pending: int = 0
    whole: int = 0
    piece: int = 0
    certain: int = 0
    declared: bool = False
    entered: bool = False

    def step(self, instant: datetime, mark: Mark) -> None:
        """Take the next minute."""
        if instant >= self.begin and not self.entered:
            self.entered = True
            self.pending = self.whole = self.piece = self.certain = 0
        if mark is Mark.EXCLUDED:
            return
        if mark in _BAD:
            self._bad(instant, mark)
        elif self.start is not None:
            if mark is Mark.GOOD or (self.last is Mark.DECLARED and not self.silent):
                self.close(instant)
            else:
                self.silent, self.pending, self.whole = self.silent + 1, self.pending + 1, self.whole + 1

    def _bad(self, instant: datetime, mark: Mark) -> None:
        if self.start is None:
            self.start = instant
        self._settle()
        self.piece, self.whole, self.last = self.piece + 1, self.whole + 1, mark
        self.certain = max(self.certain, self.piece)
        self.declared = self.declared or mark is Mark.DECLARED

    def _settle(self) -> None:
        """Count the silence that has just ended to the present part, or begin a new part after it."""
        self.piece = self.piece + self.pending if self.silent <= PATIENCE else 0
        self.certain = max(self.certain, self.piece)
        self.silent = self.pending = 0

    def close(self, end: datetime | None) -> None:
        """End the open outage."""
        if self.start is not None:
            self._settle()
            if self.entered and self.whole:
                lengths = self.certain * MINUTE, self.whole * MINUTE
                outage = Outage(self.start, end, *lengths, self.declared, self.start < self.begin)
                self.found = (*self.found, outage)
        self.start, self.whole, self.piece, self.certain, self.declared = None, 0, 0, 0, False
