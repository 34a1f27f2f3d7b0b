"""Shares of errors and of slow requests, against what the weeks before make plausible.

A share is an anomaly where even its least plausible value (Clopper and Pearson's bound) is above the greatest that
the baseline makes plausible, times a tolerance. The baseline is the greater of two: the upper bound of the share over
all whole days, without the tenth of them that was worst (incidents of the past make nothing plausible), and the lower
bound of the share in the same windows of the weeks before, without the worst of them (a job that fails every Sunday
night).

A request is slow when it takes longer than the usual 95th percentile: the least edge of :data:`cells.EDGES` which at
most a twentieth of the requests of a day reach, and of these the median over the days.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import median_low
from typing import Final, TypeAlias

from analyzers.anomalies.cells import EDGES, Cell
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.settings import AnomalySettings
from analyzers.anomalies.tails import score, share_bounds, share_tail
from analyzers.anomalies.wording import odds, share, spoken
from analyzers.numbers import counted, seconds
from analyzers.store.query import Window
from analyzers.thresholds import Severity

Part: TypeAlias = Callable[[Cell], tuple[int, int]]
"""How many of the requests of a cell have it, and of how many."""

_CONFIDENCE: Final = 1e-3
"""The baseline's own share is taken at the bound that it exceeds with this probability."""
_SEASONAL_CONFIDENCE: Final = 0.05
_WORST_DAYS: Final = 0.1
_SLOW: Final = 0.05
"""What share of requests is slower than the 95th percentile."""
_LEAST_MEASURED: Final = 20
"""Days with fewer response times do not tell what is slow."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind of share, and how it is told.

    Attributes:
        kind: Errors or latency.
        part: What is counted.
        what: In words: ``failed``, ``took 0.5 s or more``.
        tolerance: See the settings.
        floor: A share below this is no anomaly.
        least: Nor are fewer documents that have it.
        probability: Of an observation beyond its bound.
        critical: From this lower bound on it is critical.
    """

    kind: Kind
    part: Part
    what: str
    tolerance: float
    floor: float
    critical: float
    least: int = 1
    probability: float = 1e-6


def errors_of(settings: AnomalySettings) -> Measured:
    """Return the share of failed requests."""
    tolerance, floor = settings.error_tolerance, settings.least_error_share
    critical, least = settings.critical_error_share, settings.least_errors
    return Measured(Kind.ERRORS, failed, "failed", tolerance, floor, critical, least, settings.error_probability)


def slow_of(settings: AnomalySettings, edge: int) -> Measured:
    """Return the share of requests that take at least ``EDGES[edge]``."""
    what, tolerance = f"took {seconds(EDGES[edge])} or more", settings.slow_tolerance
    critical, probability = settings.critical_slow_share, settings.probability
    return Measured(Kind.LATENCY, slower_than(edge), what, tolerance, _SLOW, critical, probability=probability)


def failed(cell: Cell) -> tuple[int, int]:
    """Return how many requests failed, of how many."""
    return cell.errors, cell.requests


def slower_than(edge: int) -> Part:
    """Return what counts the requests that take at least ``EDGES[edge]``, of those with a response time."""
    return lambda cell: (cell.slower(edge), cell.measured)


def usual_edge(days: tuple[Cell, ...]) -> int | None:
    """Return the edge that the slowest twentieth of the requests usually reaches; ``None`` where nothing tells."""
    edges = [_edge(cell) for cell in days if cell.measured >= _LEAST_MEASURED]
    return median_low(edges) if edges else None


def trimmed(days: tuple[Cell, ...], part: Part, *, both: bool = False) -> tuple[float, float]:
    """Return the sums of a share over days without the worst tenth of them, as documents (evidence).

    Args:
        days: The days.
        part: The share.
        both: Leave the best tenth out as well, so that the share itself is not too low.
    """
    counts = sorted((evidence(cell, part) for cell in days if part(cell)[1]), key=lambda each: each[0] / each[1])
    out = round(_WORST_DAYS * len(counts))
    kept = counts[out if both else 0 : len(counts) - out]
    return sum(each[0] for each in kept), sum(each[1] for each in kept)


def evidence(cell: Cell, part: Part) -> tuple[float, float]:
    """Return a share as so many documents of so many: the weighted share, on the documents that were kept."""
    have, whole = part(cell)
    return have / cell.weight, whole / cell.weight


def judge_share(season: Season, settings: AnomalySettings, measured: Measured, spans: Spans) -> Finding:
    """Judge a share over the short window, and where that is not plausible over the long one.

    Args:
        season: The weeks before.
        settings: What is plausible.
        measured: Which share.
        spans: The windows and their requests.
    """
    (window, cell), (long, all_of_it) = spans
    have, whole = evidence(cell, measured.part)
    days = tuple(each for _, each in season.days)
    pooled = trimmed(days, measured.part)
    if season.weeks < season.baseline.least_weeks or not pooled[1]:
        return unmeasured(measured.kind, window, cell, f"{counted(season.weeks, 'week')} of history")
    plausible = _plausible(season, measured, window, pooled)
    if whole >= settings.minimum_events:
        found = _finding(measured, (window, cell), plausible)
        if found.severity.breached:
            return found
    else:
        found = unmeasured(measured.kind, window, cell, f"{counted(round(whole), 'document')}")
    if long != window and whole and have / whole >= plausible:
        longer = _finding(measured, (long, all_of_it), plausible)
        if longer.severity.breached and evidence(all_of_it, measured.part)[1] >= settings.minimum_events:
            return longer
    return found


Spans: TypeAlias = tuple[tuple[Window, Cell], tuple[Window, Cell]]
"""The short and the long window, each with its requests."""


def unmeasured(kind: Kind, window: Window, cell: Cell, why: str) -> Finding:
    """Return what is said where there is too little."""
    sentence = f"{kind} unmeasured: only {why}, {spoken(window)}"
    return Finding(kind, {}, Severity.UNMEASURED, window, None, None, 0.0, cell.documents, Direction.WITHIN, sentence)


def _plausible(season: Season, measured: Measured, window: Window, pooled: tuple[float, float]) -> float:
    general = share_bounds(*pooled, _CONFIDENCE)[1]
    weeks = sorted(_week(season, moved, measured.part) for moved in season.moved(window))[:-1]  # without the worst
    have, whole = sum(each[0] for each in weeks), sum(each[1] for each in weeks)
    seasonal = share_bounds(have, whole, _SEASONAL_CONFIDENCE)[0] if whole else 0.0
    return min(1.0, max(measured.floor, measured.tolerance * max(general, seasonal)))


def _week(season: Season, window: Window, part: Part) -> tuple[float, float]:
    have = whole = 0.0
    for portion, cell in season.parts(window):
        some, of_all = evidence(cell, part)
        have, whole = have + portion * some, whole + portion * of_all
    return have, whole


def _finding(measured: Measured, span: tuple[Window, Cell], plausible: float) -> Finding:
    window, cell = span
    part, whole = measured.part(cell)
    have, documents = evidence(cell, measured.part)
    least = share_bounds(have, documents, measured.probability)[0] if documents else 0.0
    anomalous = least > plausible and have >= measured.least
    far = score(share_tail(have, documents, plausible)) if documents else 0.0
    observed = part / whole if whole else 0.0
    direction = Direction.ABOVE if anomalous else Direction.WITHIN
    figures = (
        f"{share(observed)} ({part:,} of {counted(whole, 'request')}) {measured.what}, plausible {share(plausible)}"
    )
    figures += f" at most ({odds(far)})" if anomalous else " at most"
    severity = Severity.OK
    if anomalous:
        severity = Severity.CRITICAL if least >= measured.critical else Severity.WARNING
    sentence = f"{measured.kind} {direction}: {figures}, {spoken(window)}"
    expected = (0.0, plausible)
    return Finding(measured.kind, {}, severity, window, expected, observed, far, cell.documents, direction, sentence)


@lru_cache(maxsize=1024)
def _edge(cell: Cell) -> int:
    """Return the least edge that at most a twentieth of the requests reach."""
    slower, most = 0, _SLOW * cell.measured
    for edge in range(len(EDGES) - 1, -1, -1):
        slower += cell.times[edge + 1]
        if slower > most:
            return min(edge + 1, len(EDGES) - 1)
    return 0
