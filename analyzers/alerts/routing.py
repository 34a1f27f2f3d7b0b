"""Who is told what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.alerts.channels import Channel
from analyzers.thresholds import Severity

EVERY_BREACH: Final = frozenset({Severity.WARNING, Severity.CRITICAL})


@dataclass(frozen=True, slots=True)
class Route:
    """A channel, and what it is told.

    Attributes:
        channel: Where to.
        severity_levels: It is told of alerts of these severities; of what is unmeasured when ``WARNING`` is among them.
        escalation: It is told only of what nobody has acknowledged in time, and how that goes on.
    """

    channel: Channel
    severity_levels: frozenset[Severity] = EVERY_BREACH
    escalation: bool = False

    def takes(self, severity: Severity) -> bool:
        """Whether alerts of this severity are told here."""
        return (Severity.WARNING if severity is Severity.UNMEASURED else severity) in self.severity_levels
