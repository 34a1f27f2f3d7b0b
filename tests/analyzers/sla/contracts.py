"""Contracts for tests, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from analyzers.sla.contract.model import CalendarPeriod, Contract, Exclusion, Kind, Objective, Outage
from analyzers.store.query import CalendarUnit, Window

MONTH = CalendarPeriod(CalendarUnit.MONTH)
DAY = CalendarPeriod(CalendarUnit.DAY)


def utc(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)


def window(start: str, end: str) -> Window:
    """Return the window between two instants."""
    return Window(utc(start), utc(end))


AVAILABILITY = Objective("availability", Kind.AVAILABILITY, (DAY,), Fraction(9, 10))
LATENCY = Objective("latency", Kind.LATENCY, (DAY,), Fraction(95, 100), timedelta(seconds=2))
ERROR_RATE = Objective("error_rate", Kind.ERROR_RATE, (DAY,), Fraction(99, 100))
UPTIME = Objective("uptime", Kind.UPTIME, (DAY,), Fraction(99, 100))


def contract(
    *objectives: Objective,
    zone: str = "UTC",
    coverage: Fraction = Fraction(0),
    exclusions: tuple[Exclusion, ...] = (),
    outages: tuple[Outage, ...] = (),
) -> Contract:
    """Return a contract with an hour of lateness."""
    return Contract("ti-osn", "*", zone, objectives, timedelta(hours=1), coverage, exclusions, outages)


def in_force_from(made: Contract, instant: str) -> Contract:
    """Return a contract that comes into force at an instant."""
    return replace(made, valid_from=utc(instant))
