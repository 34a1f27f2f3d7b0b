"""An explanation for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from analyzers.explanation import Condition, Example, Explanation, Finding, Tally, Week
from analyzers.explanation.model import Statement
from analyzers.selection import print_where
from analyzers.store.result import Value
from atalaia.cli.render.machine import dumped, rfc3339

Object: TypeAlias = dict[str, object]


def explanation_as_json(explanation: Explanation, *, what: str, store: str, command: str) -> str:
    """Return an explanation as one JSON object.

    Args:
        explanation: The explanation.
        what: What was explained: ``errors``.
        store: How a person names the store, without credentials.
        command: The command line that looks further.
    """
    return dumped({"query": _query(explanation, what, store), **as_object(explanation), "command": command})


def as_object(explanation: Explanation) -> Object:
    """Return what an explanation says, for JSON."""
    left, state = explanation.remaining
    return {
        "state": explanation.state.value,
        "sentences": list(explanation.sentences),
        **_tally(explanation.tally),
        "weeks_before": [_week(each) for each in explanation.weeks],
        "findings": [_finding(each) for each in explanation.findings],
        "without_findings": {**_tally(left), "state": state.value},
        "looked_at": [each.name for each in explanation.looked_at],
        "made_of": [{**_condition(each.condition), "bad": each.bad} for each in explanation.made_of],
        "statements": [_statement(each) for each in explanation.statements],
        "examples": [_example(each) for each in explanation.examples],
    }


def _query(explanation: Explanation, what: str, store: str) -> Object:
    request = explanation.request
    return {
        "what": what,
        "stream": request.stream,
        "since": rfc3339(request.window.start),
        "until": rfc3339(request.window.end),
        "tz": request.zone,
        "counted": print_where(request.counted),
        "bad": print_where(request.bad),
        "where": print_where(request.where),
        "target": None if request.target is None else float(request.target),
        "limit": None if request.limit is None else float(request.limit),
        "store": store,
    }


def _tally(tally: Tally) -> Object:
    return {"requests": tally.counted, "bad": tally.bad, "rate": None if tally.rate is None else float(tally.rate)}


def _week(week: Week) -> Object:
    window = week.window
    return {
        "weeks": week.back,
        "since": None if window is None else rfc3339(window.start),
        "until": None if window is None else rfc3339(window.end),
        "missing": week.missing,
        **_tally(week.tally),
    }


def _condition(condition: Condition) -> Object:
    return {"name": condition.aspect.name, "value": _value(condition.value)}


def _value(value: Value) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _finding(finding: Finding) -> Object:
    return {
        "conditions": [_condition(each) for each in finding.conditions],
        "same": [_condition(each) for each in finding.same],
        "where": print_where(finding.predicate),
        **_tally(finding.tally),
        "expected": float(finding.expected),
        "excess": float(finding.excess),
        "lift": float(finding.lift),
        "as_usual": finding.usual,
        "before": _tally(finding.before),
        "without": {**_tally(finding.without), "state": finding.state.value},
        "first": _instant(finding.first),
        "first_bad": _instant(finding.first_bad),
    }


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def _statement(statement: Statement) -> Object:
    return {
        "query_type": statement.kind,
        "statement": statement.text,
        "statements": statement.count,
        "seconds": statement.seconds,
        "usual_seconds": statement.usual,
        "is_new": statement.is_new,
    }


def _example(example: Example) -> Object:
    return {
        "at": rfc3339(example.at),
        "request_id": example.request,
        "event_id": example.event,
        "trace_id": example.trace,
        "user": example.user,
        "endpoint": example.route,
        "status": example.status,
        "response_time": example.seconds,
        "message": example.message,
    }
