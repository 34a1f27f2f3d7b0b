"""No or hardly any requests where there should be some.

The expected mean is cautious: of the same windows of the weeks before, at today's level, the second least; not more
than the quietest day of the week has at that hour, unless the day so far was an ordinary one (a holiday is no
silence); and for windows below an hour the least of the hours around, so that nobody is expected before the office
opens. Silence is where ``n`` or fewer requests have a Poisson probability ``P(N <= n)`` below the limit and ``n`` is
hardly anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from analyzers.anomalies.cells import Cell
from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.rate import ordinary_day, quiet_mean
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.settings import SilenceSettings
from analyzers.anomalies.source import Source
from analyzers.anomalies.tails import poisson_below, score
from analyzers.anomalies.wording import number, odds, spoken
from analyzers.jobs.job import count
from analyzers.numbers import counted
from analyzers.sampling import STORED
from analyzers.store.interface import Store
from analyzers.store.query import Query, Window
from analyzers.thresholds import Severity

_HOUR: Final = timedelta(hours=1)
_MOST_STREAMS: Final = 20
"""So many other streams are asked whether they have events."""


def find_silence(source: Source, settings: SilenceSettings, instant: datetime) -> Finding:
    """Judge whether a stream is silent as of an instant, by the shortest window that tells."""
    season = Season(source, settings.baseline, instant)
    judged: Finding | None = None
    for length in settings.windows:
        window = Window(instant - length, instant)
        samples = season.samples(window)
        if len(samples) < settings.baseline.least_weeks:
            continue
        cell = source.cell(window)
        judged = _judge(season, settings, window, cell, _cautious(season, window))
        if judged.severity is not Severity.UNMEASURED:
            return judged
    window = Window(instant - settings.windows[-1], instant)
    return judged or _unmeasured(window, 0, f"fewer than {settings.baseline.least_weeks} weeks to compare with")


def _cautious(season: Season, window: Window) -> float:
    """Return the mean that the weeks before let expect, rather too low than too high."""
    shifts = (-1, 0, 1) if window.length < _HOUR else (0,)
    means = [_low(season.samples(_moved(window, shift))) for shift in shifts]
    return min(means)


def _low(samples: tuple[float, ...]) -> float:
    return sorted(samples)[1] if len(samples) > 1 else min(samples, default=0.0)


def _moved(window: Window, hours: int) -> Window:
    return Window(window.start + hours * _HOUR, window.end + hours * _HOUR)


def _judge(season: Season, settings: SilenceSettings, window: Window, cell: Cell, mean: float) -> Finding:
    """Return the judgement of one window; unmeasured where nothing at all would not be improbable."""
    if poisson_below(0, mean / cell.weight) >= settings.probability:
        return _unmeasured(window, cell.documents, f"{number(mean)} requests are expected")
    silent = _is_silent(settings, cell, mean)
    if silent and not ordinary_day(season, window):
        mean = min(mean, quiet_mean(season, window))
        if poisson_below(0, mean / cell.weight) >= settings.probability:
            return _unmeasured(window, cell.documents, f"{number(mean)} requests are expected on a quiet day")
        silent = _is_silent(settings, cell, mean)
    far = score(poisson_below(cell.documents, mean / cell.weight))
    text = f"{counted(cell.requests, 'request')}, {number(mean)} or more expected"
    if not silent:
        return _finding(window, cell, Severity.OK, (mean, far), (f"no silence: {text}, {spoken(window)}", ()))
    sentence = f"silence: {text} (Poisson {odds(far)}), {spoken(window)}"
    others = tuple(_others(season.source.store, season.source.scope.stream, window))
    return _finding(window, cell, Severity.CRITICAL, (mean, far), (sentence, others))


def _is_silent(settings: SilenceSettings, cell: Cell, mean: float) -> bool:
    improbable = poisson_below(cell.documents, mean / cell.weight) < settings.probability
    return improbable and cell.requests <= settings.share * mean


def _finding(
    window: Window, cell: Cell, severity: Severity, usual: tuple[float, float], words: tuple[str, tuple[str, ...]]
) -> Finding:
    mean, far = usual
    direction = Direction.BELOW if severity.breached else Direction.WITHIN
    expected, (sentence, explanation) = (mean, float("inf")), words
    return Finding(
        Kind.SILENCE,
        {},
        severity,
        window,
        expected,
        cell.requests,
        far,
        cell.documents,
        direction,
        sentence,
        explanation,
    )


def _unmeasured(window: Window, documents: int, why: str) -> Finding:
    sentence = f"silence unmeasured: {why}, {spoken(window)}"
    return Finding(
        Kind.SILENCE, {}, Severity.UNMEASURED, window, None, None, 0.0, documents, Direction.WITHIN, sentence
    )


def _others(store: Store, silent: str, window: Window) -> Iterator[str]:
    """Yield what the other streams of the store have of the window: whether all is silent, or only this."""
    others = [stream for stream in store.streams() if not fnmatchcase(stream, silent)][:_MOST_STREAMS]
    counts = {stream: _documents(store, stream, window) for stream in others}
    present = [f"{stream} ({count:,})" for stream, count in counts.items() if count]
    if present:
        yield f"other streams have events: {', '.join(present)}"
    elif others:
        yield f"the {counted(len(others), 'other stream')} of the store have none either: look at what ships the events"


def _documents(store: Store, stream: str, window: Window) -> int:
    return count(store.query(Query(stream, window, (STORED,))).rows[0], STORED.name)
