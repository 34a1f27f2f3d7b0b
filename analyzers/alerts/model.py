"""What an alert check decides and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from pydantic import JsonValue

from analyzers.store.query import Window
from analyzers.thresholds import Severity

Payload: TypeAlias = Mapping[str, JsonValue]
"""What a webhook receives: one JSON object."""


class Kind(StrEnum):
    """Why a notice is sent."""

    FIRING = "firing"
    ESCALATED = "escalated"
    """What was told as a warning has become critical."""
    REPEATED = "repeated"
    """It still fires, and its rule wants that to be said again."""
    UNACKNOWLEDGED = "unacknowledged"
    """It fires, and nobody has acknowledged it for as long as its rule allows."""
    RESOLVED = "resolved"
    UNMEASURED = "unmeasured"
    """Nothing has been measured for long; that is not health."""
    FLAPPING = "flapping"
    """It fires and resolves so often that only its settling will be told."""
    UNDELIVERED = "undelivered"
    """Another channel did not take notices for so long that they were given up."""
    TEST = "test"
    """Nothing is wrong: somebody tries the channels."""


@dataclass(frozen=True, slots=True)
class AlertDetail:
    """One alert in a notice.

    Attributes:
        id: The alert's short name for the command line; the same from check to check.
        rule: The rule's name.
        labels: What it is about beside the rule.
        severity: Its severity now; ``OK`` when it has resolved.
        message: One sentence: what, how much, against which limit, over which window, with how many events.
        explanation: Further lines.
        runbook: What to do about it: a link, or the command that shows the page.
        since: When it started, or since when it is unmeasured.
        value: What was measured, in the rule's unit; ``None`` when unmeasured.
        events: How many events it rests on; ``None`` where it is not about events.
        limits: ``warning`` and ``critical`` as numbers, where there are such.
        window: What was looked at.
        sorting: The labels of the rule itself, e.g. ``{"team": "infra"}``.
    """

    id: str
    rule: str
    labels: Mapping[str, str]
    severity: Severity
    message: str
    explanation: tuple[str, ...]
    runbook: str | None
    since: datetime
    value: float | None
    events: int | None
    limits: Mapping[str, float]
    window: Window
    sorting: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell: alerts of one group that changed alike in one check.

    Attributes:
        id: Stable over every attempt, so that a receiver can show a repeated delivery once.
        kind: Why it is sent.
        severity: The worst severity among its alerts; of a resolved notice ``OK``.
        group: What its alerts have in common: a rule's name, unless the rules say otherwise.
        at: The instant of the check.
        alerts: What it is about, worst first; empty for a test.
        subject: One line for people, the verdict.
        text: All of it for people: verdict, explanation, runbook, how to acknowledge and silence. It starts with the
            subject.
        payload: All of it as a JSON object; flat where it is about one alert.
    """

    id: str
    kind: Kind
    severity: Severity
    group: str
    at: datetime
    alerts: tuple[AlertDetail, ...]
    subject: str
    text: str
    payload: Payload


@dataclass(frozen=True, slots=True)
class Delivered:
    """A notice that a channel took in this check."""

    notice: Notice
    channel: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A notice that a channel has not taken.

    Attributes:
        notice: What was to be told.
        channel: The channel's name.
        reason: Why it was not taken.
        attempts: How often it has been tried.
        next_attempt: Not to be tried before; ``None`` before the first attempt.
    """

    notice: Notice
    channel: str
    reason: str
    attempts: int
    next_attempt: datetime | None
