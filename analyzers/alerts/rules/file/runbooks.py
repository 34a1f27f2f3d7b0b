"""Which of the packaged pages says what to do about a rule's alerts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.alerts.rules.file.burning import BurnForm, SlaForm
from analyzers.alerts.rules.file.form import AnyRuleForm
from analyzers.alerts.rules.file.threshold import ThresholdForm
from analyzers.alerts.rules.file.unusual import AnomalyForm, FloodForm, ScanForm, SilenceRuleForm
from analyzers.alerts.runbooks import RUNBOOKS, Runbook
from analyzers.anomalies.finding import Kind

_OF_MEASURE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cpu": "high-cpu",
        "memory": "high-memory",
        "disk": "disk-full",
        "response_time": "slow-responses",
        "error_rate": "errors",
    }
)
_OF_FIELD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "system.cpu": "high-cpu",
        "system.load": "high-cpu",
        "system.cgroup.cpu": "high-cpu",
        "process.cpu": "high-cpu",
        "system.process.cpu": "high-cpu",
        "system.memory": "high-memory",
        "system.cgroup.memory": "high-memory",
        "system.process.memory": "high-memory",
        "redis.info.memory": "high-memory",
        "system.filesystem": "disk-full",
        "system.diskio": "disk-full",
        "postgresql.database.size": "disk-full",
        "postgresql.server.connections": "connections-exceeded",
        "postgresql": "slow-queries",
        "sql": "slow-queries",
        "db_time": "slow-queries",
        "db_queries": "slow-queries",
        "response_time": "slow-responses",
        "template_time": "slow-responses",
        "event.duration": "slow-responses",
    }
)
"""What a measured field begins with to the page; the longest counts."""
_OF_STREAM: Final[Mapping[str, str]] = MappingProxyType(
    {"logs-sql.query": "slow-queries", "metrics-postgresql.server": "slow-queries"}
)
_OF_ANOMALY: Final[Mapping[frozenset[Kind], str]] = MappingProxyType(
    {
        frozenset({Kind.ERRORS, Kind.ERROR_DRIFT}): "errors",
        frozenset({Kind.LATENCY, Kind.LATENCY_DRIFT}): "slow-responses",
    }
)
_OTHER: Final = "threshold"


def runbook_of(form: AnyRuleForm) -> Runbook:
    """Return the page of a rule that names none of its own."""
    match form:
        case ThresholdForm():
            name = _of_threshold(form)
        case BurnForm() | SlaForm():
            name = "sla-budget"
        case AnomalyForm():
            name = next((page for kinds, page in _OF_ANOMALY.items() if kinds.issuperset(form.kinds)), "unusual")
        case FloodForm():
            name = "flood"
        case ScanForm():
            name = "scan"
        case SilenceRuleForm():
            name = "database-down" if form.stream.startswith("metrics-postgresql") else "silence"
    return RUNBOOKS[name]


def _of_threshold(form: ThresholdForm) -> str:
    if form.measure in _OF_MEASURE:
        return _OF_MEASURE[form.measure]
    field = form.field_name or ""
    known = [prefix for prefix in _OF_FIELD if field == prefix or field.startswith(f"{prefix}.")]
    if known:
        return _OF_FIELD[max(known, key=len)]
    stream = form.dataset or ""
    return next((page for name, page in _OF_STREAM.items() if stream.startswith(name)), _OTHER)
