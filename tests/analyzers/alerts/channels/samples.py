"""Notices to deliver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from analyzers.alerts.model import AlertDetail, Kind, Notice
from analyzers.alerts.notices import compose
from analyzers.store.query import Window
from analyzers.thresholds import Severity

AT = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
MESSAGE = "error rate critical: 20 % of 100 requests failed, 10 % is critical, over the last 5 minutes"
HOSTILE = "a\r\nBcc: everyone@example.org\r\n\r\n<script>alert(1)</script> @channel <!channel> \x1b[31m\u202e & \ud800"


def clock() -> datetime:
    """Return the instant at which everything here happens."""
    return AT


def alert(
    message: str = MESSAGE,
    severity: Severity = Severity.CRITICAL,
    *,
    rule: str = "error_rate",
    labels: Mapping[str, str] | None = None,
    explanation: tuple[str, ...] = ("Most of it: /api/chamados, 15 of 20.",),
    runbook: str | None = "https://wiki.example.org/errors?a=1&b=2",
) -> AlertDetail:
    """Return an alert."""
    return AlertDetail(
        id="a1b2c3",
        rule=rule,
        labels=labels or {},
        severity=severity,
        message=message,
        explanation=explanation,
        runbook=runbook,
        since=AT - timedelta(minutes=3),
        value=20.0,
        events=100,
        limits={"warning": 5.0, "critical": 10.0},
        window=Window(AT - timedelta(minutes=5), AT),
    )


def firing(*alerts: AlertDetail, identity: str = "id-1") -> Notice:
    """Return a notice that alerts fire; by default one about the error rate."""
    return compose(identity, Kind.FIRING, "error_rate", AT, alerts or (alert(),))


def resolved(identity: str = "id-2") -> Notice:
    """Return the notice that ends the one of ``firing``."""
    ended = alert("error rate ok: 0 % of 80 requests failed", Severity.OK, explanation=())
    return compose(identity, Kind.RESOLVED, "error_rate", AT + timedelta(minutes=10), (ended,))


def hostile() -> Notice:
    """Return a notice whose every text was written by an attacker."""
    labels = {"client.ip": HOSTILE, HOSTILE: "x"}
    bad = alert(HOSTILE, labels=labels, explanation=(HOSTILE,), runbook="javascript:alert(1)//" + HOSTILE)
    return compose("id-3", Kind.FIRING, HOSTILE, AT, (bad, alert(rule=HOSTILE)))
