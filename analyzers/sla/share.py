"""Judge an objective from exact counts, in integer arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from analyzers.analysis import State
from analyzers.numbers import percent, plain, ratio
from analyzers.sla.objectives import Objective


@dataclass(frozen=True, slots=True)
class Compliance:
    """How an objective fared.

    Attributes:
        objective: What was promised.
        good: Events that kept the promise.
        total: Events it could be judged by.
        requests: All events; ``total`` of them are covered.
    """

    objective: Objective
    good: int
    total: int
    requests: int

    @property
    def state(self) -> State:
        """Met, missed, or unmeasured when no event could be judged."""
        if not self.total:
            return State.UNMEASURED
        share = Fraction(self.good, self.total)
        kept = share > self.objective.target if self.objective.strict else share >= self.objective.target
        return State.MET if kept else State.MISSED

    @property
    def bad(self) -> int:
        """Events that broke the promise."""
        return self.total - self.good

    @property
    def allowed(self) -> int:
        """How many of the events may be bad with the objective still met.

        At least 95 % of 100 lets 5 be bad; under 1 % of 100 lets none, since exactly 1 % is not under it.
        """
        budget = (1 - self.objective.target) * self.total
        return max(0, math.ceil(budget) - 1) if self.objective.strict else math.floor(budget)

    @property
    def margin(self) -> int | None:
        """How many more events could have been bad; negative: how many too many were. ``None`` when unmeasured."""
        return self.allowed - self.bad if self.total else None

    @property
    def share(self) -> float | None:
        """The good share, for showing; ``None`` when unmeasured."""
        return ratio(self.good, self.total)

    @property
    def coverage(self) -> float | None:
        """The share of all events that could be judged, for showing."""
        return ratio(self.total, self.requests)

    @property
    def sentence(self) -> str:
        """The judgement in words: ``availability missed: 99.87 % of 99.9 %``."""
        title = self.objective.title.lower()
        if not self.total:
            return f"{title} unmeasured: none of {self.requests:,} requests can be judged"
        return f"{title} {self.state}: {self.figure}{self._covered}"

    @property
    def figure(self) -> str:
        """The share that people speak of, beside its target: ``0.42 % of under 1 %``."""
        target = self.objective.target
        if self.objective.shows_bad:
            shown = percent(self.bad, self.total, apart_from=1 - target)
            return f"{shown}, {'under' if self.objective.strict else 'at most'} {plain(100 * (1 - target))} % promised"
        shown = percent(self.good, self.total, apart_from=target)
        return f"{shown} of {plain(100 * target)} %"

    @property
    def _covered(self) -> str:
        if self.total == self.requests:
            return ""
        return f" (judged on {self.total:,} of {self.requests:,} requests)"
