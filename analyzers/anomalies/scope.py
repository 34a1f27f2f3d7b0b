"""Whose events are judged, by what baseline, and how settings are held to what can be meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from analyzers.fields import REQUEST_STREAM
from analyzers.store.query import EVERYTHING, Predicate
from analyzers.store.zones import load_zone
from logging_lib.errors import AtalaiaError


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose events.

    Attributes:
        stream: The data stream.
        where: Which of its events.
        zone: The IANA zone whose hours of the week are compared, through its daylight saving.

    Raises:
        QueryError: When there is no such zone.
    """

    stream: str = REQUEST_STREAM
    where: Predicate = EVERYTHING
    zone: str = "UTC"

    def __post_init__(self) -> None:
        load_zone(self.zone)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual: the same hours of the weeks before.

    Attributes:
        weeks: How many weeks are looked back at.
        least_weeks: With fewer of them the detector is unmeasured.
        dispersion: The least relative spread of a rate beside its Poisson noise: 0.2 means that two thirds of the hours
            are within 20 % of the usual rate.

    Raises:
        AtalaiaError: When the numbers cannot be meant.
    """

    weeks: int = 8
    least_weeks: int = 3
    dispersion: float = 0.2

    def __post_init__(self) -> None:
        hold(1 <= self.least_weeks <= self.weeks <= 52, "a baseline has 1 <= least_weeks <= weeks <= 52")  # noqa: PLR2004
        hold(0 < self.dispersion <= 1, "a baseline's dispersion is above 0 and at most 1")


def hold_clients(window: timedelta, days: int, clients: int, quantile: float) -> None:
    """Refuse settings of clients that cannot be meant."""
    hold_window(window)
    hold(1 <= days <= 31, "the days of clients are 1 to 31")  # noqa: PLR2004
    hold(1 <= clients <= 1000, "the clients that are looked at are 1 to 1,000")  # noqa: PLR2004
    hold(0 < quantile < 1, "the quantile is between 0 and 1")


def hold_probability(probability: float) -> None:
    """Refuse what is no small probability."""
    hold(0 < probability < 0.1, "a probability is above 0 and below 0.1")  # noqa: PLR2004


def hold_window(window: timedelta) -> None:
    """Refuse a window that is not of whole minutes, or longer than a day."""
    whole = window % timedelta(minutes=1) == timedelta(0)
    hold(timedelta(0) < window <= timedelta(days=1) and whole, "a window has whole minutes, at most a day")


def hold(condition: bool, rule: str) -> None:  # noqa: FBT001 - the condition is what is held
    """Refuse settings with the rule they break.

    Raises:
        AtalaiaError: When the condition does not hold.
    """
    if not condition:
        raise AtalaiaError(f"these settings of anomalies cannot be meant: {rule}", "correct that setting")
