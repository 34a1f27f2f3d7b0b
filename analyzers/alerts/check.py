"""One check: judge every rule, record what changed, deliver what is to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from analyzers.alerts.alert import Alert, Phase
from analyzers.alerts.delivery import Jitter, deliver, random_jitter
from analyzers.alerts.engine import Alerts, Outgoing, Policy, named, step
from analyzers.alerts.model import Delivered, Failed, Kind
from analyzers.alerts.records import Waiting
from analyzers.alerts.signal import Rule, Signal
from analyzers.alerts.state import AlertState
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from logging_lib.clock import Clock, system_clock
from logging_lib.errors import AtalaiaError


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule that could not be judged, and why: the store does not answer, or not that question."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one check found and did.

    Attributes:
        signals: What the rules said, in the order of the rules.
        alerts: What is remembered after this check, by rule.
        sent: What channels took in this check, including what earlier checks could not deliver.
        failed: What is still to be delivered, and why.
        given_up: What channels have not taken for so long that it will not be tried again.
        refused: The rules that could not be judged; what they stand for is unmeasured.
    """

    signals: tuple[Signal, ...]
    alerts: tuple[Alert, ...]
    sent: tuple[Delivered, ...]
    failed: tuple[Failed, ...]
    given_up: tuple[Failed, ...]
    refused: tuple[Refused, ...] = ()

    @property
    def firing(self) -> tuple[Alert, ...]:
        """The alerts that fire, muted ones too."""
        return tuple(each for each in self.alerts if each.firing)

    @property
    def judged(self) -> bool:
        """Whether anything was measured; where rules are about events, the machine alone does not count."""
        return _judged(self.signals)


def check_alerts(
    store: Store,
    rules: Sequence[Rule],
    state: AlertState,
    policy: Policy,
    clock: Clock = system_clock,
    jitter: Jitter = random_jitter,
) -> AlertReport:
    """Judge rules as of now, and tell what changed.

    A breach is told once, and once more when it becomes critical; its end is told once. What could not be measured
    neither fires nor resolves. What a channel does not take is tried again at a later check. A rule that the store does
    not answer keeps no other from being judged and no notice from being delivered.

    Args:
        store: Where the events are.
        rules: What to watch.
        state: The memory of earlier checks, entered. Its silences mute, beside the mutes of the policy.
        policy: How alerts are handled and who is told.
        clock: The instant of the check; another than the present one to replay the past.
        jitter: Spreads further attempts at deliveries.

    Raises:
        AtalaiaError: When two rules have one name, or the state cannot be written.
    """
    now = clock().astimezone(UTC)
    before = state.alerts
    signals, refused = _attempted(store, rules, before, now)
    muting = replace(policy, mutes=(*policy.mutes, *state.silences))
    after = step(before, signals, rules, now, muting)
    state.record(before, after.alerts, _unpiled(after.outgoing, state.waiting), now, judged=_judged(signals))
    done = deliver(state, policy, clock, jitter)
    alerts = tuple(state.alerts.values())
    return AlertReport(signals, alerts, done.sent, done.failed, done.given_up, refused)


def evaluate(store: Store, rules: Sequence[Rule], standing: Alerts, now: datetime) -> tuple[Signal, ...]:
    """Return what all rules say as of an instant.

    Args:
        store: Where the events are.
        rules: What to watch.
        standing: What is remembered; each rule is told of its own what has not resolved.
        now: The instant.

    Raises:
        QueryError: When a rule asks what the store cannot answer.
        StoreError: When the store cannot answer.
    """
    signals: list[Signal] = []
    for name, rule in named(rules).items():
        signals += rule.evaluate(store, now, _standing(name, standing))
    return tuple(signals)


def _attempted(
    store: Store, rules: Sequence[Rule], standing: Alerts, now: datetime
) -> tuple[tuple[Signal, ...], tuple[Refused, ...]]:
    """Return what the rules say; what stands of one that could not be judged is unmeasured."""
    signals: list[Signal] = []
    refused: list[Refused] = []
    for name, rule in named(rules).items():
        labels = _standing(name, standing)
        try:
            signals += rule.evaluate(store, now, labels)
        except AtalaiaError as error:
            refused.append(Refused(name, str(error)))
            signals += (_unanswered(name, each, now, str(error)) for each in labels)
    return tuple(signals), tuple(refused)


def _standing(rule: str, alerts: Alerts) -> tuple[Mapping[str, str], ...]:
    return tuple(alert.labels for alert in alerts.values() if alert.rule == rule and _stands(alert))


def _unanswered(rule: str, labels: Mapping[str, str], now: datetime, reason: str) -> Signal:
    window = Window(now - timedelta(seconds=1), now)
    return Signal(rule, labels, Severity.UNMEASURED, window, None, None, f"{rule} unmeasured: {reason}")


def _judged(signals: Sequence[Signal]) -> bool:
    """Return whether anything was measured; where rules are about events, the machine alone does not count."""
    about_events = [each for each in signals if each.events is not None]
    return any(each.severity is not Severity.UNMEASURED for each in about_events or signals)


def _unpiled(outgoing: Sequence[Outgoing], waiting: Sequence[Waiting]) -> list[Outgoing]:
    """Return what is to be told, without repetitions for channels that have not taken what they repeat."""
    lines = {(each.channel, each.notice.group) for each in waiting if each.given_up is None}
    kept = [
        replace(each, channels=tuple(name for name in each.channels if (name, each.notice.group) not in lines))
        if each.notice.kind is Kind.REPEATED
        else each
        for each in outgoing
    ]
    return [each for each in kept if each.channels]


def _stands(alert: Alert) -> bool:
    return alert.phase is not Phase.OK or alert.unmeasured_since is not None
