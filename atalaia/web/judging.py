"""The live page's numbers against the thresholds, in values and in words."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.alerts import HostSample
from analyzers.alerts.measures import DEFAULT_MINIMUM_EVENTS
from analyzers.analysis import State
from analyzers.jobs import errors, latency
from analyzers.numbers import counted, exact, percent, plain, seconds
from analyzers.thresholds import Limit, Severity, Thresholds
from atalaia.web.snapshot import Judgement, Totals

_NOTHING: Final = Totals(0, 0, 0, None)


def judge(recent: Totals | None, machine: HostSample, thresholds: Thresholds) -> tuple[Judgement, ...]:
    """Judge the recent requests and this machine.

    Args:
        recent: The requests of the judged span; ``None`` without a store.
        machine: This machine's load.
        thresholds: What to judge by.
    """
    requests = recent or _NOTHING
    return (
        _error_rate(requests, thresholds.error_rate),
        _response_time(requests, thresholds.response_time),
        _load("cpu", machine.cpu, thresholds.cpu),
        _load("memory", machine.memory, thresholds.memory),
        _load("disk", machine.disk, thresholds.disk),
    )


def verdict(judgements: tuple[Judgement, ...]) -> tuple[State, str]:
    """Return the state of all together, and what decides it in words."""
    for state in (State.MISSED, State.UNMEASURED):
        sentences = [each.sentence for each in judgements if each.state is state]
        if sentences:
            return state, "; ".join(sentences)
    return State.MET, "every measure is below its warning threshold"


def _error_rate(requests: Totals, limit: Limit) -> Judgement:
    if requests.requests < DEFAULT_MINIMUM_EVENTS:
        return _unmeasured("error_rate", limit, _too_few(requests.requests, "request"))
    severity = errors.judge(requests.requests, requests.errors, limit)
    share = percent(requests.errors, requests.requests, apart_from=limit.reached(severity) / 100)
    value = 100 * requests.errors / requests.requests
    text = f"{share} ({requests.errors:,} of {counted(requests.requests, 'request')})"
    return Judgement("error_rate", severity, value, limit, _sentence("error_rate", severity, text, limit, "%"))


def _response_time(requests: Totals, limit: Limit) -> Judgement:
    if requests.p95 is None or requests.measured < DEFAULT_MINIMUM_EVENTS:
        return _unmeasured("response_time", limit, _too_few(requests.measured, "response time"))
    severity = latency.judge(requests.p95, limit)
    text = f"p95 {seconds(requests.p95)} over {counted(requests.measured, 'request')}"
    return Judgement(
        "response_time", severity, requests.p95, limit, _sentence("response_time", severity, text, limit, "s")
    )


def _load(measure: str, value: float | None, limit: Limit) -> Judgement:
    if value is None:
        return _unmeasured(measure, limit, "this machine does not tell")
    severity = limit.judge(exact(value))
    text = f"{plain(exact(value))} %"
    return Judgement(measure, severity, value, limit, _sentence(measure, severity, text, limit, "%"))


def _unmeasured(measure: str, limit: Limit, why: str) -> Judgement:
    name = measure.replace("_", " ")
    return Judgement(measure, Severity.UNMEASURED, None, limit, f"{name} unmeasured: {why}")


def _too_few(number: int, noun: str) -> str:
    return f"{counted(number, noun)} in the last 5 minutes, {DEFAULT_MINIMUM_EVENTS} are needed to judge"


def _sentence(measure: str, severity: Severity, text: str, limit: Limit, unit: str) -> str:
    sign = "at or above" if severity.breached else "below"
    level = severity.value if severity.breached else Severity.WARNING.value
    threshold: Fraction = limit.reached(severity)
    return f"{measure.replace('_', ' ')} {severity}: {text}, {sign} the {level} threshold of {plain(threshold)} {unit}"
