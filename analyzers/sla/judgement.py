"""How an objective fared over a period: the one form of result for every kind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from analyzers.analysis import State
from analyzers.language import Message, Value, english, joined, message, plural
from analyzers.language.parts import share as share_value
from analyzers.language.parts import target as target_value
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.states import STATES
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

NO_TIME: Final = message("no time of the period counts")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an objective fared over a period.

    Attributes:
        objective: What was promised.
        state: Met, missed or unmeasured; of a running period: so far.
        measured: The exact numbers it rests on; ``None`` where there are none at all.
        coverage: How much of the period was measured.
        running: Whether the period is not over.
        found: What was found, without the period and the objective's name: ``99.87 % of 99.9 %; 31 requests over``.
    """

    objective: Objective
    state: State
    measured: Measured | None
    coverage: Coverage
    running: bool
    found: Message

    @property
    def words(self) -> str:
        """What was found, as the command line says it."""
        return english(self.found)

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
        return english(self.said(title))

    def said(self, title: Value) -> Message:
        """Return the judgement in words, in any language; the argument is that of :meth:`sentence`."""
        name, state = self.objective.name.replace("_", " "), STATES[self.state]
        if self.running:
            return message(
                "{period} so far: {objective} {state}, {found}",
                period=title,
                objective=name,
                state=state,
                found=self.found,
            )
        return message(
            "{period}: {objective} {state}, {found}", period=title, objective=name, state=state, found=self.found
        )


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
        return Judgement(objective, State.UNMEASURED, share, coverage, running, NO_TIME)
    if not share.total:
        words = joined(_nothing(share), coverage.said)
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    state = State.MISSED if share.bad > allowed(objective, share.total) else State.MET
    found = joined(_figure(objective, share), _margin(objective, share, running=running), _judged(share))
    if certain:
        return Judgement(objective, State.MISSED, share, coverage, running, joined(found, coverage.said))
    if (covered := coverage.said) is not None and not coverage.suffices:
        words = _suspicion(covered, state, found)
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    return Judgement(objective, state, share, coverage, running, joined(found, coverage.said))


def _suspicion(covered: Message, state: State, found: Message) -> Message:
    if state is State.MISSED:
        return message("{covered}; the measured part has missed it: {found}", covered=covered, found=found)
    return message("{covered}; the measured part has met it: {found}", covered=covered, found=found)


def _nothing(share: Share) -> Message:
    """Return why a share of nothing cannot be judged."""
    if not share.seen:
        return message("no requests") if share.unit == "request" else message("no minutes with requests")
    if share.unit == "request":
        return plural("none of {n} request can be judged", "none of {n} requests can be judged", share.seen)
    return plural("none of {n} minute can be judged", "none of {n} minutes can be judged", share.seen)


def figure_of(objective: Objective, share: Share) -> str:
    """Return the share that people speak of, beside its target: ``0.42 %, under 1 % promised``."""
    return english(_figure(objective, share))


def _figure(objective: Objective, share: Share) -> Message:
    target = target_of(objective)
    if objective.kind is Kind.ERROR_RATE:
        shown, promised = share_value(share.bad, share.total, apart_from=1 - target), target_value(1 - target)
        return message("{share}, under {target} promised", share=shown, target=promised)
    shown = share_value(share.good, share.total, apart_from=target)
    return message("{share} of {target}", share=shown, target=target_value(target))


def _margin(objective: Objective, share: Share, *, running: bool) -> Message:
    margin, requests = allowed(objective, share.total) - share.bad, share.unit == "request"
    if margin < 0 and requests:
        return plural("{n} request over", "{n} requests over", -margin)
    if margin < 0:
        return plural("{n} minute over", "{n} minutes over", -margin)
    if running and requests:
        return plural("{n} request left", "{n} requests left", margin)
    if running:
        return plural("{n} minute left", "{n} minutes left", margin)
    if requests:
        return plural("{n} request to spare", "{n} requests to spare", margin)
    return plural("{n} minute to spare", "{n} minutes to spare", margin)


def _judged(share: Share) -> Message | None:
    if share.total == share.seen:
        return None
    if share.unit == "request":
        return plural(
            "judged on {total} of {n} request", "judged on {total} of {n} requests", share.seen, total=share.total
        )
    return plural("judged on {total} of {n} minute", "judged on {total} of {n} minutes", share.seen, total=share.total)
