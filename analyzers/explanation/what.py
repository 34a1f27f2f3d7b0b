"""What can be explained of a window by the documented thresholds: its errors, its slowness, its availability."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.sla.objectives import AVAILABILITY
from analyzers.store.query import EVERYTHING, Exists, Predicate, Range
from analyzers.thresholds import Thresholds

WHATS: Final = ("errors", "latency", "availability")
"""What people call it."""
_P95: Final = Fraction(95, 100)


@dataclass(frozen=True, slots=True)
class What:
    """What can be explained.

    Attributes:
        bad: Which events are bad.
        counted: Which events it is about.
        noun: What the bad ones are called.
        target: The share that must be good.
        limit: The share of bad ones that must not be reached.
        analysis: The command that looks further.
    """

    bad: Predicate
    counted: Predicate
    noun: str
    target: Fraction | None
    limit: Fraction | None
    analysis: str


def what_of(name: str, thresholds: Thresholds, threshold: float | None) -> What:
    """Return what ``--what`` means by the thresholds of an environment."""
    if name == "latency":
        seconds = float(thresholds.response_time.warning) if threshold is None else threshold
        slow = Range(RESPONSE_TIME, gte=seconds)
        return What(slow, Exists(RESPONSE_TIME), "slow requests", _P95, None, "latency")
    if name == "availability":
        return What(FAILED, EVERYTHING, "failed requests", AVAILABILITY.target, None, "availability")
    limit = thresholds.error_rate.warning / 100
    return What(FAILED, EVERYTHING, "failed requests", None, Fraction(limit), "errors")
