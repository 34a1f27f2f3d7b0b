"""Judge an objective of any kind over a period."""

from __future__ import annotations

from analyzers.sla.budget import Budget
from analyzers.sla.counting import REQUEST_KINDS, judge_requests
from analyzers.sla.evidence import Evidence
from analyzers.sla.judgement import Judgement
from analyzers.sla.scope import Scope
from analyzers.sla.spending import request_budget


def judge(evidence: Evidence, scope: Scope) -> Judgement:
    """Return how the scope's objective fared over its period, as of its instant."""
    return judge_requests(evidence, scope)


def budget(evidence: Evidence, scope: Scope) -> Budget | None:
    """Return the error budget of the scope's objective; ``None`` where its kind has none."""
    return request_budget(evidence, scope) if scope.objective.kind in REQUEST_KINDS else None
