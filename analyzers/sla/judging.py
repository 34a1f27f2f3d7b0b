"""Judge an objective of any kind over a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from analyzers.analysis import State
from analyzers.sla.backups import judge_recovery_point
from analyzers.sla.budget import Budget
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.counting import REQUEST_KINDS, judge_requests
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Coverage, Judgement
from analyzers.sla.outages import judge_recovery
from analyzers.sla.scope import Scope
from analyzers.sla.spending import minute_budget, request_budget
from analyzers.sla.timeline import Span
from analyzers.sla.uptime import judge_uptime

_ByMinutes: TypeAlias = Callable[[Evidence, Objective, Span, Fraction], Judgement]

_BY_MINUTES: Final[Mapping[Kind, _ByMinutes]] = MappingProxyType(
    {Kind.UPTIME: judge_uptime, Kind.RTO: judge_recovery, Kind.RPO: judge_recovery_point},
)


def judge(evidence: Evidence, scope: Scope) -> Judgement:
    """Return how the scope's objective fared over its period, as of its instant."""
    objective, span = scope.objective, scope.span
    if span is None:
        nothing = Coverage(0, 0, scope.contract.coverage)
        words = "the contract was not yet in force"
        return Judgement(objective, State.UNMEASURED, None, nothing, scope.running, words)
    if objective.kind in REQUEST_KINDS:
        return judge_requests(evidence, scope)
    return _BY_MINUTES[objective.kind](evidence, objective, span, scope.contract.coverage)


def budget(evidence: Evidence, scope: Scope) -> Budget | None:
    """Return the error budget of the scope's objective; ``None`` where its kind has none."""
    if scope.objective.kind in REQUEST_KINDS:
        return request_budget(evidence, scope)
    return minute_budget(evidence, scope) if scope.objective.kind is Kind.UPTIME else None
