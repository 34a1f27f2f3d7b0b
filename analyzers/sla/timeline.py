"""The minutes of a span of time, each marked with what is known of it: uptime and outages are read off these marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from fractions import Fraction
from typing import Final

from analyzers.sla.contract.model import Objective
from analyzers.sla.evidence import Evidence, Minute
from analyzers.sla.judgement import Coverage
from analyzers.store.query import QueryError, Window

MINUTE: Final = timedelta(minutes=1)


class Mark(IntEnum):
    """What a minute was. Excluded time hides everything, a declared outage everything else."""

    UNMEASURED = 0
    """Nothing was heard of the service."""
    QUIET = 1
    """The service was measured, and had no request."""
    GOOD = 2
    BAD = 3
    """At least ``minute_errors`` of its requests failed."""
    DECLARED = 4
    """People say that the service was down: a bad minute, whatever its requests say."""
    EXCLUDED = 5
    """It counts for nothing."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that an objective is judged over.

    Attributes:
        period: The whole period, already cut to the time in which the contract is in force.
        as_of: Nothing from this instant on is looked at.
        excluded: Maintenance; may reach beyond the period, and overlap.
        declared: Outages that people declared; likewise.
        earliest: When the contract came into force; nothing before is looked at. ``None``: no bound.

    Raises:
        QueryError: When an instant is not a whole minute in UTC.
    """

    period: Window
    as_of: datetime
    excluded: tuple[Window, ...] = ()
    declared: tuple[Window, ...] = ()
    earliest: datetime | None = None

    def __post_init__(self) -> None:
        instants = [self.as_of, *(bound for each in self._windows for bound in (each.start, each.end))]
        uneven = [each for each in instants if each.utcoffset() != timedelta(0) or each.second or each.microsecond]
        if uneven:
            raise QueryError(f"{uneven[0].isoformat()} is not a whole minute in UTC", "round it down to the minute")

    @property
    def _windows(self) -> tuple[Window, ...]:
        return (self.period, *self.excluded, *self.declared)

    @property
    def elapsed(self) -> Window | None:
        """The part of the period before ``as_of``; ``None`` when it has not begun."""
        end = min(self.period.end, self.as_of)
        return Window(self.period.start, end) if self.period.start < end else None

    @property
    def running(self) -> bool:
        """Whether the period is not over."""
        return self.as_of < self.period.end


@dataclass(frozen=True, slots=True)
class Timeline:
    """Minutes in a row.

    Attributes:
        start: The first instant of the first one.
        marks: A byte for each minute, the value of its :class:`Mark`.
    """

    start: datetime
    marks: bytes

    def count(self, *marks: Mark) -> int:
        """Return how many minutes have one of these marks."""
        return sum(self.marks.count(mark) for mark in marks)

    def instant(self, place: int) -> datetime:
        """Return the first instant of the minute at a place."""
        return self.start + place * MINUTE

    def hiding(self, spans: Iterable[Window]) -> Timeline:
        """Return the timeline with nothing known of the minutes of some spans of whole minutes."""
        marks = bytearray(self.marks)
        window = Window(self.start, self.instant(len(marks)))
        _paint(marks, window, spans, Mark.UNMEASURED)
        excluded = (place for place, mark in enumerate(self.marks) if mark == Mark.EXCLUDED)
        for place in excluded:
            marks[place] = Mark.EXCLUDED
        return Timeline(self.start, bytes(marks))

    def coverage(self, demanded: Fraction) -> Coverage:
        """Return of how many of the minutes that are due something is known."""
        due = len(self.marks) - self.count(Mark.EXCLUDED)
        return Coverage(due - self.count(Mark.UNMEASURED), due, demanded)


def timeline_so_far(evidence: Evidence, objective: Objective, span: Span) -> Timeline:
    """Return the minutes of a span's period so far; none where it has not begun."""
    if span.elapsed is None:
        return Timeline(span.period.start, b"")
    return timeline(evidence, objective, span.elapsed, span)


def timeline(evidence: Evidence, objective: Objective, window: Window, span: Span) -> Timeline:
    """Return the minutes of a window of whole minutes, which may reach beyond the period of the span."""
    marks = bytearray(_place(window.end, window))
    for minute in evidence.minutes(window, objective.route):
        marks[_place(minute.start, window)] = _mark(minute, objective.minute_errors)
    _paint(marks, window, span.declared, Mark.DECLARED)
    _paint(marks, window, span.excluded, Mark.EXCLUDED)
    return Timeline(window.start, bytes(marks))


def excluded_within(window: Window, excluded: Sequence[Window]) -> timedelta:
    """Return how much of a window is excluded; time that is excluded twice counts once."""
    total, reached = timedelta(0), window.start
    for each in sorted(excluded, key=lambda one: one.start):
        start, end = max(each.start, reached), min(each.end, window.end)
        if start < end:
            total, reached = total + (end - start), end
    return total


def _mark(minute: Minute, errors: Fraction) -> Mark:
    if not minute.total:
        return Mark.QUIET
    return Mark.BAD if minute.errors >= errors * minute.total else Mark.GOOD


def _paint(marks: bytearray, window: Window, spans: Iterable[Window], mark: Mark) -> None:
    for each in spans:
        first, last = max(each.start, window.start), min(each.end, window.end)
        if first < last:
            places = slice(_place(first, window), _place(last, window))
            marks[places] = bytes([mark]) * (places.stop - places.start)


def _place(instant: datetime, window: Window) -> int:
    return (instant - window.start) // MINUTE
