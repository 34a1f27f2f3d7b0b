"""Availability by time: which share of the minutes was good."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from analyzers.analysis import State
from analyzers.sla.contract.model import Objective
from analyzers.sla.evidence import Evidence
from analyzers.sla.timeline import Mark, Span, Timeline, timeline


@dataclass(frozen=True, slots=True)
class Uptime:
    """The minutes of a period so far; those of the five kinds sum to the period's.

    Attributes:
        target: The share that must be good.
        required: The least coverage for ``met``.
        good: Minutes with requests, of which fewer than ``minute_errors`` failed.
        bad: Minutes with requests of which at least so many failed, and those of declared outages.
        quiet: Minutes measured without any request: covered, and neither good nor bad.
        unmeasured: Minutes of which nothing is known.
        excluded: Minutes that count for nothing.
    """

    target: Fraction
    required: Fraction
    good: int
    bad: int
    quiet: int
    unmeasured: int
    excluded: int

    @property
    def due(self) -> int:
        """The minutes that are not excluded."""
        return self.good + self.bad + self.quiet + self.unmeasured

    @property
    def judged(self) -> int:
        """The minutes that are good or bad."""
        return self.good + self.bad

    @property
    def share(self) -> Fraction | None:
        """Uptime: the good share of the judged minutes; ``None`` without any."""
        return Fraction(self.good, self.judged) if self.judged else None

    @property
    def coverage(self) -> Fraction | None:
        """The share of the minutes due that were measured; ``None`` where none is due."""
        return Fraction(self.judged + self.quiet, self.due) if self.due else None

    @property
    def allowed(self) -> int:
        """How many bad minutes the target allows of the judged ones."""
        return math.floor((1 - self.target) * self.judged)

    @property
    def allowed_at_most(self) -> int:
        """How many bad minutes the target would allow if every minute due had been measured, and busy."""
        return math.floor((1 - self.target) * self.due)

    @property
    def state(self) -> State:
        """Missed for certain when no unmeasured minute could make up for the bad ones, whatever the coverage."""
        if self.bad > self.allowed_at_most:
            return State.MISSED
        if self.share is None or self.coverage is None or self.coverage < self.required:
            return State.UNMEASURED
        return State.MET if self.share >= self.target else State.MISSED


def uptime(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Uptime:
    """Count the minutes of a span's period so far.

    Args:
        evidence: What is known of the service.
        objective: One of the kind ``uptime``, with a target.
        span: The period.
        coverage: The least coverage for ``met``.

    Raises:
        ValueError: When the objective has no target.
    """
    if objective.target is None:
        raise ValueError(f"the objective {objective.name!r} has no target")
    elapsed = span.elapsed
    if elapsed is None:
        return Uptime(objective.target, coverage, 0, 0, 0, 0, 0)
    return uptime_of(timeline(evidence, objective, elapsed, span), objective.target, coverage)


def uptime_of(line: Timeline, target: Fraction, coverage: Fraction) -> Uptime:
    """Return the uptime of minutes that are marked already: of a day, for a burn-down."""
    return Uptime(
        target=target,
        required=coverage,
        good=line.count(Mark.GOOD),
        bad=line.count(Mark.BAD, Mark.DECLARED),
        quiet=line.count(Mark.QUIET),
        unmeasured=line.count(Mark.UNMEASURED),
        excluded=line.count(Mark.EXCLUDED),
    )
