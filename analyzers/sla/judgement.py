"""How an objective fared over a period: the one form of result for every kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.analysis import State
from analyzers.language import Message, Value, english, joined, message
from analyzers.sla.contract.model import Objective
from analyzers.sla.contract.naming import spoken
from analyzers.sla.measured import Coverage, Longest, Measured, Share, allowed, limit_of, target_of
from analyzers.sla.share_words import figure, figure_of, judged_on, margin, nothing, suspicion
from analyzers.sla.states import STATES

__all__ = [
    "NO_TIME",
    "Coverage",
    "Judgement",
    "Longest",
    "Measured",
    "Share",
    "allowed",
    "figure_of",
    "judge_share",
    "limit_of",
    "target_of",
]

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
        if self.running:
            return message("{period} so far: {judgement}", period=title, judgement=self.short)
        return message("{period}: {judgement}", period=title, judgement=self.short)

    @property
    def short(self) -> Message:
        """The judgement in words without the period."""
        name = spoken(self.objective.name)
        return message("{objective} {state}, {found}", objective=name, state=STATES[self.state], found=self.found)


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
        words = joined(nothing(share), coverage.said)
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    state = State.MISSED if share.bad > allowed(objective, share.total) else State.MET
    found = joined(figure(objective, share), margin(objective, share, running=running), judged_on(share))
    if certain:
        return Judgement(objective, State.MISSED, share, coverage, running, joined(found, coverage.said))
    if (covered := coverage.said) is not None and not coverage.suffices:
        words = suspicion(covered, state, found)
        return Judgement(objective, State.UNMEASURED, share, coverage, running, words)
    return Judgement(objective, state, share, coverage, running, joined(found, coverage.said))
