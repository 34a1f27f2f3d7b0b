"""What a notice says, to people and to programs."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from pydantic import JsonValue

from analyzers.alerts.model import AlertDetail, Kind, Notice, Payload
from analyzers.numbers import counted
from analyzers.thresholds import Severity

SPOKEN_ALERTS: Final = 10
"""So many alerts of a notice are written out for people; the others are counted. Programs get all."""
_RANK: Final = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.UNMEASURED: 2, Severity.OK: 3}
_STANDING: Final = frozenset(
    {Kind.FIRING, Kind.ESCALATED, Kind.REPEATED, Kind.UNACKNOWLEDGED, Kind.UNMEASURED, Kind.FLAPPING}
)
_ACKNOWLEDGED: Final = _STANDING - {Kind.UNMEASURED}


def compose(identity: str, kind: Kind, group: str, at: datetime, alerts: Sequence[AlertDetail]) -> Notice:
    """Return a notice about alerts of one group.

    Args:
        identity: The notice's id.
        kind: Why it is sent.
        group: What the alerts have in common.
        at: The instant of the check.
        alerts: At least one.
    """
    ordered = tuple(sorted(alerts, key=lambda each: (_RANK[each.severity], each.rule, sorted(each.labels.items()))))
    severity = ordered[0].severity
    subject = _subject(kind, group, ordered)
    text = "\n".join((subject, *_body(kind, ordered)))
    payload = _payload(identity, kind, group, at, ordered)
    return Notice(identity, kind, severity, group, at, ordered, subject, text, payload)


def announce(identity: str, kind: Kind, severity: Severity, at: datetime, message: str) -> Notice:
    """Return a notice that is about no alert: a test, or that a channel did not take what it should.

    Args:
        identity: The notice's id.
        kind: Why it is sent; also its group.
        severity: As bad as what it is about.
        at: The instant.
        message: One sentence.
    """
    subject = f"{kind.upper()}: {message}"
    payload: Payload = {
        "id": identity,
        "kind": kind.value,
        "severity": severity.value,
        "group": kind.value,
        "message": message,
        "at": at.isoformat(),
    }
    return Notice(identity, kind, severity, kind.value, at, (), subject, subject, payload)


def about(alert: AlertDetail) -> str:
    """Return an alert's rule and labels in one line: ``flood (client.ip=203.0.113.9)``."""
    return told_apart(alert.rule, alert.labels)


def told_apart(rule: str, labels: Mapping[str, str]) -> str:
    """Return a rule's name and what its alert is about, in few words."""
    said = ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"{rule} ({said})" if said else rule


def _subject(kind: Kind, group: str, alerts: Sequence[AlertDetail]) -> str:
    if len(alerts) == 1:
        return f"{kind.upper()}: {alerts[0].message}"
    return f"{kind.upper()}: {group}: {counted(len(alerts), 'alert')} ({_counts(alerts)})"


def _counts(alerts: Sequence[AlertDetail]) -> str:
    numbers = Counter(each.severity for each in alerts)
    return ", ".join(f"{numbers[severity]:,} {severity}" for severity in _RANK if numbers[severity])


def _body(kind: Kind, alerts: Sequence[AlertDetail]) -> Iterator[str]:
    if len(alerts) == 1:
        yield from _details(alerts[0])
    else:
        for alert in alerts[:SPOKEN_ALERTS]:
            yield f"- {about(alert)}: {alert.message}"
        if len(alerts) > SPOKEN_ALERTS:
            yield f"- and {len(alerts) - SPOKEN_ALERTS:,} more"
    runbooks = dict.fromkeys(each.runbook for each in alerts if each.runbook is not None)
    yield from (f"Runbook: {runbook}" for runbook in runbooks)
    yield from commands(kind, alerts)


def _details(alert: AlertDetail) -> Iterator[str]:
    yield from alert.explanation
    labels = "; ".join(f"{name} {value}" for name, value in sorted(alert.labels.items()))
    if labels:
        yield f"About: {labels}"
    yield f"Since: {alert.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def commands(kind: Kind, alerts: Sequence[AlertDetail]) -> Iterator[str]:
    """Yield what to type to be left in peace, if anything; for several alerts it is said of their rules."""
    if kind not in _STANDING:
        return
    rules = list(dict.fromkeys(each.rule for each in alerts))
    if kind in _ACKNOWLEDGED:
        names = [alerts[0].id] if len(alerts) == 1 else rules
        yield f"Acknowledge: atalaia alerts ack {shlex.join(names)}"
    labels = sorted(alerts[0].labels.items()) if len(alerts) == 1 else []
    for rule in rules:
        matchers = shlex.join([f"rule={rule}", *(f"{name}={value}" for name, value in labels)])
        yield f"Silence: atalaia alerts silence {matchers} --for 2h --reason ..."


def _payload(identity: str, kind: Kind, group: str, at: datetime, alerts: Sequence[AlertDetail]) -> Payload:
    head: dict[str, JsonValue] = {"id": identity, "kind": kind.value, "group": group, "at": at.isoformat()}
    if len(alerts) == 1:
        return {**_flat(alerts[0]), **head}
    return {
        **head,
        "severity": alerts[0].severity.value,
        "message": _subject(kind, group, alerts).partition(": ")[2],
        "count": len(alerts),
        "alerts": [_flat(each) for each in alerts],
    }


def _flat(alert: AlertDetail) -> dict[str, JsonValue]:
    return {
        "alert": alert.id,
        "rule": alert.rule,
        "measure": alert.sorting.get("measure", alert.rule),
        "labels": dict(alert.labels),
        "rule_labels": dict(alert.sorting),
        "severity": alert.severity.value,
        "message": alert.message,
        "explanation": list(alert.explanation),
        "runbook": alert.runbook,
        "value": alert.value,
        "warning": alert.limits.get("warning"),
        "critical": alert.limits.get("critical"),
        "events": alert.events,
        "window_start": alert.window.start.isoformat(),
        "window_end": alert.window.end.isoformat(),
        "since": alert.since.isoformat(),
    }
