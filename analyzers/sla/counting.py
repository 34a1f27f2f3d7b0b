"""Judge the objectives about requests: availability, latency, error rate."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.evidence import Counts, Evidence
from analyzers.sla.judgement import Coverage, Judgement, Share, judge_share
from analyzers.sla.scope import Scope, minutes_in
from analyzers.store.query import Window

REQUEST_KINDS: Final = frozenset({Kind.AVAILABILITY, Kind.LATENCY, Kind.ERROR_RATE})


def judge_requests(evidence: Evidence, scope: Scope) -> Judgement:
    """Judge a request objective by the exact counts of the time that counts."""
    share = share_of(scope.objective, counts_of(evidence, scope, scope.windows))
    return judge_share(scope.objective, share, coverage_of(evidence, scope), running=scope.running)


def counts_of(evidence: Evidence, scope: Scope, windows: tuple[Window, ...]) -> Counts:
    """Return the counts of some windows that an objective needs."""
    thresholds = thresholds_of(scope.objective)
    if not windows:
        return Counts(0, 0, 0, dict.fromkeys(thresholds, 0))
    return evidence.counts(windows, scope.objective.route, thresholds)


def thresholds_of(objective: Objective) -> tuple[int, ...]:
    """Return the latency thresholds, in milliseconds, that an objective is judged by: one, or none."""
    if objective.kind is not Kind.LATENCY or objective.limit is None:
        return ()
    return (objective.limit // timedelta(milliseconds=1),)


def share_of(objective: Objective, counts: Counts) -> Share:
    """Return what an objective is judged by. A request without a response time says nothing about latency."""
    if objective.kind is Kind.LATENCY:
        [threshold] = thresholds_of(objective)
        return Share(counts.under[threshold], counts.measured, counts.total, "request")
    return Share(counts.total - counts.errors, counts.total, counts.total, "request")


def coverage_of(evidence: Evidence, scope: Scope) -> Coverage:
    """Count the minutes of the time that counts, and those of them of which anything is known."""
    windows = scope.windows
    due = minutes_in(windows)
    if not windows:
        return Coverage(0, 0, scope.contract.coverage)
    known = evidence.minutes(Window(windows[0].start, windows[-1].end), scope.objective.route)
    at, measured = 0, 0
    for minute in known:
        while at < len(windows) and windows[at].end <= minute.start:
            at += 1
        if at < len(windows) and windows[at].start <= minute.start:
            measured += 1
    return Coverage(measured, due, scope.contract.coverage)
