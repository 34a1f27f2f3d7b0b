"""Burn rates and their windows, for periods of any length."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from analyzers.alerts.rules.pace import WORKBOOK, pairs_for

AVAILABILITY = Fraction(999, 1000)
DAY = timedelta(days=1)


def test_thirty_days_are_the_workbooks_own() -> None:
    """14.4 over 1 h and 5 m, 6 over 6 h and 30 m, 3 over 1 d and 2 h, 1 over 3 d and 6 h: 2, 5, 10 and 10 percent."""
    assert pairs_for(30 * DAY, AVAILABILITY) == WORKBOOK
    assert [pair.spends(30 * DAY) for pair in WORKBOOK] == [
        Fraction(2, 100),
        Fraction(5, 100),
        Fraction(1, 10),
        Fraction(1, 10),
    ]


@pytest.mark.parametrize(
    ("days", "windows"),
    [
        (7, ((14 * 60, 70), (84 * 60, 7 * 60), (5 * 3600 + 36 * 60, 28 * 60), (16 * 3600 + 48 * 60, 84 * 60))),
        (28, ((56 * 60, 280), (336 * 60, 28 * 60), (22 * 3600 + 24 * 60, 112 * 60), (67 * 3600 + 12 * 60, 336 * 60))),
        (31, ((62 * 60, 310), (372 * 60, 31 * 60), (24 * 3600 + 48 * 60, 124 * 60), (74 * 3600 + 24 * 60, 372 * 60))),
    ],
)
def test_windows_scale_with_the_period(days: int, windows: tuple[tuple[int, int], ...]) -> None:
    """Seven thirtieths of an hour are 14 minutes; rates and the shares of the budget that they spend stay."""
    pairs = pairs_for(days * DAY, AVAILABILITY)
    assert [(pair.long.total_seconds(), pair.short.total_seconds()) for pair in pairs] == [
        tuple(map(float, each)) for each in windows
    ]
    assert [pair.factor for pair in pairs] == [pair.factor for pair in WORKBOOK]
    assert [pair.spends(days * DAY) for pair in pairs] == [pair.spends(30 * DAY) for pair in WORKBOOK]


def test_no_window_is_shorter_than_a_minute() -> None:
    """Of a day, a thirtieth of five minutes is ten seconds: a minute is taken."""
    assert pairs_for(DAY, AVAILABILITY)[0].short == timedelta(minutes=1)


@pytest.mark.parametrize(("target", "rates"), [(93, 3), (90, 3), (80, 2), (50, 1)])
def test_a_rate_that_no_outage_reaches_is_left_out(target: int, rates: int) -> None:
    """With a target of 90 % a total outage burns 10 times the pace: never 14.4. With 50 % only 1 is left."""
    assert len(pairs_for(30 * DAY, Fraction(target, 100))) == rates
    assert len(pairs_for(30 * DAY, Fraction(931, 1000))) == 4
