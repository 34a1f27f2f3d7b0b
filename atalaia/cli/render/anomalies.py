"""What was unusual, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Final, TextIO, TypeAlias
from zoneinfo import ZoneInfo

from rich.text import Text

from analyzers.analysis import State
from analyzers.anomalies.episodes import Episode, Summary
from analyzers.anomalies.finding import Finding
from analyzers.anomalies.scope import Scope
from analyzers.numbers import counted
from analyzers.selection import print_where
from analyzers.store.query import EVERYTHING, Window
from analyzers.thresholds import Severity
from atalaia.cli.render.comma_separated import csv_text
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, verdict

Row: TypeAlias = dict[str, str | int | float | None]

_COLUMNS: Final = (
    "found", "last", "kind", "about", "severity", "direction", "observed", "expected_low", "expected_high", "score",
    "events", "since", "until", "sentence", "explanation",
)  # fmt: skip
_LOOKS: Final = {Severity.WARNING: ("▲", "bold yellow"), Severity.CRITICAL: ("✘", "bold red")}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and what had been asked.

    Attributes:
        summary: What was found.
        scope: Whose events.
        span: The instants.
        store: How a person names the store.
    """

    summary: Summary
    scope: Scope
    span: Window
    store: str


def print_anomalies(answer: Answer, stream: TextIO) -> None:
    """Print the verdict, then two lines for each episode: when and how bad, and the worst finding in words."""
    console = console_for(stream)
    console.print(verdict(*_verdict(answer.summary)), soft_wrap=True)
    zone = ZoneInfo(answer.scope.zone)
    for episode in answer.summary.episodes:
        mark, style = _LOOKS[episode.worst.severity]
        span = _span(episode, zone)
        console.print(Text.assemble(f"\n{span}  ", (f"{mark} {episode.worst.severity.value}", style)), soft_wrap=True)
        for line in (episode.worst.sentence, *episode.worst.explanation):
            console.print(Text(f"  {printable(line)}"), soft_wrap=True)


def anomalies_json(answer: Answer) -> str:
    """Return one JSON object: the question, a row for each episode, and how often each detector could judge."""
    where, summary = answer.scope.where, answer.summary
    query = {
        "stream": answer.scope.stream,
        "since": rfc3339(answer.span.start),
        "until": rfc3339(answer.span.end),
        "tz": answer.scope.zone,
        "where": None if where == EVERYTHING else print_where(where),
        "store": answer.store,
    }
    judged = {
        kind.value: {"judged": each.judged, "unmeasured": each.unmeasured, "reason": each.reason or None}
        for kind, each in summary.tallies.items()
    }
    rows = [{**_row(each), "about": dict(each.worst.labels)} for each in summary.episodes]
    return dumped({"query": query, "rows": rows, "judged": judged})


def anomalies_csv(answer: Answer) -> str:
    """Return a header and a row for each episode, under the same names as in JSON."""
    rows = map(_row, answer.summary.episodes)
    return csv_text(_COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))


def _verdict(summary: Summary) -> tuple[State, str]:
    measured = [kind for kind, tally in summary.tallies.items() if tally.judged]
    if summary.episodes:
        return State.MISSED, f"{len(summary.episodes):,} unusual: judged {', '.join(measured)}"
    if not measured:
        return State.UNMEASURED, "nothing could be judged"
    most = max(tally.judged for tally in summary.tallies.values())
    return State.MET, f"nothing unusual: judged {', '.join(measured)} at up to {counted(most, 'instant')}"


def _span(episode: Episode, zone: ZoneInfo) -> str:
    return f"{_local(episode.found, zone)} to {_local(episode.last, zone)}"


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M %z}"


def _row(episode: Episode) -> Row:
    worst = episode.worst
    low, high = (None, None) if worst.expected is None else worst.expected
    return {
        "found": rfc3339(episode.found.astimezone(UTC)),
        "last": rfc3339(episode.last.astimezone(UTC)),
        "kind": worst.kind.value,
        "about": _about(worst.labels),
        "severity": worst.severity.value,
        "direction": worst.direction.value,
        "observed": worst.observed,
        "expected_low": _finite(low),
        "expected_high": _finite(high),
        "score": worst.score,
        "events": worst.events,
        **_window_of(worst),
        "sentence": worst.sentence,
        "explanation": "; ".join(worst.explanation) or None,
    }


def _window_of(finding: Finding) -> Row:
    return {"since": rfc3339(finding.window.start), "until": rfc3339(finding.window.end)}


def _about(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in labels.items())


def _finite(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
