"""A window's requests judged by the documented thresholds, in words and as figures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

from analyzers.analysis import State, Unit
from analyzers.blocks import Change, Figure, Figures, Trend
from analyzers.jobs import errors, latency
from analyzers.jobs.job import state_of
from analyzers.language import Amount, Message, Value, message
from analyzers.language.parts import share, target
from analyzers.sla.elapsed import span_value
from analyzers.store.query import Window
from analyzers.thresholds import Severity, Thresholds
from atalaia.web.views.numbers import Numbers

_WORST: Final = (Severity.CRITICAL, Severity.WARNING, Severity.UNMEASURED, Severity.OK)


def judged(now: Numbers, window: Window, thresholds: Thresholds) -> tuple[State, tuple[Message, ...]]:
    """Return how a window's requests are judged, and that in words.

    The state is the worse one of both measures: missed from a warning on, as ``atalaia errors`` and ``atalaia
    latency`` have it. Silence is unmeasured, never health.
    """
    if not now.requests:
        nothing = message("Nothing was recorded in {span}: error rate and response time are unmeasured.", span=window)
        return State.UNMEASURED, (nothing,)
    failing = errors.judge(now.requests, now.errors, thresholds.error_rate)
    slow = latency.judge(now.p95, thresholds.response_time)
    worst = min((failing, slow), key=_WORST.index)
    return state_of(worst), (_error_words(now, failing, thresholds), _latency_words(now, slow, thresholds))


def figures(now: Numbers, before: Numbers, window: Window, thresholds: Thresholds) -> Figures:
    """Return the numbers that a verdict rests on, beside those of as long a time before."""
    span = message("in {length}", length=span_value(window.length))
    timed = message("measured on {measured} of {requests} requests", measured=now.measured, requests=now.requests)
    slow = latency.judge(now.p95, thresholds.response_time)
    rate = None if not now.requests else now.requests / window.length.total_seconds()
    earlier = None if not before.requests else before.requests / window.length.total_seconds()
    slowness = (
        _figure(message("p50"), Unit.SECONDS, now.p50, before.p50, timed),
        replace(_figure(message("p95"), Unit.SECONDS, now.p95, before.p95, timed), state=state_of(slow)),
        _figure(message("p99"), Unit.SECONDS, now.p99, before.p99, timed),
    )
    requests = _figure(message("Requests"), Unit.COUNT, now.requests or None, before.requests or None, span)
    throughput = _figure(message("Throughput"), Unit.PER_SECOND, rate, earlier, span)
    failing = _error_figure(now, before, thresholds)
    named = {"requests": requests, "requests_per_second": throughput, "error_rate": failing}
    named |= {each.title.text: each for each in slowness}
    return Figures("totals", tuple(replace(each, name=name) for name, each in named.items()))


def relative(now: float | None, before: float | None) -> float | None:
    """Return by which share a number changed; ``None`` without anything to compare."""
    return None if now is None or not before else now / before - 1


def _error_figure(now: Numbers, before: Numbers, thresholds: Thresholds) -> Figure:
    basis = message("{errors} of {requests} requests", errors=now.errors, requests=now.requests)
    rate, earlier = now.error_rate, before.error_rate
    difference = None if rate is None or earlier is None else rate - earlier
    state = state_of(errors.judge(now.requests, now.errors, thresholds.error_rate))
    change = Change(earlier, difference, _trend(difference))
    return Figure("error_rate", message("Error rate"), Unit.RATIO, rate, basis, state, change)


def _figure(title: Message, unit: Unit, now: float | None, before: float | None, basis: Message) -> Figure:
    difference = relative(now, before)
    trend = _trend(difference) if unit is Unit.SECONDS else Trend.NEUTRAL
    return Figure("", title, unit, now, basis, None, Change(before, difference, trend))


def _trend(difference: float | None) -> Trend:
    """Return that a change is unsure: nothing here tests whether it is chance; none at all is neutral."""
    return Trend.UNSURE if difference else Trend.NEUTRAL


def _error_words(now: Numbers, severity: Severity, thresholds: Thresholds) -> Message:
    limit = Fraction(thresholds.error_rate.reached(severity)) / 100
    values: dict[str, Value] = {
        "rate": share(now.errors, now.requests, apart_from=limit),
        "errors": now.errors,
        "requests": now.requests,
        "limit": target(limit),
    }
    match severity:
        case Severity.CRITICAL:
            text = message(
                "Error rate {rate} ({errors} of {requests} requests): at or above the critical threshold of {limit}.",
                **values,
            )
        case Severity.WARNING:
            text = message(
                "Error rate {rate} ({errors} of {requests} requests): at or above the warning threshold of {limit}.",
                **values,
            )
        case _:
            text = message(
                "Error rate {rate} ({errors} of {requests} requests): below the warning threshold of {limit}.",
                **values,
            )
    return text


def _latency_words(now: Numbers, severity: Severity, thresholds: Thresholds) -> Message:
    values: dict[str, Value] = {
        "p95": Amount(now.p95, Unit.SECONDS),
        "measured": now.measured,
        "requests": now.requests,
        "limit": Amount(thresholds.response_time.reached(severity), Unit.SECONDS),
    }
    match severity:
        case Severity.UNMEASURED:
            text = message("Response time unmeasured: none of {requests} requests has one.", requests=now.requests)
        case Severity.CRITICAL:
            text = message(
                "p95 {p95} (over {measured} of {requests} requests): at or above the critical threshold of {limit}.",
                **values,
            )
        case Severity.WARNING:
            text = message(
                "p95 {p95} (over {measured} of {requests} requests): at or above the warning threshold of {limit}.",
                **values,
            )
        case _:
            text = message(
                "p95 {p95} (over {measured} of {requests} requests): below the warning threshold of {limit}.",
                **values,
            )
    return text
