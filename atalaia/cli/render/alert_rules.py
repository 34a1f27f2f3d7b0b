"""Alert rules in words, and what they would say, for people and for programs."""

from __future__ import annotations

from datetime import UTC
from typing import Final, TextIO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from analyzers.alerts.channels.models import channel_name
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.trying import Tried
from analyzers.alerts.signal import Signal
from analyzers.store.document import JsonValue
from analyzers.thresholds import Severity
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for

_LOOKS: Final = {
    Severity.OK: ("✔ ", "bold green"),
    Severity.WARNING: ("▲ ", "bold yellow"),
    Severity.CRITICAL: ("✘ ", "bold red"),
    Severity.UNMEASURED: ("? ", "bold"),
}


def print_rules(found: RuleFile, tried: tuple[Tried, ...] | None, stream: TextIO) -> None:
    """Print each rule and what it watches, what it says where it was tried, and when nobody is told."""
    console = console_for(stream)
    console.print(Text(printable(_headline(found))))
    said = {each.rule: each for each in tried or ()}
    for rule in found.rules:
        console.print(Text(printable(rule.name), style="bold"))
        _indented(console, Text(printable(found.words[rule.name]), style="" if tried is None else "dim"))
        if rule.name in said:
            _print_tried(console, said[rule.name])
    for mute in found.mutes:
        console.print(Text(printable(f"nobody is told: {mute.words}")))


def rules_json(found: RuleFile, tried: tuple[Tried, ...] | None) -> str:
    """Return the rules, and the signals where they were tried, as one JSON object."""
    said = {each.rule: each for each in tried or ()}
    rows: list[JsonValue] = []
    for rule in found.rules:
        row: dict[str, JsonValue] = {"name": rule.name, "watches": found.words[rule.name], "runbook": rule.runbook}
        if rule.name in said:
            row["refused"] = said[rule.name].refused
            row["signals"] = [_signal(*each) for each in _pairs(said[rule.name])]
        rows.append(row)
    channels: list[JsonValue] = [channel_name(each) for each in found.channels]
    return dumped(
        {
            "file": None if found.path is None else str(found.path),
            "profile": found.profile.value,
            "environment": found.environment,
            "rules": rows,
            "mutes": [mute.words for mute in found.mutes],
            "channels": channels,
        }
    )


def _headline(found: RuleFile) -> str:
    names = ", ".join(channel_name(each) for each in found.channels) or "none"
    where = "the documented thresholds" if found.path is None else str(found.path)
    return f"{where}: {len(found.rules)} rules, profile {found.profile}, zone {found.zone}, channels: {names}"


def _print_tried(console: Console, tried: Tried) -> None:
    if tried.refused is not None:
        _indented(console, Text(printable(f"! {tried.refused}"), style="bold red"))
    for signal, muted in _pairs(tried):
        mark, style = _LOOKS[signal.severity]
        _indented(console, Text.assemble((mark, style), printable(signal.message)))
        for line in signal.explanation:
            _indented(console, Text(printable(line)), 4)
        if muted is not None and signal.severity.breached:
            _indented(console, Text(printable(f"not told: {muted}")), 4)


def _indented(console: Console, text: Text, by: int = 2) -> None:
    console.print(Padding(text, (0, 0, 0, by)))


def _pairs(tried: Tried) -> list[tuple[Signal, str | None]]:
    return list(zip(tried.signals, tried.muted, strict=True))


def _signal(signal: Signal, muted: str | None) -> dict[str, JsonValue]:
    return {
        "labels": dict(signal.labels),
        "severity": signal.severity.value,
        "value": signal.value,
        "events": signal.events,
        "limits": dict(signal.limits),
        "since": rfc3339(signal.window.start.astimezone(UTC)),
        "until": rfc3339(signal.window.end.astimezone(UTC)),
        "message": signal.message,
        "explanation": list(signal.explanation),
        "muted": muted,
    }
