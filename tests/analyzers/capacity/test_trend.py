"""Trends by hand, and forecasts of made histories whose true day is known."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from scipy import stats

from analyzers.capacity.forecast import Forecast, Outlook, forecast
from analyzers.capacity.trend import LEAST_DAYS, trend_of

MONDAY = date(2026, 1, 5)
History = Callable[[random.Random, int], list[float]]


def days(values: list[float]) -> dict[date, float]:
    """Return values of consecutive days from a Monday on."""
    return {MONDAY + timedelta(days=day): value for day, value in enumerate(values)}


def test_a_straight_line_is_told_to_the_day() -> None:
    """100 GB on the first day, 2 GB more a day for 40 days: 178 now, 200 on the eleventh day from now."""
    trend = trend_of(days([100.0 + 2 * day for day in range(40)]))
    assert trend is not None
    assert (trend.slope, trend.lowest, trend.highest, trend.level) == (2, 2, 2, 178)
    assert forecast(trend, 178, 200) == Forecast(Outlook.RUNS_OUT, 11, 11, 11)


def test_one_flooded_day_moves_nothing() -> None:
    """A dump of 500 GB for a day, in the middle of a steady growth: the day stays the same."""
    values = [100.0 + 2 * day for day in range(40)]
    values[20] += 500
    trend = trend_of(days(values))
    assert trend is not None
    assert trend.slope == 2
    assert forecast(trend, 178, 200).days == 11


def test_slope_and_interval_are_those_of_theil_and_sen() -> None:
    """SciPy's Theil-Sen estimator, with its interval, over days that scatter independently."""
    chance = random.Random(7)  # noqa: S311 - a simulation
    values = [50 + 0.5 * day + chance.gauss(0, 3) for day in range(60)]
    trend = trend_of(days(values))
    expected = stats.theilslopes(values, list(range(60)), alpha=0.95)
    assert trend is not None
    assert not trend.season
    assert trend.walk is None
    assert trend.slope == pytest.approx(expected.slope)
    assert trend.lowest <= expected.low_slope
    assert trend.highest >= expected.high_slope
    assert trend.highest - trend.lowest == pytest.approx(expected.high_slope - expected.low_slope, rel=0.2)


def test_what_is_full_needs_no_trend() -> None:
    """At its limit a thing is full, however few days are known."""
    assert forecast(None, 100, 100) == Forecast(Outlook.FULL)


@pytest.mark.parametrize(
    ("values", "limit", "outlook"),
    [
        ([100.0 + day for day in range(LEAST_DAYS - 1)], 1_000, Outlook.TOO_FEW_DAYS),
        ([100.0] * 40, 1_000, Outlook.NOT_GROWING),
        ([100.0 + day / 100 for day in range(40)], 1_000, Outlook.NOT_GROWING),
        ([1_000.0 - 2 * day for day in range(40)], 2_000, Outlook.SHRINKING),
        ([100.0 + day for day in range(40)], None, Outlook.NO_LIMIT),
        ([100.0 + 13 * day % 31 for day in range(20)], 165, Outlook.TOO_NOISY),
    ],
)
def test_what_cannot_be_told_is_told_apart(values: list[float], limit: float | None, outlook: Outlook) -> None:
    """Too few days, no growth, shrinking, no limit and mere noise are five different answers, none of them a day."""
    found = forecast(trend_of(days(values)), values[-1], limit)
    assert found.outlook is outlook
    assert found.days is None


def test_weekends_are_no_trend() -> None:
    """Quiet weekends in ten weeks of growth: the slope is that of the growth, and the day is a weekday."""
    values = [100.0 + day - (30 if day % 7 > 4 else 0) for day in range(70)]
    trend = trend_of(days(values))
    assert trend is not None
    assert trend.slope == pytest.approx(1)
    assert trend.season == pytest.approx((0, 0, 0, 0, 0, -30, -30))
    ends = forecast(trend, values[-1], 182)  # the line is there on day 82, a Saturday; the Monday after is day 84
    assert ends.days == 84 - 69


def test_gaps_are_not_zeros() -> None:
    """Every third day is missing, and two weeks in the middle: the line is the same."""
    values = days([100.0 + 2 * day for day in range(60)])
    kept = {day: value for place, (day, value) in enumerate(values.items()) if place % 3 and not 20 < place < 35}
    trend = trend_of(kept)
    assert trend is not None
    assert trend.slope == 2
    assert forecast(trend, 218, 240).days == 11


def _noise(chance: random.Random, length: int) -> list[float]:
    return [100 + day + chance.gauss(0, 5) for day in range(length)]


def _weekly(chance: random.Random, length: int) -> list[float]:
    return [100 + day + chance.gauss(0, 5) - (20 if day % 7 > 4 else 0) for day in range(length)]


def _walk(chance: random.Random, length: int) -> list[float]:
    return _summed([chance.gauss(1, 3) for _ in range(length)])


def _jumps(chance: random.Random, length: int) -> list[float]:
    return _summed([chance.gammavariate(0.25, 4) for _ in range(length)])


def _workdays(chance: random.Random, length: int) -> list[float]:
    return _summed([1.4 * chance.gammavariate(2, 0.5) if day % 7 < 5 else 0 for day in range(length)])


def _rotated(chance: random.Random, length: int) -> list[float]:
    return [100 + day + 3 * (day % 7) + chance.gauss(0, 1) for day in range(length)]


def _summed(steps: list[float]) -> list[float]:
    total, found = 100.0, []
    for step in steps:
        total += step
        found.append(total)
    return found


@pytest.mark.parametrize("history", [_noise, _weekly, _walk, _jumps, _workdays, _rotated])
@pytest.mark.parametrize("known", [21, 60])
def test_the_true_day_lies_in_the_interval(history: History, known: int) -> None:
    """Of made histories, the limit being 40 days' growth away: what is said of the day is true in 95 % (here 91 %).

    A history is judged by what it says: an interval holds the first day at the limit, "not before" is not after it.
    """
    chance, told = random.Random(f"{history.__name__}{known}"), Counter[bool]()  # noqa: S311 - a simulation
    for _ in range(100):
        values = history(chance, known + 1_500)
        limit = max(values[:known]) + 40
        true = next(day for day in range(1, 1_500) if values[known - 1 + day] >= limit)
        found = forecast(trend_of(days(values[:known])), values[known - 1], limit)
        told[(found.earliest or 0) <= true <= (found.latest or 1_500)] += 1
    assert told[True] >= 91
