"""What an alert check looks at, decides and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from analyzers.alerts.measures import Rule
from analyzers.store.query import Window
from analyzers.thresholds import Severity

Payload: TypeAlias = Mapping[str, str | int | float | None]
"""What a webhook receives: one flat JSON object."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A rule judged once.

    Attributes:
        rule: What was watched.
        severity: How bad it is.
        window: What was looked at.
        value: The measured value, in the unit of the thresholds; ``None`` when unmeasured.
        events: How many events it rests on; ``None`` for a measure of the host.
        message: What, how much, against which threshold, over which window, with how many events.
    """

    rule: Rule
    severity: Severity
    window: Window
    value: float | None
    events: int | None
    message: str


class Kind(StrEnum):
    """Why a notice is sent."""

    FIRING = "firing"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell.

    Attributes:
        id: Stable over every attempt and channel, so that a receiver can show a repeated delivery once.
        kind: Why it is sent.
        rule: The rule's name.
        severity: The severity that is announced.
        message: The text for people.
        payload: All of it as a JSON object.
    """

    id: str
    kind: Kind
    rule: str
    severity: Severity
    message: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Delivered:
    """A notice that a channel took in this check."""

    notice: Notice
    channel: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A notice that a channel has not taken yet; it is tried again at the next check."""

    notice: Notice
    channel: str
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Firing:
    """An alert that has not resolved.

    Attributes:
        rule: The rule's name.
        severity: Its last measured severity.
        since: When it started.
    """

    rule: str
    severity: Severity
    since: datetime


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What one check found and did.

    Attributes:
        evaluations: One for each rule, in the order of the rules.
        sent: What channels took in this check, including what earlier checks could not deliver.
        failed: What is still to be delivered, and why.
        firing: The alerts that stand after this check, by rule.
    """

    evaluations: tuple[Evaluation, ...]
    sent: tuple[Delivered, ...]
    failed: tuple[Failed, ...]
    firing: tuple[Firing, ...]
