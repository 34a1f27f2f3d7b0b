"""How fast an error budget may be spent before somebody is told: pairs of windows, for a period of any length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Final

from analyzers.thresholds.model import Severity

_PERIOD: Final = timedelta(days=30)
_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pair:
    """A burn rate that two windows must both have.

    Attributes:
        factor: The burn rate: so many times the pace that spends the budget in exactly one period.
        long: The window that shows that it matters.
        short: The window that shows that it still goes on.
        severity: What it amounts to.
    """

    factor: Fraction
    long: timedelta
    short: timedelta
    severity: Severity

    def spends(self, period: timedelta) -> Fraction:
        """Return the share of a period's budget that this rate spends within the long window."""
        return self.factor * Fraction(self.long // _SECOND, period // _SECOND)

    def reachable(self, target: Fraction) -> bool:
        """Tell whether the rate is possible: with a target of 90 % even a total outage burns only 10 budgets' pace."""
        return self.factor * (1 - target) <= 1


WORKBOOK: Final = (
    Pair(Fraction(144, 10), timedelta(hours=1), timedelta(minutes=5), Severity.CRITICAL),
    Pair(Fraction(6), timedelta(hours=6), timedelta(minutes=30), Severity.CRITICAL),
    Pair(Fraction(3), timedelta(days=1), timedelta(hours=2), Severity.WARNING),
    Pair(Fraction(1), timedelta(days=3), timedelta(hours=6), Severity.WARNING),
)
"""For 30 days: 2 % of the budget in an hour, 5 % in 6 hours, 10 % in a day, 10 % in 3 days. From the Site Reliability
Workbook (O'Reilly 2018, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts"), whose 3-day window it gives for tickets; the
rate is the share of the budget by the share of the period: 0.02 * 30 d / 1 h = 14.4."""


def pairs_for(period: timedelta, target: Fraction) -> tuple[Pair, ...]:
    """Return the pairs for a period: the same rates, which spend the same shares of its budget.

    The windows are scaled with the period, not the rates: over 7 days, 10 % of the budget in 3 days would be a rate of
    0.23, an alarm about a service that keeps its promise; and 2 % of a year's budget in an hour a rate of 175, which a
    promise of 99 % cannot reach. A rate of 14.4 is looked for over 14 minutes in a week, over 12 hours in a year.

    Args:
        period: How long the period is.
        target: The share that must be good; pairs that it makes impossible are left out.

    Returns:
        Windows in whole seconds, none shorter than a minute.
    """
    scale = Fraction(period // _SECOND, _PERIOD // _SECOND)
    scaled = (
        Pair(pair.factor, _scaled(pair.long, scale), _scaled(pair.short, scale), pair.severity) for pair in WORKBOOK
    )
    return tuple(pair for pair in scaled if pair.reachable(target))


def _scaled(window: timedelta, scale: Fraction) -> timedelta:
    return max(_MINUTE, round(scale * (window // _SECOND)) * _SECOND)
