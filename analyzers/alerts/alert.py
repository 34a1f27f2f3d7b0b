"""What the engine remembers of an alert from check to check."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from analyzers.alerts.model import AlertDetail
from analyzers.thresholds import Severity

_ID_LENGTH: Final = 10
ANYBODY: Final = "*"
"""Stands among those who were told where an older version did not note who that was."""


class Phase(StrEnum):
    """Where an alert stands."""

    OK = "ok"
    """All is well; kept while somebody is still to be told, or while it counts for flapping or is unmeasured."""
    PENDING = "pending"
    """In breach, not yet for as long as its rule demands."""
    FIRING = "firing"


@dataclass(frozen=True, slots=True)
class Ack:
    """Somebody has seen an alert and looks after it.

    Attributes:
        at: When they said so.
        by: Who.
        comment: What they said, possibly empty.
        severity: How bad it was then; once it is worse, the acknowledgement is over.
    """

    at: datetime
    by: str
    comment: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: a rule, and what it is about.

    Attributes:
        detail: The last measurement as it would be told; while it fires, the last one of a breach.
        group: Whose message it is told in.
        phase: Where it stands.
        severity: The last measured severity of a breach; ``OK`` before the first.
        since: When the present or last breach began.
        seen: When its rule last said anything about it.
        changed: When it last began or ceased to fire.
        well_since: Since when all is well while it still fires.
        unmeasured_since: Since when nothing could be measured.
        unmeasured_why: What the rule said of that.
        unmeasured_told: Whether that has been told.
        announced: The worst severity that was told; ``None`` while it has not been told.
        announced_at: When that was.
        told: The names of the channels that were told and must hear of its end.
        told_at: When it was last told.
        escalated: Whether the channels of escalation were told.
        ack: Who looks after it.
        fires: When it began to fire, within the window of flap control.
        flapping_since: Since when it is flapping.
        flapping_told: Whether that has been told.
        muted: Why it is muted; ``None`` when it is not.
    """

    detail: AlertDetail
    group: str
    phase: Phase
    severity: Severity
    since: datetime
    seen: datetime
    changed: datetime
    well_since: datetime | None = None
    unmeasured_since: datetime | None = None
    unmeasured_why: str = ""
    unmeasured_told: bool = False
    announced: Severity | None = None
    announced_at: datetime | None = None
    told: frozenset[str] = frozenset()
    told_at: datetime | None = None
    escalated: bool = False
    ack: Ack | None = None
    fires: tuple[datetime, ...] = ()
    flapping_since: datetime | None = None
    flapping_told: bool = False
    muted: str | None = None

    @property
    def id(self) -> str:
        """Its short name."""
        return self.detail.id

    @property
    def rule(self) -> str:
        """The rule's name."""
        return self.detail.rule

    @property
    def labels(self) -> Mapping[str, str]:
        """What it is about beside the rule."""
        return self.detail.labels

    @property
    def firing(self) -> bool:
        """Whether it fires."""
        return self.phase is Phase.FIRING

    @property
    def worse_than_told(self) -> bool:
        """Whether it was told as a warning and has become critical."""
        return self.announced is Severity.WARNING and self.severity is Severity.CRITICAL


def identify(rule: str, labels: Mapping[str, str]) -> str:
    """Return an alert's short name: the same for the same rule and labels, in whatever order."""
    text = json.dumps([rule, sorted(labels.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]
