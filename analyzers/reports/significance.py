"""Whether a change between two periods may be chance.

Requests are not independent: an outage fails thousands in a row, a busy day is busy in all its hours. A test that takes
each request for a coin of its own finds nearly every difference significant. So days are the units here: each day is
paired with the same weekday of the period before (:func:`paired_days`), and Wilcoxon's signed-rank test (Biometrics
Bulletin 1, 1945), exact for any number of pairs and with ties, says how often chance alone would make days disagree so.
Of shares, the proportions of both periods are compared as well (Fisher's exact test, or Pearson's score test where
counts are great), and the more cautious of both stands: few events cannot be significant because they lie on seven
days, and many cannot because they lie in one.

What it cannot see: a change that grows out of days that depend on each other, as two weeks of a slow drift do. A report
of ten figures shows, without any change, a significant one every second week at a level of 5 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar

from analyzers.analysis import Unit
from analyzers.blocks import Change, Trend
from analyzers.language import Message, message
from analyzers.reports.chance import Share, is_small, proportions, signed_rank

LEVEL: Final = 0.05
"""A change is taken for real where chance alone makes one as great in fewer than 5 % of the cases."""
LEAST_PAIRS: Final = 6
"""With five pairs the signed-rank test reaches 2 / 2**5 at best, which is above the level: nothing is tested then."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Significance:
    """What a test says.

    Attributes:
        p_value: How often chance alone makes a difference at least as great, from 0 to 1.
        method: The test in words.
    """

    p_value: float
    method: Message

    @property
    def is_sure(self) -> bool:
        """Whether chance is an unlikely explanation: the value is below :data:`LEVEL`."""
        return self.p_value < LEVEL


def paired_days(before: Mapping[date, T], now: Mapping[date, T]) -> tuple[tuple[T, T], ...]:
    """Return the days of two periods in pairs: the first Monday with the first Monday, and so on.

    Args:
        before: What was measured on the days of the earlier period; unmeasured days are left out.
        now: On those of the later one.

    Returns:
        Pairs of before and now, in order of the later period's days; a day without its like is in none.
    """
    earlier = _by_weekday(before)
    later = {day: key for key, day in _by_weekday(now).items()}
    return tuple((before[earlier[later[day]]], now[day]) for day in sorted(now) if later[day] in earlier)


def share_change(pairs: Sequence[tuple[Share, Share]]) -> Significance | None:
    """Test a change of a share, such as the error rate.

    Args:
        pairs: The days, before and now; those on which nothing was counted are left out.

    Returns:
        ``None`` where fewer than :data:`LEAST_PAIRS` days can be compared.
    """
    days = [(then, now) for then, now in pairs if then.whole and now.whole]
    if len(days) < LEAST_PAIRS:
        return None
    then, now = (_pooled([pair[side] for pair in days]) for side in (0, 1))
    difference = Fraction(now.part, now.whole) - Fraction(then.part, then.whole)
    ranks = signed_rank([Fraction(b.part, b.whole) - Fraction(a.part, a.whole) for a, b in days], difference)
    return Significance(max(float(ranks), proportions(then, now)), _share_method(then, now, len(days)))


def level_change(pairs: Sequence[tuple[float, float]], difference: float) -> Significance | None:
    """Test a change of a total or a percentile.

    Args:
        pairs: The values of the days, before and now, in any unit.
        difference: What the report shows, now less before: where the days mostly moved the other way (one day's flood
            moved the whole), the value is 1.

    Returns:
        ``None`` where fewer than :data:`LEAST_PAIRS` days can be compared.
    """
    if len(pairs) < LEAST_PAIRS:
        return None
    changes = [Fraction(now) - Fraction(then) for then, now in pairs]
    method = message("Wilcoxon's signed-rank test over {pairs} pairs of days", pairs=len(pairs))
    return Significance(float(signed_rank(changes, Fraction(difference))), method)


def trend_of(difference: float | None, significance: Significance | None, *, less_is_better: bool | None) -> Trend:
    """Return whether a difference is good news; ``UNSURE`` where it may be chance or could not be tested."""
    if not difference:
        return Trend.NEUTRAL
    if significance is None or not significance.is_sure:
        return Trend.UNSURE
    if less_is_better is None:
        return Trend.NEUTRAL
    return Trend.BETTER if (difference < 0) is less_is_better else Trend.WORSE


def change_of(
    before: float | None,
    now: float | None,
    unit: Unit,
    significance: Significance | None,
    *,
    less_is_better: bool | None,
) -> Change:
    """Return a figure's change: the difference of ratios, the relative change of the rest, and what to make of it."""
    difference = _difference(before, now, unit)
    return Change(
        before=before,
        difference=difference,
        trend=trend_of(difference, significance, less_is_better=less_is_better),
        significance=None if significance is None or difference is None else significance.p_value,
        method=None if significance is None or difference is None else significance.method,
    )


def _difference(before: float | None, now: float | None, unit: Unit) -> float | None:
    if before is None or now is None:
        return None
    if unit is Unit.RATIO:
        return now - before
    return (now - before) / before if before else None


def _by_weekday(days: Mapping[date, T]) -> dict[tuple[int, int], date]:
    """Return which day is the n-th of a weekday. Days are counted by the calendar, measured or not."""
    found: dict[tuple[int, int], date] = {}
    if not days:
        return found
    return {(day.weekday(), (day - min(days)).days // 7): day for day in sorted(days)}


def _pooled(shares: Sequence[Share]) -> Share:
    return Share(sum(each.part for each in shares), sum(each.whole for each in shares))


def _share_method(then: Share, now: Share, pairs: int) -> Message:
    if is_small(then, now):
        return message(
            "the more cautious of Fisher's exact test over both periods and Wilcoxon's signed-rank test over {pairs} "
            "pairs of days",
            pairs=pairs,
        )
    return message(
        "the more cautious of the score test over both periods and Wilcoxon's signed-rank test over {pairs} pairs of "
        "days",
        pairs=pairs,
    )
