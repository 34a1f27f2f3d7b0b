"""Recovery time (RTO): how long the service was down at a time.

An outage runs from its first bad minute to the next good one. Silence (minutes without requests, or unmeasured) does
not end it. Where the silence lasts longer than :data:`~analyzers.sla.outage_finding.PATIENCE`, nobody can tell whether
the service was back in the meantime: the outage then has a shortest and a longest possible length, and only what holds
for both is judged. An outage that people declared ends when they say, unless the next minute is bad. Excluded minutes
are left out as if the clock had stood still.

An outage belongs, with its whole length, to the period in which it began, also where it reaches beyond its end. In the
periods after, only its part inside counts: one outage over midnight does not break two months' promises, and one that
fills a month does break that month's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from analyzers.analysis import State
from analyzers.numbers import counted
from analyzers.sla.contract.model import Objective
from analyzers.sla.elapsed import instant_words, lasting
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Coverage, Judgement, Longest, limit_of
from analyzers.sla.outage_finding import Outage, outages_of
from analyzers.sla.timeline import Span, timeline_so_far
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Recovery:
    """The outages of a period so far.

    Attributes:
        limit: How long an outage may last at most.
        outages: Those that touch the period, by start.
        coverage: How much of the period was measured.
    """

    limit: timedelta
    outages: tuple[Outage, ...]
    coverage: Coverage

    @property
    def worst(self) -> Outage | None:
        """The outage that certainly lasted longest, the first of equals; ``None`` without any."""
        return max(self.outages, key=lambda each: each.shortest, default=None)

    @property
    def too_long(self) -> tuple[Outage, ...]:
        """Those that certainly lasted longer than the limit."""
        return tuple(each for each in self.outages if each.shortest > self.limit)

    @property
    def open_questions(self) -> tuple[Outage, ...]:
        """Those within the limit so far that are still running, or whose end nobody can tell."""
        unsure = (each for each in self.outages if each.end is None or each.longest > self.limit)
        return tuple(each for each in unsure if each.shortest <= self.limit)

    @property
    def state(self) -> State:
        """Missed when an outage lasted too long, also one still running; met when none can have, and coverage holds.

        Where nothing at all was measured it is unmeasured, also by a contract that demands no coverage.
        """
        if self.too_long:
            return State.MISSED
        known = self.coverage.measured and self.coverage.suffices and not self.open_questions
        return State.MET if known else State.UNMEASURED


def judge_recovery(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Judgement:
    """Judge the outages of a span's period so far.

    Args:
        evidence: What is known of the service.
        objective: One of the kind ``rto``.
        span: The period.
        coverage: The least share of the minutes due that must be measured for ``met``.
    """
    found = recovery(evidence, objective, span, coverage)
    worst = found.worst
    window = None if worst is None else Window(worst.start, worst.end or span.as_of)
    measured = Longest(timedelta(0) if worst is None else worst.shortest, found.limit, window, len(found.outages))
    return Judgement(objective, found.state, measured, found.coverage, span.running, _words(found))


def recovery(evidence: Evidence, objective: Objective, span: Span, coverage: Fraction) -> Recovery:
    """Find the outages of a span's period so far; the arguments are those of :func:`judge_recovery`."""
    known = timeline_so_far(evidence, objective, span).coverage(coverage)
    elapsed = span.elapsed
    outages = () if elapsed is None else outages_of(evidence, objective, elapsed, span)
    return Recovery(limit_of(objective), outages, known)


def _words(found: Recovery) -> str:
    """Return what decides the state, in words."""
    if not found.coverage.due:
        return "no time of the period counts"
    return "; ".join(filter(None, (_outage_words(found), found.coverage.words)))


def _outage_words(found: Recovery) -> str:
    promised, worst = f"{lasting(found.limit)} promised", found.worst
    if worst is None:
        return "no outage" if found.coverage.measured else "nobody can tell whether there was an outage"
    if found.too_long:
        running = ", still running" if worst.end is None else ""
        which = f"{len(found.too_long):,} of {counted(len(found.outages), 'outage')} too long"
        return f"{which}, {lasting(worst.shortest)} from {instant_words(worst.start)}{running}, {promised}"
    if found.open_questions:
        return f"{_question(found.open_questions[-1])}, {promised}"
    return f"the longest of {counted(len(found.outages), 'outage')} {lasting(worst.longest)}, {promised}"


def _question(outage: Outage) -> str:
    begun = f"the outage from {instant_words(outage.start)}"
    span = f"{lasting(outage.shortest)} to {lasting(outage.longest)}"
    if outage.end is None:
        return f"{begun} is still running, {lasting(outage.longest) if outage.shortest == outage.longest else span}"
    return f"{begun} ended in silence, after {span}"
