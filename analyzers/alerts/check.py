"""One check: judge every rule, record what changed, deliver what is to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from analyzers.alerts.alert import Alert, Phase
from analyzers.alerts.delivery import Jitter, deliver, random_jitter
from analyzers.alerts.engine import Alerts, Policy, named, step
from analyzers.alerts.model import Delivered, Failed
from analyzers.alerts.signal import Rule, Signal
from analyzers.alerts.state import AlertState
from analyzers.store.interface import Store
from analyzers.thresholds import Severity
from logging_lib.clock import Clock, system_clock


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one check found and did.

    Attributes:
        signals: What the rules said, in the order of the rules.
        alerts: What is remembered after this check, by rule.
        sent: What channels took in this check, including what earlier checks could not deliver.
        failed: What is still to be delivered, and why.
        given_up: What channels have not taken for so long that it will not be tried again.
    """

    signals: tuple[Signal, ...]
    alerts: tuple[Alert, ...]
    sent: tuple[Delivered, ...]
    failed: tuple[Failed, ...]
    given_up: tuple[Failed, ...]

    @property
    def firing(self) -> tuple[Alert, ...]:
        """The alerts that fire, muted ones too."""
        return tuple(each for each in self.alerts if each.firing)

    @property
    def judged(self) -> bool:
        """Whether anything was measured; where rules are about events, the machine alone does not count."""
        about_events = [each for each in self.signals if each.events is not None]
        return any(each.severity is not Severity.UNMEASURED for each in about_events or self.signals)


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
    neither fires nor resolves. What a channel does not take is tried again at a later check.

    Args:
        store: Where the events are.
        rules: What to watch.
        state: The memory of earlier checks, entered. Its silences mute, beside the mutes of the policy.
        policy: How alerts are handled and who is told.
        clock: The instant of the check; another than the present one to replay the past.
        jitter: Spreads further attempts at deliveries.

    Raises:
        AtalaiaError: When two rules have one name.
        QueryError: When a rule asks what the store cannot answer.
        StoreError: When the store cannot answer.
    """
    now = clock().astimezone(UTC)
    before = state.alerts
    signals = evaluate(store, rules, before, now)
    muting = replace(policy, mutes=(*policy.mutes, *state.silences))
    after = step(before, signals, rules, now, muting)
    state.record(before, after.alerts, after.outgoing, now)
    done = deliver(state, policy, clock, jitter)
    alerts = tuple(state.alerts.values())
    return AlertReport(signals, alerts, done.sent, done.failed, done.given_up)


def evaluate(store: Store, rules: Sequence[Rule], standing: Alerts, now: datetime) -> tuple[Signal, ...]:
    """Return what all rules say as of an instant.

    Args:
        store: Where the events are.
        rules: What to watch.
        standing: What is remembered; each rule is told of its own what has not resolved.
        now: The instant.
    """
    signals: list[Signal] = []
    for name, rule in named(rules).items():
        labels = tuple(alert.labels for alert in standing.values() if alert.rule == name and _stands(alert))
        signals += rule.evaluate(store, now, labels)
    return tuple(signals)


def _stands(alert: Alert) -> bool:
    return alert.phase is not Phase.OK or alert.unmeasured_since is not None
