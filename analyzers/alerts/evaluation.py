"""Judge rules by what the store and the host say."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from analyzers.alerts.host import HostSample
from analyzers.alerts.measures import Measure, Rule
from analyzers.alerts.model import Evaluation
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.numbers import counted, exact, percent, plain, seconds
from analyzers.store.interface import Store
from analyzers.store.query import Query, Window
from analyzers.thresholds import Severity


def evaluate_stored(store: Store, rule: Rule, window: Window) -> Evaluation:
    """Judge a rule about requests by the events of a window."""
    query = Query(rule.stream, window, (REQUESTS, ERRORS, MEASURED, *PERCENTILES), (), rule.where)
    row = store.query(query).rows[0]
    if rule.measure is Measure.ERROR_RATE:
        return _error_rate(rule, window, count(row, "requests"), count(row, "errors"))
    return _response_time(rule, window, count(row, "measured"), number(row, "p95"))


def evaluate_host(rule: Rule, window: Window, sample: HostSample | None) -> Evaluation:
    """Judge a rule about the host by a sample.

    Args:
        rule: What is watched.
        window: The window of the check, whose end is the sample's instant.
        sample: The host at that instant; ``None`` when it was not looked at then.
    """
    if sample is None:
        message = f"{rule.measure.label} unmeasured: the host was not looked at when this window ended"
        return Evaluation(rule, Severity.UNMEASURED, window, None, None, message)
    values = {Measure.CPU: sample.cpu, Measure.MEMORY: sample.memory, Measure.DISK: sample.disk}
    value = values[rule.measure]
    if value is None:
        message = f"{rule.measure.label} unmeasured: the host does not tell"
        return Evaluation(rule, Severity.UNMEASURED, window, None, None, message)
    severity = rule.limit.judge(exact(value))
    message = f"{rule.measure.label} {severity}: {plain(exact(value))} % in use, {_against(rule, severity, '%')}, now"
    return Evaluation(rule, severity, window, value, None, message)


def _error_rate(rule: Rule, window: Window, requests: int, errors: int) -> Evaluation:
    if requests < rule.minimum_events:
        return _too_few(rule, window, requests)
    severity = rule.limit.judge(Fraction(100 * errors, requests))
    rate = percent(errors, requests, apart_from=rule.limit.reached(severity) / 100)
    figures = f"{rate} ({errors:,} of {counted(requests, 'request')})"
    message = f"error rate {severity}: {figures}, {_against(rule, severity, '%')}, {spoken(window)}"
    return Evaluation(rule, severity, window, 100 * errors / requests, requests, message)


def _response_time(rule: Rule, window: Window, measured: int, p95: float | None) -> Evaluation:
    if measured < rule.minimum_events or p95 is None:
        return _too_few(rule, window, measured)
    severity = rule.limit.judge(exact(p95))
    figures = f"p95 {seconds(p95)} (over {counted(measured, 'request')})"
    message = f"response time {severity}: {figures}, {_against(rule, severity, 's')}, {spoken(window)}"
    return Evaluation(rule, severity, window, p95, measured, message)


def _too_few(rule: Rule, window: Window, events: int) -> Evaluation:
    needed = f"{counted(events, 'request')}, {rule.minimum_events:,} needed"
    message = f"{rule.measure.label} unmeasured: {needed}, {spoken(window)}"
    return Evaluation(rule, Severity.UNMEASURED, window, None, events, message)


def _against(rule: Rule, severity: Severity, unit: str) -> str:
    level = severity if severity.breached else Severity.WARNING
    sign = "at or above" if severity.breached else "below"
    return f"{sign} the {level} threshold of {plain(rule.limit.reached(severity))} {unit}"


def spoken(window: Window) -> str:
    """Return a window in words: its length, and its end in UTC."""
    return f"in the {_length(window.length)} to {window.end:%Y-%m-%d %H:%M:%S} UTC"


def _length(length: timedelta) -> str:
    total = int(length.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if total >= size and total % size == 0:
            return counted(total // size, name)
    return counted(total, "second")
