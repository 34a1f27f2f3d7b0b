"""Judge an objective of any kind over a period."""

from __future__ import annotations

from analyzers.analysis import State
from analyzers.language import message
from analyzers.sla.budget import Budget
from analyzers.sla.by_time import judge_time
from analyzers.sla.contract.model import Kind
from analyzers.sla.counting import REQUEST_KINDS, judge_requests
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Coverage, Judgement
from analyzers.sla.scope import Scope
from analyzers.sla.spending import minute_budget, request_budget


def judge(evidence: Evidence, scope: Scope) -> Judgement:
    """Return how the scope's objective fared over its period, as of its instant."""
    if scope.in_force is None:
        nothing = Coverage(0, 0, scope.contract.coverage)
        words = message("the contract was not yet in force")
        return Judgement(scope.objective, State.UNMEASURED, None, nothing, scope.running, words)
    return (judge_requests if scope.objective.kind in REQUEST_KINDS else judge_time)(evidence, scope)


def budget(evidence: Evidence, scope: Scope) -> Budget | None:
    """Return the error budget of the scope's objective; ``None`` where its kind has none."""
    if scope.objective.kind in REQUEST_KINDS:
        return request_budget(evidence, scope)
    return minute_budget(evidence, scope) if scope.objective.kind is Kind.UPTIME else None
