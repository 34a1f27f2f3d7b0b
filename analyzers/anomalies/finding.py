"""What a detector finds out about one thing in one window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from analyzers.store.query import Window
from analyzers.thresholds import Severity


class Kind(StrEnum):
    """What is detected."""

    RATE = "rate"
    """More or fewer requests than usual at this hour of the week."""
    ERRORS = "errors"
    """A greater share of failed requests than is plausible."""
    LATENCY = "latency"
    """A greater share of requests slower than the usual 95th percentile."""
    ERROR_DRIFT = "error-drift"
    """A share of failed requests that creeps up over days."""
    LATENCY_DRIFT = "latency-drift"
    """A share of slow requests that creeps up over days."""
    FLOOD = "flood"
    """One client, or one network, with far more requests than busy clients have."""
    SCAN = "scan"
    """One client that tries many paths which do not exist, or is refused again and again."""
    SILENCE = "silence"
    """No or hardly any requests where there should be some."""


class Direction(StrEnum):
    """Where the observed value lies."""

    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Finding:
    """A judgement of one detector.

    Attributes:
        kind: Which detector.
        labels: What it is about, e.g. ``{"client.ip": "203.0.113.9"}``; empty for the whole.
        severity: ``OK``, ``WARNING``, ``CRITICAL`` or ``UNMEASURED``.
        window: What was looked at.
        expected: The range of plausible values, in the unit of ``observed``; ``None`` when unmeasured.
        observed: Requests, or a share from 0 to 1 (errors, latency and drifts); ``None`` when unmeasured.
        score: How far out it is. Rate, shares and silence: ``-log10`` of the probability; drifts: the CUSUM in standard
            deviations; floods and scans: the multiple of the limit.
        events: How many documents of the window it rests on.
        direction: Whether the value is above or below the range, or within.
        sentence: What, how much, what was expected, over which window, from how many events.
        explanation: Further lines.
    """

    kind: Kind
    labels: Mapping[str, str]
    severity: Severity
    window: Window
    expected: tuple[float, float] | None
    observed: float | None
    score: float
    events: int
    direction: Direction
    sentence: str
    explanation: tuple[str, ...] = ()
