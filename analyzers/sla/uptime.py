"""Availability by time: which share of the minutes was good."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from analyzers.sla.contract.model import Objective
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Coverage, Judgement, Share, allowed, judge_share
from analyzers.sla.timeline import Mark, Span, Timeline, timeline_so_far


@dataclass(frozen=True, slots=True)
class Uptime:
    """Some minutes of a period; the five kinds sum to all of them.

    Attributes:
        good: Minutes with requests, of which fewer than ``minute_errors`` failed.
        bad: Minutes with requests of which at least so many failed, and those of declared outages.
        quiet: Minutes measured without any request: covered, and neither good nor bad.
        unmeasured: Minutes of which nothing is known.
        excluded: Minutes that count for nothing.
    """

    good: int
    bad: int
    quiet: int
    unmeasured: int
    excluded: int

    @property
    def due(self) -> int:
        """The minutes that are not excluded."""
        return self.measured + self.unmeasured

    @property
    def measured(self) -> int:
        """The minutes due of which something is known."""
        return self.good + self.bad + self.quiet

    @property
    def share(self) -> Share:
        """Uptime: the good ones of the good and the bad ones."""
        return Share(self.good, self.good + self.bad, self.measured, "minute")

    def certainly_missed(self, objective: Objective) -> bool:
        """Whether the bad minutes are too many even if every other minute due was good."""
        return self.bad > allowed(objective, self.due)


def judge_uptime(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Judgement:
    """Judge the minutes of a span's period so far.

    Args:
        evidence: What is known of the service.
        objective: One of the kind ``uptime``.
        span: The period.
        coverage: The least share of the minutes due that must be measured for ``met``. For ``missed`` too, unless the
            bad minutes are more than the target allows of all minutes due: then no other minute could make up for them.
    """
    found = uptime_of(timeline_so_far(evidence, objective, span))
    known = Coverage(found.measured, found.due, coverage)
    certain = found.certainly_missed(objective)
    return judge_share(objective, found.share, known, running=span.running, certain=certain)


def uptime_of(line: Timeline) -> Uptime:
    """Count minutes that are marked already: of a period, or of a day of it for a burn-down."""
    return Uptime(
        good=line.count(Mark.GOOD),
        bad=line.count(Mark.BAD, Mark.DECLARED),
        quiet=line.count(Mark.QUIET),
        unmeasured=line.count(Mark.UNMEASURED),
        excluded=line.count(Mark.EXCLUDED),
    )
