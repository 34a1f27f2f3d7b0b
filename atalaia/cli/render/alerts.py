"""What one alert check found and did, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.alerts import Alert, AlertReport, Signal
from analyzers.alerts.model import Delivered, Failed
from analyzers.alerts.notices import about, told_apart
from analyzers.thresholds import Severity
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for

LOOKS: Final = {
    Severity.OK: ("✔", "bold green"),
    Severity.WARNING: ("▲", "bold yellow"),
    Severity.CRITICAL: ("✘", "bold red"),
    Severity.UNMEASURED: ("?", "bold"),
}


def print_alerts(report: AlertReport, stream: TextIO) -> None:
    """Print what stands, then what every rule says, then what was told."""
    console = console_for(stream)
    console.print(_headline(report))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("state", "alert", "measured"):
        table.add_column(name)
    for signal in report.signals:
        mark, style = LOOKS[signal.severity]
        state = Text.assemble((f"{mark} ", style), signal.severity.value)
        table.add_row(state, printable(told_apart(signal.rule, signal.labels)), one_line(signal.message))
    console.print(table)
    for delivered in report.sent:
        told = f"told {delivered.channel}: {delivered.notice.kind} {delivered.notice.group}"
        console.print(Text(printable(told)))


def alerts_json(report: AlertReport, *, store: str, at: datetime) -> str:
    """Return the check as one JSON object; values in the units of the rules."""
    return dumped(
        {
            "query": {"store": store, "at": instant(at)},
            "rows": [_row(signal) for signal in report.signals],
            "firing": [alert_object(each) for each in report.firing],
            "sent": [_told(each) for each in report.sent],
            "failed": [undelivered(each) for each in report.failed],
            "given_up": [undelivered(each) for each in report.given_up],
        },
    )


def alert_object(alert: Alert) -> Mapping[str, object]:
    """Return an alert as a JSON object."""
    return {
        "alert": alert.id,
        "rule": alert.rule,
        "labels": dict(alert.labels),
        "state": alert.phase.value,
        "severity": alert.severity.value,
        "since": instant(alert.since),
        "message": alert.detail.message,
        "muted": alert.muted,
        "acknowledged_by": None if alert.ack is None else alert.ack.by,
        "acknowledged_at": None if alert.ack is None else instant(alert.ack.at),
        "acknowledged_comment": None if alert.ack is None else alert.ack.comment,
        "unmeasured_since": None if alert.unmeasured_since is None else instant(alert.unmeasured_since),
        "flapping_since": None if alert.flapping_since is None else instant(alert.flapping_since),
    }


def undelivered(each: Failed) -> Mapping[str, object]:
    """Return a notice that was not taken as a JSON object."""
    next_attempt = None if each.next_attempt is None else instant(each.next_attempt)
    return {**_told(each), "reason": each.reason, "attempts": each.attempts, "next_attempt": next_attempt}


def instant(moment: datetime) -> str:
    """Return an instant in UTC, in RFC 3339."""
    return rfc3339(moment.astimezone(UTC))


def _headline(report: AlertReport) -> Text:
    if report.firing:
        names = ", ".join(
            f"{about(each.detail)} {each.severity} since {instant(each.since)}{_aside(each)}" for each in report.firing
        )
        return Text.assemble(("✘ ", "bold red"), printable(f"firing: {names}"))
    if not report.judged:
        return Text.assemble(("? ", "bold yellow"), "nothing to judge: everything is unmeasured")
    judged = sum(each.severity is not Severity.UNMEASURED for each in report.signals)
    return Text.assemble(("✔ ", "bold green"), f"no alert: {judged} of {len(report.signals)} measured")


def _aside(alert: Alert) -> str:
    if alert.muted is not None:
        return f" (muted: {alert.muted})"
    return "" if alert.ack is None else f" (acknowledged by {alert.ack.by})"


def _row(signal: Signal) -> Mapping[str, object]:
    return {
        "rule": signal.rule,
        "labels": dict(signal.labels),
        "severity": signal.severity.value,
        "value": signal.value,
        "warning": signal.limits.get("warning"),
        "critical": signal.limits.get("critical"),
        "events": signal.events,
        "since": instant(signal.window.start),
        "until": instant(signal.window.end),
        "message": signal.message,
        "explanation": list(signal.explanation),
    }


def _told(each: Delivered | Failed) -> Mapping[str, object]:
    notice = each.notice
    rules = sorted({alert.rule for alert in notice.alerts})
    return {
        "id": notice.id,
        "kind": notice.kind.value,
        "rule": ", ".join(rules) or None,
        "group": notice.group,
        "alerts": len(notice.alerts),
        "channel": each.channel,
    }
