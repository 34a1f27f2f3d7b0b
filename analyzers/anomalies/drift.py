"""Shares that creep up over days, inside every hour's tolerance: a cumulative sum over whole days.

Each whole day's share ``k / n`` is compared with the usual one ``p`` of the days before the last ``drift_days``,
without the worst and the best tenth: ``z = (k - n p) / (s √(n p (1 - p)))``, where ``s`` is how much more than
binomially the days before vary (by their median absolute deviation, at least 1). The sum ``S = max(0, S + min(z, 3) -
slack)`` over the last days (Page's CUSUM, Biometrika 41, 1954) is an anomaly above its limit: many days a little too
high. A day counts at most for three deviations, so that one bad day, which the hourly judgement finds, is no drift;
most of the days since the sum was last zero must be too high, so that some single bad days are none; and so must the
median of the last three, so that a drift ends when it is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import Final

from analyzers.anomalies.cells import Cell, summed
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.settings import AnomalySettings
from analyzers.anomalies.shares import Measured, Part, errors_of, evidence, slow_of, trimmed, unmeasured, usual_edge
from analyzers.anomalies.wording import share, spoken
from analyzers.numbers import counted
from analyzers.store.instants import from_millis
from analyzers.store.query import Window
from analyzers.store.zones import first_instant
from analyzers.thresholds import Severity

_MOST_OF_A_DAY: Final = 3.0
_MAD_TO_DEVIATION: Final = 1.4826
_LATELY: Final = 3
_STILL_HIGH: Final = 1.5
"""A drift goes on while the median of the last three days is above so many deviations."""
_LEAST_EXPECTED: Final = 0.5
"""A usual share is at least so many in all the days before, where there was none."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The days since the sum was last zero.

    Attributes:
        total: The sum.
        days: How many they are.
        cell: Their requests.
        usually: The median deviation of these days.
        lately: The median deviation of the last three days.
        share: The median share of these days.
    """

    total: float
    days: int
    cell: Cell
    usually: float
    lately: float
    share: float


def judge_drift(season: Season, settings: AnomalySettings, kind: Kind) -> Finding:
    """Judge the last whole days, as errors or as latency."""
    recent = tuple(cell for _, cell in season.days[-settings.drift_days :])
    before = tuple(cell for _, cell in season.days[: -settings.drift_days])
    window = _window(season, settings)
    measured = _measured(settings, kind, before)
    enough = len(before) >= 7 * season.baseline.least_weeks - settings.drift_days and len(before) >= 7  # noqa: PLR2004
    if measured is None or not enough or season.weeks < season.baseline.least_weeks:
        return unmeasured(kind, window, summed(recent), f"{counted(len(season.days), 'day')} of history")
    have, whole = trimmed(before, measured.part, both=True)
    usual = max(have, _LEAST_EXPECTED) / max(whole, 1.0)
    run = _run(recent, measured.part, (usual, _spread(before, measured.part, usual)), settings)
    return _finding(measured, settings, window, run, usual)


def _measured(settings: AnomalySettings, kind: Kind, before: tuple[Cell, ...]) -> Measured | None:
    if kind is Kind.ERROR_DRIFT:
        return replace(errors_of(settings), kind=kind, floor=settings.least_error_drift)
    edge = usual_edge(before)
    return (
        None
        if edge is None
        else replace(slow_of(settings, edge), kind=kind, tolerance=settings.drift_tolerance, floor=0.0)
    )


def _window(season: Season, settings: AnomalySettings) -> Window:
    days = season.days[-settings.drift_days :]
    first = days[0][0] if days else season.today
    end = from_millis(first_instant(season.zone, season.today))
    start = from_millis(first_instant(season.zone, first))
    return Window(start, end) if start < end else Window(season.instant.replace(year=season.instant.year - 1), end)


def _deviation(cell: Cell, part: Part, usual: float) -> float | None:
    have, whole = evidence(cell, part)
    if not whole:
        return None
    return float((have - whole * usual) / (whole * usual * (1 - usual)) ** 0.5) if 0 < usual < 1 else 0.0


def _spread(days: tuple[Cell, ...], part: Part, usual: float) -> float:
    found = [abs(each) for cell in days if (each := _deviation(cell, part, usual)) is not None]
    return max(1.0, _MAD_TO_DEVIATION * median(found)) if found else 1.0


def _run(days: tuple[Cell, ...], part: Part, normal: tuple[float, float], settings: AnomalySettings) -> _Run:
    usual, spread = normal
    total, since, steps = 0.0, list[Cell](), list[float]()
    for cell in days:
        deviation = _deviation(cell, part, usual)
        if deviation is None:
            continue
        steps.append(min(_MOST_OF_A_DAY, deviation / spread))
        total = max(0.0, total + steps[-1] - settings.drift_slack)
        since = [*since, cell] if total > 0 else []
    usually, lately = _middle(steps[-len(since) :] if since else []), _middle(steps[-_LATELY:])
    share = _middle([have / whole for have, whole in (part(cell) for cell in since) if whole])
    return _Run(total, len(since), summed(since), usually, lately, share)


def _middle(values: list[float]) -> float:
    return median(values) if values else 0.0


def _finding(measured: Measured, settings: AnomalySettings, window: Window, run: _Run, usual: float) -> Finding:
    part, whole = measured.part(run.cell)
    observed = part / whole if whole else 0.0
    limit = max(measured.floor, usual * measured.tolerance)
    high = run.usually > settings.drift_slack and run.lately > _STILL_HIGH
    anomalous = high and run.total > settings.drift_limit and run.share > limit
    direction = Direction.ABOVE if anomalous else Direction.WITHIN
    if anomalous:
        figures = f"{share(observed)} of {counted(whole, 'request')} {measured.what} over {counted(run.days, 'day')}"
        sum_of = f"cumulative sum {run.total:.1f} of {settings.drift_limit:g} deviations"
        sentence = f"{measured.kind} {direction}: {figures}, usual {share(usual)} ({sum_of}), {spoken(window)}"
    else:
        sum_of = f"cumulative sum {run.total:.1f} of {settings.drift_limit:g} deviations"
        sentence = f"{measured.kind} {direction}: {sum_of}, usual {share(usual)}, {spoken(window)}"
    severity = Severity.WARNING if anomalous else Severity.OK
    events, expected = run.cell.documents, (0.0, limit)
    return Finding(measured.kind, {}, severity, window, expected, observed, run.total, events, direction, sentence)
