"""Judge an objective from exact counts, in integer arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.analysis import State
from analyzers.numbers import ratio
from analyzers.sla.judgement import Share, allowed, figure_of
from analyzers.sla.objectives import RequestObjective


@dataclass(frozen=True, slots=True)
class Compliance:
    """How an objective fared.

    Attributes:
        objective: What was promised.
        good: Events that kept the promise.
        total: Events it could be judged by.
        requests: All events; ``total`` of them are covered.
    """

    objective: RequestObjective
    good: int
    total: int
    requests: int

    @property
    def state(self) -> State:
        """Met, missed, or unmeasured when no event could be judged."""
        if not self.total:
            return State.UNMEASURED
        return State.MISSED if self.bad > self.allowed else State.MET

    @property
    def bad(self) -> int:
        """Events that broke the promise."""
        return self.total - self.good

    @property
    def allowed(self) -> int:
        """How many of the events may be bad with the objective still met."""
        return allowed(self.objective.objective, self.total)

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
        """The share that people speak of, beside its target: ``0.42 %, under 1 % promised``."""
        return figure_of(self.objective.objective, Share(self.good, self.total, self.requests, "request"))

    @property
    def _covered(self) -> str:
        if self.total == self.requests:
            return ""
        return f" (judged on {self.total:,} of {self.requests:,} requests)"
