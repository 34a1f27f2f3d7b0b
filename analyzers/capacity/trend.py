"""The trend of daily values: robust, and with what it leaves open.

The slope is the median of the slopes between all pairs of days (Theil 1950, Sen 1968): a day's flood or a forgotten
dump does not move it. Sen's interval of it rests on ranks alone (Kendall's variance, with ties) and takes days to
scatter about a line independently. That is so for what goes up and down with traffic (connections), and not for what
adds up (a disk): there each day starts where the last one ended, and a straight piece proves little. Which of the two
it is, the residuals of neighbouring days say (:attr:`Trend.walk`); what adds up is a walk, and its interval that of
a walk with a drift, in steps of a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import sqrt
from statistics import median
from typing import Final

LEAST_DAYS: Final = 14
"""Fewer measured days have no trend that deserves the name: weekends alone would make one."""
_WEEK: Final = 7
_SEASONAL_FROM: Final = 28
"""So many days make a weekday's typical deviation of four values at least."""
_TOLD_FROM: Final = 28
"""Of fewer days, what adds up cannot be told from what scatters: they are taken for the worse of both."""
_SURE: Final = 1.6448536269514722
"""The normal distribution's quantile of 95 %: residuals are alike beyond chance."""
_SEASONAL_BELOW: Final = 0.01
"""Weekdays are taken to differ where chance alone makes them differ as much with a probability below this."""
_TAIL: Final = 0.025
"""What is left on each side of an interval of 95 %."""
_NORMAL: Final = 1.959963984540054
"""The normal distribution's quantile of it."""
_SLOPE_FACTOR: Final = 1.2
"""The variance of the slope of a line through a walk, by that of its drift (Durlauf and Phillips, Econometrica 56)."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What adds up: a walk with a drift.

    Attributes:
        spread: The standard deviation of a week's growth about its mean, in the values' unit.
        weeks: How many weeks that was seen over.
        below: Student's quantile for them, on the side of little growth.
        above: Likewise of much growth: a walk may have been above a level on any day up to the last, which is up to
            twice as probable as that it is on the last (the reflection principle).
    """

    spread: float
    weeks: float
    below: float
    above: float

    def reach(self, days: float) -> float:
        """Return its standard error so many days on: from its steps, and from what is not known of the drift."""
        ahead = days / _WEEK
        return self.spread * sqrt(ahead + _SLOPE_FACTOR * ahead**2 / self.weeks)


@dataclass(frozen=True, slots=True)
class Trend:
    """How daily values grow.

    Attributes:
        slope: By how much a day, in the values' unit.
        lowest: The least slope that is plausible (95 %, two-sided); the greatest is :attr:`highest`.
        highest: See :attr:`lowest`.
        level: Where the trend stands on the last day, the weekday's own deviation left out.
        above: How far single days lay above the trend at most, the weekday's own deviation left out.
        below: How far below it.
        season: By how much each weekday lies above the trend, Monday first; empty where weekdays do not differ.
        walk: The walk that it is, where each day starts where the last one ended; ``None`` where days scatter about a
            line.
        days: How many days were measured.
        last: The last of them.
        span: The days from the first to the last of them.
    """

    slope: float
    lowest: float
    highest: float
    level: float
    above: float
    below: float
    season: tuple[float, ...]
    walk: Walk | None
    days: int
    last: date
    span: int

    def weekday(self, ahead: int) -> float:
        """Return by how much the weekday of a day to come lies above the trend."""
        return self.season[(self.last.weekday() + ahead) % _WEEK] if self.season else 0.0


def trend_of(values: Mapping[date, float]) -> Trend | None:
    """Return the trend of daily values; ``None`` where fewer than :data:`LEAST_DAYS` days are measured.

    Args:
        values: The measured days; others are left out, and are not zero.
    """
    if len(values) < LEAST_DAYS:
        return None
    days = sorted(values)
    places = [day.toordinal() - days[0].toordinal() for day in days]
    season = _season(days, places, [values[day] for day in days])
    levels = [values[day] - (season[day.weekday()] if season else 0.0) for day in days]
    slopes = _slopes(places, levels)
    slope = median(slopes)
    start = median(level - slope * place for place, level in zip(places, levels, strict=True))
    rest = [level - start - slope * place for place, level in zip(places, levels, strict=True)]
    alike = _alike(places, rest)
    walk = _walk(places, levels, slope) if len(days) < _TOLD_FROM or alike * sqrt(len(days)) > _SURE else None
    lowest, highest = _sen(slopes, levels, alike) if walk is None else _drift(slope, walk)
    return Trend(
        slope=slope,
        lowest=lowest,
        highest=highest,
        level=start + slope * places[-1] if walk is None else levels[-1],
        above=max(0.0, *rest),
        below=max(0.0, *(-each for each in rest)),
        season=season,
        walk=walk,
        days=len(days),
        last=days[-1],
        span=places[-1],
    )


def _slopes(places: Sequence[int], levels: Sequence[float]) -> list[float]:
    points = zip(places, levels, strict=True)
    return sorted((second[1] - first[1]) / (second[0] - first[0]) for first, second in combinations(points, 2))


def _sen(slopes: Sequence[float], levels: Sequence[float], alike: float) -> tuple[float, float]:
    """Return Sen's interval: slopes as far from the middle as Kendall's statistic may be by chance.

    The formula is that of Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), 16.5; days that
    are somewhat alike count for fewer, as in a series of the first order (Bayley and Hammersley, 1946).
    """
    count, kept = len(levels), max(0.0, alike)
    ties = [levels.count(level) for level in set(levels)]
    kendall = count * (count - 1) * (2 * count + 5) - sum(tie * (tie - 1) * (2 * tie + 5) for tie in ties)
    width = _NORMAL * sqrt(kendall / 18 * (1 + kept) / (1 - kept))
    low = int((len(slopes) - width) / 2)
    high = int((len(slopes) + width) / 2) + 1
    return slopes[max(0, low - 1)], slopes[min(len(slopes) - 1, high - 1)]


def _drift(slope: float, walk: Walk) -> tuple[float, float]:
    error = walk.below * walk.spread / _WEEK * sqrt(_SLOPE_FACTOR / walk.weeks)
    return slope - error, slope + error


def _alike(places: Sequence[int], rest: Sequence[float]) -> float:
    """Return the correlation of neighbouring days' residuals, from -1 to less than 1; 0 where there are none."""
    neighbours = [(rest[at], rest[at + 1]) for at in range(len(rest) - 1) if places[at + 1] - places[at] == 1]
    power = sum(value * value for value in rest) / len(rest)
    if not power or not neighbours:
        return 0.0
    return max(-1.0, min(0.99, sum(first * second for first, second in neighbours) / len(neighbours) / power))


def _walk(places: Sequence[int], levels: Sequence[float], slope: float) -> Walk:
    from scipy.special import stdtrit  # noqa: PLC0415 - it takes long to import

    at = dict(zip(places, levels, strict=True))
    steps = [at[place + _WEEK] - at[place] - _WEEK * slope for place in places if place + _WEEK in at]
    weeks = places[-1] / _WEEK
    spread = sqrt(sum(step * step for step in steps) / len(steps) * weeks / max(weeks - 1, 1)) if steps else 0.0
    below, above = (float(stdtrit(max(weeks - 1, 1), 1 - tail)) for tail in (_TAIL, _TAIL / 2))
    return Walk(spread, weeks, below, above)


def _season(days: Sequence[date], places: Sequence[int], values: Sequence[float]) -> tuple[float, ...]:
    """Return each weekday's typical deviation from the trend, where weekdays differ; else nothing.

    Slopes are of days whole weeks apart, so that weekdays cannot make one (Hirsch and Slack, Water Resources Research
    20, 1984). Whether they differ is Kruskal and Wallis' test over the residuals.
    """
    if len(days) < _SEASONAL_FROM or places[-1] < _SEASONAL_FROM - 1:
        return ()
    slopes = [
        (values[late] - values[early]) / (places[late] - places[early])
        for early, late in combinations(range(len(days)), 2)
        if (places[late] - places[early]) % _WEEK == 0
    ]
    slope = median(slopes)
    rest: dict[int, list[float]] = defaultdict(list)
    for day, place, value in zip(days, places, values, strict=True):
        rest[day.weekday()].append(value - slope * place)
    if len(rest) < _WEEK or _chance_of_difference(rest) >= _SEASONAL_BELOW:
        return ()
    middles = [median(rest[weekday]) for weekday in range(_WEEK)]
    return tuple(middle - median(middles) for middle in middles)


def _chance_of_difference(groups: Mapping[int, Sequence[float]]) -> float:
    """Return the p value of Kruskal and Wallis' test (JASA 47, 1952), equal values with their mean rank."""
    from scipy.special import chdtrc  # noqa: PLC0415 - it takes long to import

    everything = sorted(value for group in groups.values() for value in group)
    first = {value: place for place, value in reversed(list(enumerate(everything, 1)))}
    counts: dict[float, int] = defaultdict(int)
    for value in everything:
        counts[value] += 1
    total = len(everything)
    shared = 1 - sum(count**3 - count for count in counts.values()) / (total**3 - total)
    if not shared:
        return 1.0
    ranks = {value: first[value] + (count - 1) / 2 for value, count in counts.items()}
    sums = sum(sum(ranks[value] for value in group) ** 2 / len(group) for group in groups.values())
    statistic = (12 / (total * (total + 1)) * sums - 3 * (total + 1)) / shared
    return float(chdtrc(len(groups) - 1, statistic))
