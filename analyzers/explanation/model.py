"""What an explanation says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from analyzers.analysis import State
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.store.keys import key_is
from analyzers.store.query import And, Key, Predicate, Window
from analyzers.store.result import Value


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
        usual: How long they took in the same hours of a week before, on average; ``None`` when nothing is known, or
            none of those weeks had any.
        is_new: Whether those weeks are known and none of them had any.
    """

    kind: str
    text: str
    count: int
    seconds: float
    usual: float | None
    is_new: bool = False

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
