"""Thresholds as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Profile(StrEnum):
    """The kind of environment that thresholds are for."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class Severity(StrEnum):
    """How bad a measured value is; ``UNMEASURED`` where there is none to judge."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNMEASURED = "unmeasured"

    @property
    def breached(self) -> bool:
        """Whether a threshold has been reached."""
        return self in {Severity.WARNING, Severity.CRITICAL}


@dataclass(frozen=True, slots=True)
class Limit:
    """A pair of thresholds, in the unit of the measure; the critical one is not below the warning."""

    warning: Fraction
    critical: Fraction

    def judge(self, value: Fraction) -> Severity:
        """Return the severity of a value; a value at a threshold has reached it."""
        if value >= self.critical:
            return Severity.CRITICAL
        return Severity.WARNING if value >= self.warning else Severity.OK

    def reached(self, severity: Severity) -> Fraction:
        """Return the threshold to compare with in words: the one reached, or the first one not reached."""
        return self.critical if severity is Severity.CRITICAL else self.warning


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The documented ``PERFORMANCE_THRESHOLDS`` of one profile.

    Attributes:
        profile: Whose thresholds these are.
        cpu: Percent of all processors together.
        memory: Percent of physical memory in use.
        disk: Percent of the file system in use.
        response_time: Seconds, on the 95th percentile.
        error_rate: Percent of requests with a status of 500 or above.
    """

    profile: Profile
    cpu: Limit
    memory: Limit
    disk: Limit
    response_time: Limit
    error_rate: Limit
