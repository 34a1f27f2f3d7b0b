"""How an objective fared over a period: the one form of result for every kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TypeAlias

from analyzers.analysis import State
from analyzers.numbers import counted, percent, plain
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
    def words(self) -> str:
        """How much was measured; empty where it was all."""
        if self.measured >= self.due:
            return ""
        if not self.measured:
            return "nothing of the time was measured"
        demanded = "" if self.suffices else f", {plain(100 * self.demanded)} % demanded"
        return f"measured {percent(self.measured, self.due, apart_from=self.demanded)} of the time{demanded}"


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


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an objective fared over a period.

    Attributes:
        objective: What was promised.
        state: Met, missed or unmeasured; of a running period: so far.
        measured: The exact numbers it rests on; ``None`` where there are none at all.
        coverage: How much of the period was measured.
        running: Whether the period is not over.
        words: What was found, without the period and the objective's name: ``99.87 % of 99.9 %; 31 requests over``.
    """

    objective: Objective
    state: State
    measured: Measured | None
    coverage: Coverage
    running: bool
    words: str

    @property
    def suspected(self) -> bool:
        """Whether it is unmeasured although the measured part, taken by itself, has missed it."""
        share = self.measured
        if self.state is not State.UNMEASURED or not isinstance(share, Share) or not self.coverage.due:
            return False
        return bool(share.total) and share.bad > allowed(self.objective, share.total)

    @property
    def breached(self) -> bool:
        """Whether it is missed, or at least by its measured part."""
        return self.state is State.MISSED or self.suspected

    @property
    def thin(self) -> bool:
        """Whether it is unmeasured for no other reason than that too little of the time was measured."""
        return self.state is State.UNMEASURED and bool(self.coverage.measured) and not self.coverage.suffices

    def sentence(self, title: str) -> str:
        """Return the judgement in words: ``October 2024: availability missed, 99.87 % of 99.9 %; 31 requests over``.

        Args:
            title: The period's name for people.
        """
        so_far = " so far" if self.running else ""
        return f"{title}{so_far}: {self.objective.name.replace('_', ' ')} {self.state}, {self.words}"


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


def judge_share(
    objective: Objective, share: Share, coverage: Coverage, *, running: bool, certain: bool = False
) -> Judgement:
    """Judge a share by exact counts.

    Args:
        objective: One with a target.
        share: What was counted.
        coverage: How much was measured; too little makes it unmeasured.
        running: Whether the period is not over.
        certain: Whether it is missed whatever the unmeasured minutes were, so that coverage does not matter.
    """
    if not coverage.due:
        return Judgement(objective, State.UNMEASURED, share, coverage, running, "no time of the period counts")
    if not share.total:
        words = _joined(_nothing(share), coverage.words)
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    state = State.MISSED if share.bad > allowed(objective, share.total) else State.MET
    found = _joined(figure_of(objective, share), _margin(objective, share, running=running), _judged(share))
    if certain:
        return Judgement(objective, State.MISSED, share, coverage, running, _joined(found, coverage.words))
    if not coverage.suffices:
        words = f"{coverage.words}; the measured part has {state} it: {found}"
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    return Judgement(objective, state, share, coverage, running, _joined(found, coverage.words))


def _nothing(share: Share) -> str:
    """Return why a share of nothing cannot be judged."""
    if share.seen:
        return f"none of {counted(share.seen, share.unit)} can be judged"
    return "no requests" if share.unit == "request" else "no minutes with requests"


def _joined(*parts: str) -> str:
    return "; ".join(filter(None, parts))


def figure_of(objective: Objective, share: Share) -> str:
    """Return the share that people speak of, beside its target: ``0.42 %, under 1 % promised``."""
    target = target_of(objective)
    if objective.kind is Kind.ERROR_RATE:
        shown = percent(share.bad, share.total, apart_from=1 - target)
        return f"{shown}, under {plain(100 * (1 - target))} % promised"
    return f"{percent(share.good, share.total, apart_from=target)} of {plain(100 * target)} %"


def _margin(objective: Objective, share: Share, *, running: bool) -> str:
    margin = allowed(objective, share.total) - share.bad
    if margin < 0:
        return f"{counted(-margin, share.unit)} over"
    return f"{counted(margin, share.unit)} {'left' if running else 'to spare'}"


def _judged(share: Share) -> str:
    if share.total == share.seen:
        return ""
    return f"judged on {share.total:,} of {counted(share.seen, share.unit)}"
