"""All findings of one detector as of an instant, from a source of counts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from analyzers.anomalies.drift import judge_drift
from analyzers.anomalies.finding import Finding, Kind
from analyzers.anomalies.rate import judge_rate
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.settings import AnomalySettings
from analyzers.anomalies.shares import Spans, errors_of, judge_share, slow_of, unmeasured, usual_edge
from analyzers.anomalies.source import Source
from analyzers.store.query import Window

OVER_DAYS: Final = (Kind.ERROR_DRIFT, Kind.LATENCY_DRIFT)
"""What is judged by whole local days: the same at all instants of a day."""


def find_anomalies(source: Source, settings: AnomalySettings, instant: datetime) -> tuple[Finding, ...]:
    """Judge rate, errors, latency and drifts as of an instant, by events before it alone.

    A finding for each of the kinds asked for, also where all is well or nothing can be judged. At most three queries:
    the hours of the weeks before, the two windows; one more where few requests might be a holiday.

    Raises:
        QueryError: When the store cannot be asked so.
        StoreError: When the store cannot answer.
    """
    season = Season(source, settings.baseline, instant)
    hourly = any(kind not in OVER_DAYS for kind in settings.kinds)
    spans = _spans(source, settings, instant) if hourly else None
    return tuple(_judge(season, settings, kind, spans) for kind in settings.kinds)


def _spans(source: Source, settings: AnomalySettings, instant: datetime) -> Spans:
    window, long = Window(instant - settings.window, instant), Window(instant - settings.long_window, instant)
    cell = source.cell(window)
    return (window, cell), (long, cell if long == window else source.cell(long))


def _judge(season: Season, settings: AnomalySettings, kind: Kind, spans: Spans | None) -> Finding:
    if spans is None or kind in OVER_DAYS:
        return judge_drift(season, settings, kind)
    if kind is Kind.RATE:
        return judge_rate(season, settings, *spans[0])
    if kind is Kind.ERRORS:
        return judge_share(season, settings, errors_of(settings), spans)
    edge = usual_edge(tuple(cell for _, cell in season.days))
    if edge is None:
        return unmeasured(kind, *spans[0], "no response times in the weeks before")
    return judge_share(season, settings, slow_of(settings, edge), spans)
