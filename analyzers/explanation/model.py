"""What is asked of an explanation, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from analyzers.analysis import State
from analyzers.fields import REQUEST_STREAM
from analyzers.store.keys import key_is
from analyzers.store.query import EVERYTHING, And, Key, Predicate, Window
from analyzers.store.result import Value
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


@dataclass(frozen=True, slots=True)
class Aspect:
    """One way to tell events apart.

    Attributes:
        name: What people call it: ``endpoint``.
        plural: Several of it.
        key: The dimension.
    """

    name: str
    plural: str
    key: Key


@dataclass(frozen=True, slots=True)
class Condition:
    """One value of an aspect.

    Attributes:
        aspect: The aspect.
        value: Its value; ``None`` where events have none.
    """

    aspect: Aspect
    value: Value

    @property
    def predicate(self) -> Predicate:
        """The predicate of its events."""
        return key_is(self.aspect.key, self.value)

    @property
    def words(self) -> str:
        """For people: ``endpoint /reports``."""
        return f"no {self.aspect.name}" if self.value is None else f"{self.aspect.name} {self.value}"


@dataclass(frozen=True, slots=True)
class Finding:
    """Events that have something in common, and what they have to do with the breach.

    Attributes:
        conditions: What they have in common: one condition, or two that must both hold.
        same: Further conditions that say nearly the same of these events.
        tally: How many there were in the window.
        before: How many there were in the weeks before, all together.
        expected: How many of them would be bad at the rate of the weeks before: their own rate where they were there
            before, else that of all events, else that of the others in the window.
        lift: Their share of the bad events by their share of all events.
        without: What is left of the window without them.
        state: How that is judged.
        first: When the first of them came, for a release that is new in the window; else ``None``.
        first_bad: When the first bad one of those came.
    """

    conditions: tuple[Condition, ...]
    same: tuple[Condition, ...]
    tally: Tally
    before: Tally
    expected: Fraction
    lift: Fraction
    without: Tally
    state: State
    first: datetime | None = None
    first_bad: datetime | None = None

    @property
    def excess(self) -> Fraction:
        """How many more were bad than expected."""
        return self.tally.bad - self.expected

    @property
    def usual(self) -> bool:
        """Whether most of it was so in the weeks before."""
        return 2 * self.excess < self.tally.bad

    @property
    def predicate(self) -> Predicate:
        """The predicate of its events."""
        return And(tuple(each.predicate for each in self.conditions))

    @property
    def words(self) -> str:
        """For people: ``endpoint /reports with version 2.4.0``."""
        return " with ".join(each.words for each in self.conditions)


@dataclass(frozen=True, slots=True)
class Week:
    """The same hours some weeks before.

    Attributes:
        back: How many weeks.
        window: The hours; ``None`` where the clock skipped them.
        tally: What there was; nothing counted where the week is missing, which is not a rate of zero.
    """

    back: int
    window: Window | None
    tally: Tally

    @property
    def missing(self) -> bool:
        """Whether nothing is known of it."""
        return not self.tally.counted


@dataclass(frozen=True, slots=True)
class Example:
    """One bad event.

    Attributes:
        at: When it was, UTC.
        request: ``http.request.id``, else ``event.id``.
        event: The document's id.
        trace: ``trace.id``.
        user: ``user.id``.
        route: ``http.route``.
        status: The response status.
        seconds: The response time.
        message: ``error.message``, else ``message``.
    """

    at: datetime
    request: str
    event: str
    trace: str | None
    user: str | None
    route: str | None
    status: int | None
    seconds: float | None
    message: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A value's part of the bad events."""

    condition: Condition
    bad: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Slow SQL statements of one shape.

    Attributes:
        kind: ``SELECT``, ``INSERT``, ``UPDATE``, ``DELETE`` or ``other``.
        text: Their shape, without any value.
        count: How many there were in the window.
        seconds: How long they took together.
        usual: How long they took in the same hours of a week before, on average; ``None`` when nothing is known.
    """

    kind: str
    text: str
    count: int
    seconds: float
    usual: float | None

    @property
    def unusual(self) -> bool:
        """Whether they took twice the usual time or more; where that is not known, any slow statement is told."""
        return self.usual is None or self.seconds >= 2 * self.usual


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a breach is made of.

    Attributes:
        request: What was asked.
        tally: The window's events.
        state: How they are judged.
        weeks: The weeks before, the last one first.
        findings: What stands out, the most important first; disjoint enough that each tells something new.
        remaining: What is left of the window without all findings, and how that is judged.
        looked_at: The aspects that were looked at.
        made_of: What the bad events are by definition told apart by (their statuses), the most first.
        statements: Slow SQL statements that took twice the usual time or more, the most time first.
        examples: Bad events of the first finding, or of the window.
        where: The filter of the first finding's events, or of all: to look further.
        silent: Why nothing is explained; empty when something is.
        sentences: The verdict in short lines, for messages: without examples.
    """

    request: ExplainRequest
    tally: Tally
    state: State
    weeks: tuple[Week, ...]
    findings: tuple[Finding, ...]
    remaining: tuple[Tally, State]
    looked_at: tuple[Aspect, ...]
    made_of: tuple[Share, ...]
    statements: tuple[Statement, ...]
    examples: tuple[Example, ...]
    where: Predicate
    silent: str
    sentences: tuple[str, ...]
