"""A contract as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from analyzers.store.query import CalendarUnit, Window

EVERY: Final = "*"
"""Every service, or every environment."""


class Kind(StrEnum):
    """What an objective promises."""

    AVAILABILITY = "availability"
    """A share of the requests does not fail."""
    UPTIME = "uptime"
    """A share of the measured minutes is good: availability by time."""
    LATENCY = "latency"
    """A share of the timed requests takes less than a threshold."""
    ERROR_RATE = "error_rate"
    """Less than a share of the requests fails."""
    RPO = "rpo"
    """Recovery point: no moment is further than this from the last backup before it."""
    RTO = "rto"
    """Recovery time: no outage lasts longer."""


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """Whole days, weeks, months, quarters or years of the contract's zone."""

    unit: CalendarUnit

    @property
    def name(self) -> str:
        """As the file says it: ``month``."""
        return self.unit.value


@dataclass(frozen=True, slots=True)
class RollingPeriod:
    """The last so many calendar days, up to the instant asked about, rounded down to a minute."""

    days: int

    @property
    def name(self) -> str:
        """As the file says it: ``30d``."""
        return f"{self.days}d"


Period = CalendarPeriod | RollingPeriod


@dataclass(frozen=True, slots=True)
class Objective:
    """One promise.

    Attributes:
        name: Unique in the contract.
        kind: What is promised.
        periods: Over which periods, each judged by itself.
        target: The share that must be good, between 0 and 1; for an error rate, 1 minus the share it must stay under.
            ``None`` for ``rpo`` and ``rto``.
        limit: The threshold of ``latency``, ``rpo`` and ``rto``; else ``None``.
        route: The route (``http.route``) it is about; ``None`` for the whole service.
        minute_errors: For ``uptime`` and ``rto``: a minute is bad when at least this share of its requests failed.
        backup: For ``rpo``: the ``event.action`` by which the application says that a backup is complete.
        expected_requests: How many requests sizes the budget of the first period, before there is one to go by.
    """

    name: str
    kind: Kind
    periods: tuple[Period, ...]
    target: Fraction | None = None
    limit: timedelta | None = None
    route: str | None = None
    minute_errors: Fraction = Fraction(1, 2)
    backup: str = "backup.completed"
    expected_requests: int | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Time that counts for nothing: maintenance. Whole minutes; every number leaves it out.

    Attributes:
        window: When.
        reason: Why.
        approved_by: Who agreed.
        objectives: To which objectives it applies, by name; empty for all.
    """

    window: Window
    reason: str
    approved_by: str
    objectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """Time that people say the service was down, where no log could: its minutes are bad. Whole minutes."""

    window: Window
    reason: str
    declared_by: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A service-level agreement.

    Attributes:
        service: ``service.name`` of the events it is about; :data:`EVERY` for those of all, also of none.
        environment: The last part of the data streams' names; :data:`EVERY` for all.
        zone: The IANA zone of its calendar.
        objectives: What is promised, in the order of the file.
        lateness: How long after a minute's end its events may still arrive before it is sealed.
        coverage: The least share of a period's minutes that must have been measured for ``met``.
        exclusions: By start.
        outages: By start.
        valid_from: When it came into force; earlier time is not judged. ``None``: always.
    """

    service: str
    environment: str
    zone: str
    objectives: tuple[Objective, ...]
    lateness: timedelta
    coverage: Fraction
    exclusions: tuple[Exclusion, ...] = ()
    outages: tuple[Outage, ...] = ()
    valid_from: datetime | None = None
