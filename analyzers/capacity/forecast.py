"""When something runs out, by its trend: a day with an interval, or plainly why none can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from analyzers.capacity.trend import Trend

HORIZON: Final = 1_096
"""Three years in days. Nobody plans by what a trend of weeks says beyond them."""


class Outlook(StrEnum):
    """What can be said of a resource."""

    FULL = "full"
    """The limit is reached already."""
    RUNS_OUT = "runs out"
    """It grows; the day has an interval."""
    NOT_GROWING = "not growing"
    """Within three years it does not reach the limit, even at the greatest plausible growth."""
    SHRINKING = "shrinking"
    """It shrinks: there is no day."""
    TOO_FEW_DAYS = "too few days"
    """Cannot be told: not enough days are measured."""
    TOO_NOISY = "too noisy"
    """Cannot be told: the values may as well stand still as grow; ``earliest`` is what can be said."""
    NO_LIMIT = "no limit"
    """It has no limit that is measured; its growth stands for itself."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a limit is reached.

    Attributes:
        outlook: What can be said.
        days: From the day after the last measured one to the most plausible day, 1 being that day; ``None`` where
            there is none.
        earliest: The first plausible day (95 %, two-sided), counted likewise.
        latest: The last plausible day; ``None`` where it may be later than :data:`HORIZON`.
    """

    outlook: Outlook
    days: int | None = None
    earliest: int | None = None
    latest: int | None = None


def forecast(trend: Trend | None, last: float | None, limit: float | None) -> Forecast:
    """Return when daily values reach a limit.

    Args:
        trend: Their trend; ``None`` where there are too few days.
        last: The value of the last measured day.
        limit: What they may not exceed, in their unit; ``None`` where there is no limit.
    """
    if last is not None and limit is not None and last >= limit:
        return Forecast(Outlook.FULL)
    if trend is None:
        return Forecast(Outlook.TOO_FEW_DAYS)
    return Forecast(Outlook.NO_LIMIT) if limit is None else _by_trend(trend, limit)


def _by_trend(trend: Trend, limit: float) -> Forecast:
    if trend.highest < 0:
        return Forecast(Outlook.SHRINKING)
    room = limit - trend.level
    likely = _first(lambda day: trend.slope * day + trend.weekday(day) >= room)
    earliest = _first(lambda day: _highest(trend, day) + trend.weekday(day) >= room)
    latest = _first(lambda day: _lowest(trend, day) + trend.weekday(day) >= room)
    if earliest is None:
        return Forecast(Outlook.NOT_GROWING)
    if trend.lowest <= 0 or likely is None:
        return Forecast(Outlook.TOO_NOISY, None, earliest, None)
    return Forecast(Outlook.RUNS_OUT, likely, earliest, latest)


def _highest(trend: Trend, day: int) -> float:
    """Return how far above today's level a day may lie."""
    if trend.walk is not None:
        return trend.slope * day + trend.walk.above * trend.walk.reach(day)
    return trend.highest * day + (trend.highest - trend.slope) * trend.span / 2 + trend.above


def _lowest(trend: Trend, day: int) -> float:
    """Return how far above today's level a day lies at least; the interval of a line's slope turns about its middle.

    Of many days alike one is surely no lower than the line; the week's highest weekday comes once, and may be low.
    """
    if trend.walk is not None:
        return trend.slope * day - trend.walk.below * trend.walk.reach(day)
    slack = trend.below if trend.season else 0.0
    return trend.lowest * day - (trend.slope - trend.lowest) * trend.span / 2 - slack


def _first(reached: Callable[[int], bool]) -> int | None:
    """Return the first day on which it is reached, or nothing within the horizon."""
    return next((day for day in range(1, HORIZON + 1) if reached(day)), None)
