"""How a notice looks at a glance: a word and a sign, so that colour is never alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from analyzers.alerts.model import AlertDetail, Kind, Notice
from analyzers.thresholds import Severity


@dataclass(frozen=True, slots=True)
class Look:
    """A verdict at a glance.

    Attributes:
        word: In capitals: ``CRITICAL``.
        sign: One character that differs in shape.
        colour: CSS, dark enough for white paper and bright enough for black.
    """

    word: str
    sign: str
    colour: str


_BY_SEVERITY: Final = {
    Severity.OK: Look("OK", "✓", "#1a7f37"),
    Severity.WARNING: Look("WARNING", "▲", "#b35900"),
    Severity.CRITICAL: Look("CRITICAL", "✕", "#d1333b"),
    Severity.UNMEASURED: Look("UNMEASURED", "▨", "#6e7781"),
}
_BY_KIND: Final = {
    Kind.RESOLVED: Look("RESOLVED", "✓", "#1a7f37"),
    Kind.UNMEASURED: _BY_SEVERITY[Severity.UNMEASURED],
    Kind.TEST: Look("TEST", "●", "#0b63ce"),
}


def look_of(notice: Notice) -> Look:
    """Return the look of a notice: of its kind where that says more than its severity."""
    return _BY_KIND.get(notice.kind) or _BY_SEVERITY[notice.severity]


def look_of_alert(alert: AlertDetail) -> Look:
    """Return the look of one alert in a notice."""
    return _BY_SEVERITY[alert.severity]


def one_line(text: str) -> str:
    """Return a text on one line, without control and other invisible characters that could feign another text."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def facts(alert: AlertDetail) -> Iterator[tuple[str, str]]:
    """Yield what an alert rests on, as names and texts."""
    yield "Rule", alert.rule
    yield from ((name, value) for name, value in sorted(alert.labels.items()))
    if alert.events is not None:
        yield "Events", f"{alert.events:,}"
    start, end = alert.window.start.astimezone(UTC), alert.window.end.astimezone(UTC)
    yield "Looked at", f"{start:%Y-%m-%d %H:%M:%S} to {end:%Y-%m-%d %H:%M:%S} UTC"
    yield "Since", f"{alert.since.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def web_link(link: str | None) -> str | None:
    """Return a runbook's link when it is one of the web; other schemes are shown as text only."""
    if link is None or not link.startswith(("https://", "http://")) or not link.isprintable() or " " in link:
        return None
    return link
