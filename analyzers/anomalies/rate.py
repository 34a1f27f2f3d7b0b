"""More or fewer requests than usual.

A count ``n`` is compared with the negative binomial distribution whose mean is the median ``m`` of the same windows
of the weeks before, and whose relative spread ``c`` beside the Poisson noise is the baseline's (``seasonal``): an
anomaly is a tail probability below the limit, and a value beyond all but one of the weeks, so that a peak which was
there before is none. At a usual rate of one request, two are nothing: the Poisson noise is part of the distribution,
and a rate that is too high needs a least number of events besides.

Fewer requests than usual are also what a holiday brings. A low rate is none of ours where the same hour of the
quietest day of the week would explain it, unless the day so far was an ordinary one.
"""

from __future__ import annotations

from statistics import median
from typing import Final

from analyzers.anomalies.cells import Cell
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.settings import AnomalySettings
from analyzers.anomalies.tails import count_above, count_below, count_range, score
from analyzers.anomalies.wording import among, number, odds, spoken
from analyzers.numbers import counted
from analyzers.store.instants import from_millis
from analyzers.store.query import Window
from analyzers.store.zones import first_instant
from analyzers.thresholds import Severity

_LEAST_MEAN: Final = 1.0
"""Where the weeks before had nothing, one request is taken as usual."""
_CRITICAL_FACTOR: Final = 3.0
"""So many times the greatest plausible rate is critical."""
_ORDINARY_DAY: Final = 0.6
"""A day that has had this share of its usual requests so far is no holiday."""
_ENOUGH_OF_A_DAY: Final = 30.0
"""With fewer requests expected by now, nobody can say what kind of day it is."""
_QUIET_WEEKS: Final = 4
"""The quietest day is looked for in so many weeks."""


def judge_rate(season: Season, settings: AnomalySettings, window: Window, cell: Cell) -> Finding:
    """Judge the number of requests of a window."""
    samples = season.samples(window)
    if len(samples) < season.baseline.least_weeks:
        return _too_thin(window, cell, len(samples), season.baseline.least_weeks)
    mean, spread = max(median(samples), _LEAST_MEAN), season.spread(window)
    seen, usual = cell.requests / cell.weight, mean / cell.weight  # evidence is documents
    above, below = count_above(seen, usual, spread), count_below(seen, usual, spread)
    direction = Direction.WITHIN
    ordered = sorted(samples)
    if above < settings.probability and cell.requests > ordered[-2] and cell.documents >= settings.least_rate:
        direction = Direction.ABOVE
    elif below < settings.probability and cell.requests < ordered[1] and not _quiet_day(season, window, seen, settings):
        direction = Direction.BELOW
    low, high = count_range(usual, spread, settings.probability)
    expected = (low * cell.weight, high * cell.weight)
    return _finding(window, cell, direction, expected, (mean, score(min(above, below))))


def quiet_mean(season: Season, window: Window) -> float:
    """Return the usual requests of the same hour on the quietest day of the week, over the last weeks."""
    middles = []
    for day in range(1, 8):
        found = [
            season.requests(moved) for week in range(_QUIET_WEEKS) for moved in season.back(window, day + 7 * week)
        ]
        if found:
            middles.append(median(found))
    return min(middles, default=0.0)


def ordinary_day(season: Season, window: Window) -> bool:
    """Whether the local day of the window had about its usual requests before the window."""
    midnight = from_millis(first_instant(season.zone, window.start.astimezone(season.zone).date()))
    if midnight >= window.start:
        return False
    so_far = Window(midnight, window.start)
    samples = season.samples(so_far)
    expected = median(samples) if samples else 0.0
    if expected < _ENOUGH_OF_A_DAY:
        return False
    return season.source.cell(so_far).requests >= _ORDINARY_DAY * expected


def _quiet_day(season: Season, window: Window, seen: float, settings: AnomalySettings) -> bool:
    plausible = count_below(seen, quiet_mean(season, window), season.baseline.dispersion) >= settings.probability
    return plausible and not ordinary_day(season, window)


def _finding(
    window: Window, cell: Cell, direction: Direction, expected: tuple[float, float], usual: tuple[float, float]
) -> Finding:
    mean, far = usual
    span = f"usual {number(mean)}, plausible {number(expected[0])} to {number(expected[1])}"
    found = f"rate {direction}: {among(cell.documents, cell.requests)}, {span}"
    sentence = f"{found}, {spoken(window)}"
    severity = Severity.OK
    if direction is not Direction.WITHIN:
        sentence = f"{found} ({odds(far)}), {spoken(window)}"
        critical = direction is Direction.ABOVE and cell.requests > _CRITICAL_FACTOR * expected[1]
        severity = Severity.CRITICAL if critical else Severity.WARNING
    return Finding(Kind.RATE, {}, severity, window, expected, cell.requests, far, cell.documents, direction, sentence)


def _too_thin(window: Window, cell: Cell, weeks: int, needed: int) -> Finding:
    sentence = f"rate unmeasured: {counted(weeks, 'week')} to compare with, {needed} needed, {spoken(window)}"
    return Finding(
        Kind.RATE, {}, Severity.UNMEASURED, window, None, None, 0.0, cell.documents, Direction.WITHIN, sentence
    )
