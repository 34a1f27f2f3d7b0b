"""Find outages, minute by minute; what one is, ``outages.py`` says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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


def outages_of(evidence: Evidence, objective: Objective, elapsed: Window, span: Span) -> tuple[Outage, ...]:
    """Return the outages that touch the part of a span's period that is over, by start."""
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
    reached = useful = start
    for step in _STEPS:
        back = reached - step if span.earliest is None else max(reached - step, span.earliest)
        if back >= reached:
            break
        line = timeline(evidence, objective, Window(back, reached), span)
        reached = back
        useful = reached if line.count(*_BAD) else useful
        if line.count(Mark.GOOD):
            break
    return useful


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
            if mark is Mark.GOOD or self.last is Mark.DECLARED:
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
