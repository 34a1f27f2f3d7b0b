"""One check: judge every rule, record what changed, deliver what is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from analyzers.alerts.channels import Channel, DeliveryError
from analyzers.alerts.evaluation import evaluate_host, evaluate_stored
from analyzers.alerts.host import HostSample, Sampler, sample_host
from analyzers.alerts.measures import Rule
from analyzers.alerts.model import AlertDetail, AlertReport, Delivered, Evaluation, Failed, Kind, Notice
from analyzers.alerts.notices import compose
from analyzers.alerts.state import Alert, AlertState, Pending
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from logging_lib.clock import Clock, system_clock


def check_alerts(
    store: Store,
    rules: Sequence[Rule],
    state: AlertState,
    channels: Sequence[Channel],
    clock: Clock = system_clock,
    sampler: Sampler | None = sample_host,
) -> AlertReport:
    """Judge rules over the window that ends now, and tell what changed.

    A breach is told once, and once more when it becomes critical; its end is told once. An unmeasured rule neither
    fires nor resolves. What a channel does not take is tried again at the next check.

    Args:
        store: Where the events are.
        rules: What to watch.
        state: The memory of earlier checks, entered.
        channels: Whom to tell.
        clock: The instant at which the windows end; another than the present one to replay the past.
        sampler: Looks at the host at that instant; ``None`` when it is not the present one: the host's measures are
            then unmeasured.

    Raises:
        QueryError: When a rule asks what the store cannot answer.
        StoreError: When the store cannot answer.
    """
    now = clock()
    sample = sampler() if sampler is not None and any(rule.measure.of_host for rule in rules) else None
    evaluations = tuple(_evaluate(store, rule, now.astimezone(UTC), sample) for rule in rules)
    for evaluation in evaluations:
        _record(state, evaluation, now, [channel.name for channel in channels])
    sent, failed = _deliver(state, channels, clock)
    return AlertReport(evaluations, sent, failed, state.firing())


def _evaluate(store: Store, rule: Rule, end: datetime, sample: HostSample | None) -> Evaluation:
    window = Window(end - rule.window, end)
    if rule.measure.of_host:
        return evaluate_host(rule, window, sample)
    return evaluate_stored(store, rule, window)


def _record(state: AlertState, evaluation: Evaluation, now: datetime, channels: Sequence[str]) -> None:
    """Record what the evaluation makes of the rule's alert; an unmeasured one changes nothing."""
    rule, severity = evaluation.rule.name, evaluation.severity
    before = state.alert(rule)
    if severity.breached:
        _record_breach(state, evaluation, before, now, channels)
    elif severity is Severity.OK and before is not None:
        notice = _notice(Kind.RESOLVED, evaluation, before.since, now)
        state.record(rule, None, notice, channels)


def _record_breach(
    state: AlertState,
    evaluation: Evaluation,
    before: Alert | None,
    now: datetime,
    channels: Sequence[str],
) -> None:
    rule, severity = evaluation.rule.name, evaluation.severity
    if before is None:
        notice = _notice(Kind.FIRING, evaluation, now, now)
        state.record(rule, Alert(rule, severity, severity, now), notice, channels)
    elif severity is Severity.CRITICAL and before.peak is Severity.WARNING:
        notice = _notice(Kind.ESCALATED, evaluation, before.since, now)
        state.record(rule, Alert(rule, severity, severity, before.since), notice, channels)
    else:
        state.record(rule, Alert(rule, severity, before.peak, before.since), None, channels)


def _notice(kind: Kind, evaluation: Evaluation, since: datetime, now: datetime) -> Notice:
    rule = evaluation.rule
    detail = AlertDetail(
        id=rule.name,
        rule=rule.name,
        labels={},
        severity=evaluation.severity,
        message=evaluation.message,
        explanation=(),
        runbook=None,
        since=since,
        value=evaluation.value,
        events=evaluation.events,
        limits={"warning": float(rule.limit.warning), "critical": float(rule.limit.critical)},
        window=evaluation.window,
        sorting={"measure": rule.measure.value},
    )
    return compose(str(uuid4()), kind, rule.name, now, (detail,))


def _deliver(
    state: AlertState,
    channels: Sequence[Channel],
    clock: Clock,
) -> tuple[tuple[Delivered, ...], tuple[Failed, ...]]:
    """Deliver what is pending, in order; after a failure the later notices about that rule wait their turn."""
    known = {channel.name: channel for channel in channels}
    sent: list[Delivered] = []
    failed: list[Failed] = []
    for pending in state.pending():
        if any(_same_line(earlier, pending) for earlier in failed):
            failed.append(_waiting(pending, "an earlier notice about this rule waits"))
        elif pending.channel not in known:
            failed.append(_waiting(pending, "this channel is not among those of this check"))
        elif (reason := _attempt(state, pending, known[pending.channel], clock)) is not None:
            failed.append(Failed(pending.notice, pending.channel, reason, pending.attempts + 1))
        else:
            sent.append(Delivered(pending.notice, pending.channel))
    return tuple(sent), tuple(failed)


def _same_line(earlier: Failed, pending: Pending) -> bool:
    return (earlier.channel, earlier.notice.group) == (pending.channel, pending.notice.group)


def _waiting(pending: Pending, reason: str) -> Failed:
    return Failed(pending.notice, pending.channel, reason, pending.attempts)


def _attempt(state: AlertState, pending: Pending, channel: Channel, clock: Clock) -> str | None:
    """Try one delivery and record how it went; return why it failed, or ``None``."""
    try:
        channel.deliver(pending.notice)
    except DeliveryError as error:
        state.failed(pending)
        return str(error)
    state.delivered(pending, clock())
    return None
