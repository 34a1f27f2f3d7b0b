"""What one alert check found and did, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from analyzers.alerts import AlertReport, Evaluation
from analyzers.alerts.model import Delivered, Failed
from analyzers.thresholds import Severity
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for
from atalaia.cli.render.text import ABSENT, significant

_LOOKS: Final = {
    Severity.OK: ("✔", "bold green"),
    Severity.WARNING: ("▲", "bold yellow"),
    Severity.CRITICAL: ("✘", "bold red"),
    Severity.UNMEASURED: ("?", "bold"),
}


def print_alerts(report: AlertReport, stream: TextIO) -> None:
    """Print what stands, then every rule with its number and its thresholds, then what was told."""
    console = console_for(stream)
    console.print(_headline(report))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("state", "measure"):
        table.add_column(name)
    for name in ("value", "warning", "critical", "events"):
        table.add_column(name, justify="right")
    for evaluation in report.evaluations:
        table.add_row(*_cells(evaluation))
    console.print(table)
    for delivered in report.sent:
        console.print(Text(printable(f"told {delivered.channel}: {delivered.notice.kind} {delivered.notice.group}")))


def alerts_json(report: AlertReport, *, store: str, at: datetime) -> str:
    """Return the check as one JSON object; ratios in percent and times in seconds, as the thresholds are."""
    return dumped(
        {
            "query": {"store": store, "at": rfc3339(at.astimezone(UTC))},
            "rows": [_row(evaluation) for evaluation in report.evaluations],
            "firing": [
                {"rule": each.rule, "severity": each.severity.value, "since": rfc3339(each.since.astimezone(UTC))}
                for each in report.firing
            ],
            "sent": [_told(each) for each in report.sent],
            "failed": [{**_told(each), "reason": each.reason, "attempts": each.attempts} for each in report.failed],
        },
    )


def _headline(report: AlertReport) -> Text:
    if report.firing:
        names = ", ".join(f"{each.rule} {each.severity} since {rfc3339(each.since)}" for each in report.firing)
        return Text.assemble(("✘ ", "bold red"), printable(f"firing: {names}"))
    judged = [each for each in report.evaluations if each.severity is not Severity.UNMEASURED]
    if not judged:
        return Text.assemble(("? ", "bold yellow"), "nothing to judge: every measure is unmeasured")
    return Text.assemble(("✔ ", "bold green"), f"no alert: {len(judged)} of {len(report.evaluations)} measures judged")


def _cells(evaluation: Evaluation) -> tuple[Text, ...]:
    mark, style = _LOOKS[evaluation.severity]
    rule, unit = evaluation.rule, _unit(evaluation)
    value = ABSENT if evaluation.value is None else f"{significant(evaluation.value)} {unit}"
    return (
        Text.assemble((f"{mark} ", style), evaluation.severity.value),
        Text(printable(rule.name.replace("_", " "))),
        Text(value),
        Text(f"{significant(float(rule.limit.warning))} {unit}"),
        Text(f"{significant(float(rule.limit.critical))} {unit}"),
        Text(ABSENT if evaluation.events is None else f"{evaluation.events:,}"),
    )


def _unit(evaluation: Evaluation) -> str:
    return "s" if evaluation.rule.measure == "response_time" else "%"


def _row(evaluation: Evaluation) -> Mapping[str, str | int | float | None]:
    return {
        "rule": evaluation.rule.name,
        "measure": evaluation.rule.measure.value,
        "severity": evaluation.severity.value,
        "value": evaluation.value,
        "unit": "seconds" if _unit(evaluation) == "s" else "percent",
        "warning": float(evaluation.rule.limit.warning),
        "critical": float(evaluation.rule.limit.critical),
        "events": evaluation.events,
        "since": rfc3339(evaluation.window.start.astimezone(UTC)),
        "until": rfc3339(evaluation.window.end.astimezone(UTC)),
        "message": evaluation.message,
    }


def _told(each: Delivered | Failed) -> Mapping[str, str | int]:
    notice = each.notice
    return {"id": notice.id, "kind": notice.kind.value, "rule": notice.group, "channel": each.channel}
