"""Error budgets: how many bad requests or minutes a period may have, and how they were spent.

The budget of a period is fixed at its start: what the objective allows of as many requests as the period before had;
where that is not known, of as many as the contract expects; else of those so far, and then it is provisional. Uptime
allows minutes, and a period's minutes are known before it begins. What remains is the budget less everything bad so
far, so it never rises by itself: the burn-down of requests shown later is never above one shown
earlier, unless slices are restated or time is excluded after the fact, and a report names both. Of minutes that holds
for the settled slots: until the lateness has passed, late good requests can still make a bad minute good.

Whether a period was met is judged by its own requests, not by the budget: both numbers are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

from analyzers.language import Message, english, message, plural
from analyzers.sla.judgement import allowed
from analyzers.sla.scope import MINUTE, Scope, minutes_in
from analyzers.store.query import Window


class Basis(StrEnum):
    """What a budget is sized by."""

    BEFORE = "period_before"
    """The requests of the period before."""
    EXPECTED = "expected_requests"
    """Those that the contract expects."""
    SO_FAR = "so_far"
    """Those of the period itself so far."""
    MINUTES = "minutes"
    """The minutes of the whole period that are in force and not excluded."""


@dataclass(frozen=True, slots=True)
class Sized:
    """What a budget is sized by.

    Attributes:
        basis: Which number it is.
        total: That number.
        period: The title of the period it is of; ``None`` where it is of none.
        provisional: Whether it may still change by itself.
        named: The title in any language.
    """

    basis: Basis
    total: int
    period: str | None
    provisional: bool
    named: Message | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Spending:
    """What happened in an hour of a day, or in a day of a longer period.

    Attributes:
        window: The hour or day in the contract's zone, cut to the part of the period that has passed.
        bad: Bad requests or minutes.
        total: All that could be judged.
    """

    window: Window
    bad: int
    total: int


@dataclass(frozen=True, slots=True)
class Slot:
    """A step of the burn-down.

    Attributes:
        spending: What happened in it.
        spent: All that was bad from the period's start to the slot's end.
        remaining: What is left of the budget then; negative: how much too much was spent.
        settled: Whether the lateness has passed since, so that only a restatement can still change it.
    """

    spending: Spending
    spent: int
    remaining: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """The error budget of an objective over a period.

    Attributes:
        unit: ``request`` or ``minute``.
        sized: What it is sized by.
        size: How much may be bad.
        spent: How much was.
        allowed: How much the period's own total so far allows: what met and missed are judged by.
        slots: The burn-down, ascending.
        projected: When it will be spent at the pace of the period so far; ``None`` where it lasts, is spent already, or
            the period is over.
    """

    unit: str
    sized: Sized
    size: int
    spent: int
    allowed: int
    slots: tuple[Slot, ...]
    projected: datetime | None

    @property
    def is_measured(self) -> bool:
        """Whether there is anything to size it by: a budget of no requests at all is none, not one that is spent."""
        return self.sized.total > 0

    @property
    def remaining(self) -> int:
        """What is left; negative: how much too much was spent."""
        return self.size - self.spent

    @property
    def overspent(self) -> Slot | None:
        """The slot in which more than the budget was spent for the first time."""
        return next((slot for slot in self.slots if slot.remaining < 0), None)

    @property
    def words(self) -> str:
        """The budget in a sentence: ``budget of 1,000 requests (...): 812 spent, 188 left``."""
        return english(self.said)

    @property
    def said(self) -> Message:
        """The same in any language."""
        if not self.is_measured:
            return message("budget unmeasured: there are no requests to size it by")
        left = abs(self.remaining)
        rest = message("{left} left", left=left) if self.remaining >= 0 else message("{over} over", over=left)
        sized = _sized_words(self.sized)
        if self.unit == "request":
            return plural(
                "budget of {n} request ({sized}): {spent} spent, {rest}",
                "budget of {n} requests ({sized}): {spent} spent, {rest}",
                self.size,
                sized=sized,
                spent=self.spent,
                rest=rest,
            )
        return plural(
            "budget of {n} minute ({sized}): {spent} spent, {rest}",
            "budget of {n} minutes ({sized}): {spent} spent, {rest}",
            self.size,
            sized=sized,
            spent=self.spent,
            rest=rest,
        )


def budget_of(scope: Scope, unit: str, sized: Sized, spending: Sequence[Spending]) -> Budget:
    """Return the budget of a scope's period.

    Args:
        scope: The objective, its period and the present.
        unit: ``request`` or ``minute``.
        sized: What it is sized by.
        spending: What happened in each slot so far, ascending.
    """
    size = allowed(scope.objective, sized.total)
    spent = list(accumulate(each.bad for each in spending))
    sealed = scope.as_of - scope.contract.lateness
    slots = tuple(
        Slot(each, so_far, size - so_far, each.window.end <= sealed)
        for each, so_far in zip(spending, spent, strict=True)
    )
    total = sum(each.total for each in spending)
    bad = spent[-1] if spent else 0
    return Budget(unit, sized, size, bad, allowed(scope.objective, total), slots, _projected(scope, size, bad))


def _projected(scope: Scope, size: int, bad: int) -> datetime | None:
    """Return when the budget will be spent, if the rest of the period goes as it did so far.

    The pace is everything bad over the minutes that counted so far; minutes excluded from now on are not looked for.
    """
    if not scope.running or not bad or bad >= size:
        return None
    minutes = (size - bad) * minutes_in(scope.windows) // bad
    return scope.as_of + minutes * MINUTE if minutes < (scope.period.window.end - scope.as_of) // MINUTE else None


def _sized_words(sized: Sized) -> Message:
    match sized.basis:
        case Basis.BEFORE:
            text = plural(
                "sized by the {n} request of {period}",
                "sized by the {n} requests of {period}",
                sized.total,
                period=sized.named or sized.period or "",
            )
        case Basis.EXPECTED:
            text = plural(
                "sized by {n} request that are expected", "sized by {n} requests that are expected", sized.total
            )
        case Basis.SO_FAR:
            text = plural("sized by its own {n} request", "sized by its own {n} requests", sized.total)
        case Basis.MINUTES:
            text = plural("of {n} minute", "of {n} minutes", sized.total)
    return message("{sized}, provisional", sized=text) if sized.provisional else text
