"""What an objective is judged by: shares, lengths of time, how much of a period was measured."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from analyzers.language import Message, message
from analyzers.language.parts import share as share_value
from analyzers.language.parts import target as target_value
from analyzers.sla.contract.model import Kind, Objective
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a period was measured, in minutes.

    Attributes:
        measured: Minutes of which something is known.
        due: Minutes of the period so far, in force and not excluded.
        demanded: The least share of them that must be measured.
    """

    measured: int
    due: int
    demanded: Fraction

    @property
    def suffices(self) -> bool:
        """Whether enough is known for ``met``."""
        return self.measured >= self.demanded * self.due

    @property
    def said(self) -> Message | None:
        """How much was measured; ``None`` where it was all."""
        if self.measured >= self.due:
            return None
        if not self.measured:
            return message("nothing of the time was measured")
        measured = share_value(self.measured, self.due, apart_from=self.demanded)
        if self.suffices:
            return message("measured {share} of the time", share=measured)
        demanded = target_value(self.demanded)
        return message("measured {share} of the time, {demanded} demanded", share=measured, demanded=demanded)


@dataclass(frozen=True, slots=True)
class Share:
    """What a share of requests or minutes is judged by.

    Attributes:
        good: Those that kept the promise.
        total: Those that could be judged.
        seen: All there were; more than ``total`` where some have no response time.
        unit: What they are: ``request`` or ``minute``.
    """

    good: int
    total: int
    seen: int
    unit: str

    @property
    def bad(self) -> int:
        """Those that broke the promise."""
        return self.total - self.good


@dataclass(frozen=True, slots=True)
class Longest:
    """What a limit on time is judged by.

    Attributes:
        longest: The longest outage, or the longest time without a backup; zero where there was none.
        limit: What it may be at most.
        window: When that was; ``None`` where there was none.
        number: How many outages, or backups, there were.
    """

    longest: timedelta
    limit: timedelta
    window: Window | None
    number: int


Measured: TypeAlias = Share | Longest


def allowed(objective: Objective, total: int) -> int:
    """Return how many of so many requests or minutes may be bad with the objective still met.

    At least 95 % of 100 lets 5 be bad; under 1 % of 100 lets none, since exactly 1 % is not under it.
    """
    budget = (1 - target_of(objective)) * total
    strict = objective.kind is Kind.ERROR_RATE
    return max(0, math.ceil(budget) - 1) if strict else math.floor(budget)


def target_of(objective: Objective) -> Fraction:
    """Return the share that must be good.

    Raises:
        ValueError: When the objective's kind has none.
    """
    if objective.target is None:
        raise ValueError(f"an objective of kind {objective.kind} has no target share")
    return objective.target


def limit_of(objective: Objective) -> timedelta:
    """Return the limit on time.

    Raises:
        ValueError: When the objective's kind has none.
    """
    if objective.limit is None:
        raise ValueError(f"an objective of kind {objective.kind} has no limit")
    return objective.limit
