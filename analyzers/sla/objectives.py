"""Service-level objectives as values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import FAILED
from analyzers.store.query import EVERYTHING, Exists, Not, Predicate, Range


@dataclass(frozen=True, slots=True)
class Objective:
    """A promise about a share of events.

    Attributes:
        name: Its name in rows and verdicts: lower case, underscores.
        title: Its name for people.
        promise: What is promised, for people: ``95 % of requests under 2 s``.
        counted: Which events it is about; the others have nothing to judge it by.
        good: Which of those keep the promise.
        target: The share that must be good, between 0 and 1.
        strict: Whether the share must be above the target (a bad share *under* 1 %), rather than reach it.
        shows_bad: Whether people speak of the bad share (an error rate) rather than of the good one.
    """

    name: str
    title: str
    promise: str
    counted: Predicate
    good: Predicate
    target: Fraction
    strict: bool = False
    shows_bad: bool = False


AVAILABILITY: Final = Objective(
    name="availability",
    title="Availability",
    promise="99.9 % of requests do not fail",
    counted=EVERYTHING,
    good=Not(FAILED),
    target=Fraction(999, 1000),
)
LATENCY_LIMIT: Final = 2.0
"""Seconds; a response must take less."""

LATENCY: Final = Objective(
    name="latency",
    title="Latency",
    promise="95 % of requests take less than 2 s",
    counted=Exists(RESPONSE_TIME),
    good=Range(RESPONSE_TIME, lt=LATENCY_LIMIT),
    target=Fraction(95, 100),
)
ERROR_RATE: Final = Objective(
    name="error_rate",
    title="Error rate",
    promise="less than 1 % of requests fail",
    counted=EVERYTHING,
    good=Not(FAILED),
    target=Fraction(99, 100),
    strict=True,
    shows_bad=True,
)

DEFAULT_OBJECTIVES: Final = (AVAILABILITY, LATENCY, ERROR_RATE)
"""The three objectives of the TI OSN help desk's service-level agreement."""
