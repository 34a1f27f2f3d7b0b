"""Recovery point (RPO): how old the last backup was at most, at any moment.

The time since the last completed backup is looked at at every moment of the period: it begins with the last one before
the period, and runs on to the period's end, or to now. Excluded time does not count. Before the first backup that was
ever recorded nothing can be known: there it is counted from the period's start.

A backup that nobody recorded is not told from one that did not happen, as long as the service's logs were there. Where
they were absent for so much of a gap that the rest is within the limit, the gap is unmeasured, not too long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from analyzers.analysis import State
from analyzers.language import Message, english, message
from analyzers.sla.contract.model import Objective
from analyzers.sla.elapsed import span_value
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import NO_TIME, Judgement, Longest, limit_of
from analyzers.sla.timeline import MINUTE, Mark, Span, excluded_within, timeline, timeline_so_far
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Gap:
    """Time without a completed backup.

    Attributes:
        window: From the completion of a backup, or the period's start where none was recorded before, to that of the
            next, or to the period's end or now.
        length: Its time that counts: without what is excluded.
        absent: How much of that time the service's logs were absent; looked up where the length is above the limit,
            else zero.
    """

    window: Window
    length: timedelta
    absent: timedelta


@dataclass(frozen=True, slots=True)
class RecoveryPoint:
    """The backups of a period so far.

    Attributes:
        limit: How old the last backup may be.
        action: The ``event.action`` that is waited for.
        backups: How many were completed within the period.
        last: When the last one was, be it before the period; ``None`` when none has ever been recorded.
        gaps: The time between them, by start: those longer than the limit, and the longest.
    """

    limit: timedelta
    action: str
    backups: int
    last: datetime | None
    gaps: tuple[Gap, ...]

    @property
    def longest(self) -> Gap | None:
        """The longest gap, the first of equals; ``None`` when no backup was ever recorded."""
        return max(self.gaps, key=lambda gap: gap.length, default=None)

    @property
    def too_long(self) -> tuple[Gap, ...]:
        """The gaps that are longer than the limit without the time in which logs were absent."""
        return tuple(gap for gap in self.gaps if gap.length - gap.absent > self.limit)

    @property
    def state(self) -> State:
        """Missed when a gap is too long; unmeasured when one is but for absent logs, or without any backup ever."""
        if self.too_long:
            return State.MISSED
        longest = self.longest
        return State.MET if longest is not None and longest.length <= self.limit else State.UNMEASURED

    @property
    def words(self) -> str:
        """What decides the state, in words."""
        return english(self.said)

    @property
    def said(self) -> Message:
        """The same in any language."""
        longest = self.longest
        if longest is None:
            return message(
                "no completed backup has ever been recorded: the event.action {action} is waited for",
                action=repr(self.action),
            )
        decisive = max(self.too_long, key=lambda gap: gap.length, default=longest)
        found = message(
            "{length} without a backup, from {start} to {end}, {limit} promised",
            length=span_value(decisive.length),
            start=decisive.window.start,
            end=decisive.window.end,
            limit=span_value(self.limit),
        )
        if not decisive.absent:
            return found
        absent = span_value(decisive.absent)
        return message("{found}; the logs were absent for {absent} of it", found=found, absent=absent)


def judge_recovery_point(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Judgement:
    """Judge the gaps between the backups of a span's period so far.

    Args:
        evidence: What is known of the service.
        objective: One of the kind ``rpo``.
        span: The period.
        coverage: What the contract demands. It is told, and decides nothing: recorded backups prove themselves.
    """
    found = recovery_point(evidence, objective, span)
    known = timeline_so_far(evidence, objective, span).coverage(coverage)
    if not known.due:
        return Judgement(objective, State.UNMEASURED, None, known, span.running, NO_TIME)
    gap = found.longest
    measured = None if gap is None else Longest(gap.length, found.limit, gap.window, found.backups)
    return Judgement(objective, found.state, measured, known, span.running, found.said)


def recovery_point(evidence: Evidence, objective: Objective, span: Span) -> RecoveryPoint:
    """Find the gaps between the backups of a span's period so far."""
    limit, elapsed = limit_of(objective), span.elapsed
    found = () if elapsed is None else tuple(evidence.backups(elapsed, objective.backup))
    if elapsed is None or not found:
        return RecoveryPoint(limit, objective.backup, 0, None, ())
    gaps = [_gap(evidence, objective, span, each) for each in _between(found, elapsed)]
    longest = max(gaps, key=lambda gap: gap.length)
    kept = tuple(gap for gap in gaps if gap is longest or gap.length > limit)
    inside = sum(each >= elapsed.start for each in found)
    return RecoveryPoint(limit, objective.backup, inside, found[-1], kept)


def _between(found: Sequence[datetime], elapsed: Window) -> Sequence[Window]:
    bounds = [min(found[0], elapsed.start), *found, elapsed.end]
    return [Window(start, end) for start, end in pairwise(bounds) if start < end > elapsed.start]


def _gap(evidence: Evidence, objective: Objective, span: Span, window: Window) -> Gap:
    length = window.length - excluded_within(window, span.excluded)
    absent = _absent(evidence, objective, span, window) if length > limit_of(objective) else timedelta(0)
    return Gap(window, length, absent)


def _absent(evidence: Evidence, objective: Objective, span: Span, window: Window) -> timedelta:
    """Return for how much of a window nothing at all was heard of the service, or its backups are unknown.

    Excluded time does not count.
    """
    first = _whole_minute(window.start)
    whole = Window(first, -(-(window.end - first) // MINUTE) * MINUTE + first)
    line = timeline(evidence, replace(objective, route=None), whole, replace(span, declared=()))
    line = line.hiding(evidence.unwatched(whole, objective.backup))
    absent = line.count(Mark.UNMEASURED) * MINUTE
    if line.marks[0] == Mark.UNMEASURED:
        absent -= window.start - whole.start
    if line.marks[-1] == Mark.UNMEASURED:
        absent -= whole.end - window.end
    return absent


def _whole_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
