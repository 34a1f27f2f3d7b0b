"""States of alerts for the tests of their page, made by real checks of rules that say what they are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.alerts import AlertState, DeliveryError, Notice, Policy, Route, Rule, Signal, check_alerts
from analyzers.alerts.signal import Standing
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from analyzers.thresholds import Severity

NOW: Final = datetime(2024, 1, 15, 12, tzinfo=UTC)
HOSTILE: Final = "<img src=x onerror=\"owned('alert')\">"
RUNBOOK: Final = "https://runbooks.example/errors"


class Channel:
    """A channel that takes everything, or nothing."""

    def __init__(self, name: str, *, down: bool = False) -> None:
        self.name = name
        self.timeout = timedelta(seconds=1)
        self._down = down

    def deliver(self, notice: Notice) -> None:
        """Take the notice, or refuse it."""
        if self._down:
            raise DeliveryError(f"{self.name} says no to {notice.kind}")


def rule(name: str, severity: Severity, labels: Mapping[str, str] | None = None, runbook: str | None = None) -> Rule:
    """Return a rule that always says the same of one thing."""

    def evaluate(_store: Store, now: datetime, _standing: Standing) -> tuple[Signal, ...]:
        window = Window(now - timedelta(minutes=5), now)
        said = f"{name} is {severity}"
        return (Signal(name, labels or {}, severity, window, 7.0, 100, said, explanation=(f"look at {name}",)),)

    return Rule(name, evaluate, runbook=runbook)


def check(path: Path, rules: tuple[Rule, ...], now: datetime = NOW) -> None:
    """Check rules; the mail takes notices, the pager is down."""
    policy = Policy((Route(Channel("mail")), Route(Channel("pager", down=True))))
    with AlertState(path) as state:
        check_alerts(MemoryStore(), rules, state, policy, lambda: now)


def standing(path: Path, now: datetime = NOW) -> None:
    """Have two alerts fire: one with a runbook, and one whose rule, labels and runbook are hostile text."""
    hostile = rule(HOSTILE, Severity.WARNING, {"client.ip": f"{HOSTILE}\nrule=x"}, "javascript:owned('runbook')")
    check(path, (rule("errors", Severity.CRITICAL, runbook=RUNBOOK), hostile), now)
