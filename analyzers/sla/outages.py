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
from analyzers.language import Message, joined, message, plural
from analyzers.sla.contract.model import Objective
from analyzers.sla.elapsed import span_value
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import NO_TIME, Coverage, Judgement, Longest, limit_of
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


def _words(found: Recovery) -> Message:
    """Return what decides the state, in words."""
    if not found.coverage.due:
        return NO_TIME
    return joined(_outage_words(found), found.coverage.said)


def _outage_words(found: Recovery) -> Message:
    worst, limit = found.worst, span_value(found.limit)
    if worst is None:
        if found.coverage.measured:
            return message("no outage")
        return message("nobody can tell whether there was an outage")
    if found.too_long:
        return _too_long(found, worst)
    if found.open_questions:
        question = _question(found.open_questions[-1])
        return message("{found}, {limit} promised", found=question, limit=limit)
    return plural(
        "the longest of {n} outage {length}, {limit} promised",
        "the longest of {n} outages {length}, {limit} promised",
        len(found.outages),
        length=span_value(worst.longest),
        limit=limit,
    )


def _too_long(found: Recovery, worst: Outage) -> Message:
    which = plural(
        "{bad} of {n} outage too long", "{bad} of {n} outages too long", len(found.outages), bad=len(found.too_long)
    )
    length, limit = span_value(worst.shortest), span_value(found.limit)
    if worst.end is None:
        return message(
            "{which}, {length} from {start}, still running, {limit} promised",
            which=which,
            length=length,
            start=worst.start,
            limit=limit,
        )
    return message(
        "{which}, {length} from {start}, {limit} promised", which=which, length=length, start=worst.start, limit=limit
    )


def _question(outage: Outage) -> Message:
    shortest, longest = span_value(outage.shortest), span_value(outage.longest)
    span = longest if outage.shortest == outage.longest else message("{least} to {most}", least=shortest, most=longest)
    if outage.end is None:
        return message("the outage from {start} is still running, {span}", start=outage.start, span=span)
    both = message("{least} to {most}", least=shortest, most=longest)
    return message("the outage from {start} ended in silence, after {span}", start=outage.start, span=both)
