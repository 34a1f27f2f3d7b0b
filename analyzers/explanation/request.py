"""What an explanation is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.analysis import State
from analyzers.fields import REQUEST_STREAM
from analyzers.store.query import EVERYTHING, And, Predicate, Window
from logging_lib.errors import AtalaiaError

WEEKS: Final = 4
"""How many weeks before are looked at."""


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """A breach that is to be explained.

    Attributes:
        window: When.
        bad: Which of the counted events broke the promise.
        counted: Which events it is about.
        target: The share that must be good, between 0 and 1.
        strict: Whether the good share must be above ``target``, rather than reach it.
        limit: Instead of ``target``: the share of bad events that must not be reached (an alert's threshold).
        stream: The data stream.
        where: Which of its events are looked at at all: one service, one route.
        zone: The IANA zone in which a week before is the same hours of the clock.
        noun: What bad events are called, in the plural: ``failed requests``.
        events: What all events are called.
        weeks: How many weeks before are looked at; 0 for none.
        excluded: Time that counts for nothing, in the window or in the weeks before: maintenance.

    Raises:
        AtalaiaError: When both a target and a limit are given, or one is no share.
    """

    window: Window
    bad: Predicate
    counted: Predicate = EVERYTHING
    target: Fraction | None = None
    limit: Fraction | None = None
    strict: bool = False
    stream: str = REQUEST_STREAM
    where: Predicate = EVERYTHING
    zone: str = "UTC"
    noun: str = "failed requests"
    events: str = "requests"
    weeks: int = WEEKS
    excluded: tuple[Window, ...] = ()

    def __post_init__(self) -> None:
        if self.target is not None and self.limit is not None:
            raise AtalaiaError("an explanation has both a target and a limit", "give one of them")
        for share in (self.target, self.limit):
            if share is not None and not 0 <= share <= 1:
                raise AtalaiaError(f"{share} is not a share", "give a number from 0 to 1")

    def left_out(self, window: Window) -> tuple[Window, ...]:
        """Return the parts of a window that are excluded, ascending and disjoint."""
        found: list[Window] = []
        for each in sorted(self.excluded, key=lambda one: one.start):
            start = max(each.start, window.start, *(last.end for last in found[-1:]))
            end = min(each.end, window.end)
            if start < end:
                found.append(Window(start, end))
        return tuple(found)

    @property
    def failing(self) -> Predicate:
        """The predicate of the bad events."""
        return And((self.counted, self.bad))

    def judge(self, tally: Tally) -> State:
        """Judge counts exactly: unmeasured without an event, or where nothing was promised."""
        if not tally.counted or (self.target is None and self.limit is None):
            return State.UNMEASURED
        if self.limit is not None:
            return State.MET if tally.bad < self.limit * tally.counted else State.MISSED
        good, needed = tally.counted - tally.bad, (self.target or 0) * tally.counted
        return State.MET if (good > needed if self.strict else good >= needed) else State.MISSED


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events were counted, and how many of them were bad; weighted."""

    counted: int
    bad: int

    def without(self, other: Tally) -> Tally:
        """Return what is left when some of the events are taken away."""
        return Tally(self.counted - other.counted, self.bad - other.bad)

    @property
    def rate(self) -> Fraction | None:
        """The share of bad events; ``None`` without an event."""
        return Fraction(self.bad, self.counted) if self.counted else None
