"""Alerts over time for tests: rules that say what they are told, channels that keep what they take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from analyzers.alerts import (
    AlertReport,
    AlertState,
    DeliveryError,
    Notice,
    Policy,
    Rule,
    Signal,
    check_alerts,
)
from analyzers.alerts.signal import Standing
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.thresholds import Severity
from tests.analyzers.events import at

START = at("2024-01-15T10:00:00Z")
OK, WARNING, CRITICAL, UNMEASURED = Severity.OK, Severity.WARNING, Severity.CRITICAL, Severity.UNMEASURED


def said(rule: str, severity: Severity, now: datetime, labels: Mapping[str, str] | None = None) -> Signal:
    """Return a signal as a rule over five minutes would give it."""
    window = Window(now - timedelta(minutes=5), now)
    value = None if severity is UNMEASURED else 7.0
    limits = {"warning": 5.0, "critical": 10.0}
    message = f"{rule} {severity}"
    return Signal(rule, labels or {}, severity, window, value, 100, message, limits=limits)


class Kept:
    """A channel that keeps what it takes, and refuses everything while it is down."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.timeout = timedelta(seconds=0.1)
        self.down = False
        self.taken: list[Notice] = []

    def deliver(self, notice: Notice) -> None:
        """Keep the notice, or refuse it."""
        if self.down:
            raise DeliveryError(f"{self.name} is down")
        self.taken.append(notice)

    @property
    def told(self) -> list[tuple[str, str]]:
        """The kinds and severities of what was taken, in order."""
        return [(each.kind.value, each.severity.value) for each in self.taken]


@dataclass
class Story:
    """Checks of one rule, each in a state that is opened anew, as by a process of its own.

    Attributes:
        path: The state's file.
        policy: Who is told.
        rule: How the rule handles its alerts; its evaluation is made up.
        now: The instant of the next check.
    """

    path: Path
    policy: Policy
    rule: Rule = field(default_factory=lambda: named_rule("errors"))
    now: datetime = START

    def check(self, said_now: Severity | Mapping[str, Severity], minutes: float = 5) -> AlertReport:
        """Check with what the rule says now, of the whole or of clients; then let time pass."""
        now = self.now
        if isinstance(said_now, Severity):
            signals = [said(self.rule.name, said_now, now)]
        else:
            signals = [said(self.rule.name, each, now, {"client.ip": ip}) for ip, each in said_now.items()]
        report = self.check_with((self.rule, signals))
        self.now += timedelta(minutes=minutes)
        return report

    def check_with(self, *rules: tuple[Rule, Sequence[Signal]]) -> AlertReport:
        """Check rules, each with what it says."""
        saying = [saying_rule(rule, signals) for rule, signals in rules]
        with AlertState(self.path) as state:
            return check_alerts(MemoryStore(), saying, state, self.policy, lambda: self.now, lambda: 0.0)


def named_rule(name: str) -> Rule:
    """Return a rule that says nothing."""
    return Rule(name, lambda _store, _instant, _standing: ())


def saying_rule(rule: Rule, signals: Sequence[Signal]) -> Rule:
    """Return a rule that says what it is told."""

    def evaluate(_store: Store, _instant: datetime, _standing: Standing) -> tuple[Signal, ...]:
        return tuple(signals)

    return replace(rule, evaluate=evaluate)
