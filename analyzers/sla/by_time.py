"""Judge the objectives about time: uptime, recovery time, recovery point."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from analyzers.sla.backups import judge_recovery_point
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Judgement
from analyzers.sla.outages import judge_recovery
from analyzers.sla.scope import Scope
from analyzers.sla.timeline import Span
from analyzers.sla.uptime import judge_uptime

Judge: TypeAlias = Callable[[Evidence, Objective, Span, Fraction], Judgement]

_JUDGES: Final[Mapping[Kind, Judge]] = MappingProxyType(
    {Kind.UPTIME: judge_uptime, Kind.RTO: judge_recovery, Kind.RPO: judge_recovery_point},
)


def judge_time(evidence: Evidence, scope: Scope) -> Judgement:
    """Judge an objective of uptime, RTO or RPO by the minutes, outages or backups of the time that counts."""
    return _JUDGES[scope.objective.kind](evidence, scope.objective, span_of(scope), scope.contract.coverage)


def span_of(scope: Scope) -> Span:
    """Return the time that a scope judges, with the exclusions and declared outages around it."""
    contract, window = scope.contract, scope.in_force
    mine = (each for each in contract.exclusions if not each.objectives or scope.objective.name in each.objectives)
    return Span(
        period=window or scope.period.window,
        as_of=scope.as_of if window is not None else scope.period.window.start,
        excluded=tuple(each.window for each in mine),
        declared=tuple(each.window for each in contract.outages),
        earliest=contract.valid_from,
    )
