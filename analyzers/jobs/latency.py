"""Latency: the percentiles of the response time."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import Analysis, Selection, Unit
from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import REQUESTS, columns, count, keys_of, measured, number, sampling, state_of
from analyzers.numbers import counted, exact, plain, seconds
from analyzers.store.interface import Store
from analyzers.store.query import CountIf, Exists, NamedMeasure, Percentile
from analyzers.store.result import Row
from analyzers.thresholds import Limit, Severity, Thresholds

MEASURED: Final = NamedMeasure("measured", CountIf(Exists(RESPONSE_TIME)))
PERCENTILES: Final = tuple(NamedMeasure(f"p{percent}", Percentile(RESPONSE_TIME, percent)) for percent in (50, 95, 99))


def run(store: Store, selection: Selection, thresholds: Thresholds) -> Analysis:
    """Give p50, p95 and p99 of the response time, p95 judged by the ``response_time`` thresholds.

    ``measured`` says how many of the requests have a response time: access logs often lack it.
    """
    found = measured(store, selection, (REQUESTS, MEASURED, *PERCENTILES))
    total = found.total
    severity = judge(number(total, "p95"), thresholds.response_time)
    units = [(measure.name, Unit.SECONDS) for measure in PERCENTILES]
    return Analysis(
        name="latency",
        selection=selection,
        columns=columns(selection, ("requests", Unit.COUNT), ("measured", Unit.COUNT), *units),
        rows=tuple(_row(selection, row) for row in found.rows),
        rest=tuple(_row(selection, row) for row in found.rest),
        others=found.others,
        total=_row(Selection(selection.window), total),
        state=state_of(severity),
        verdict=_verdict(total, severity, thresholds.response_time),
        sampling=sampling(store, selection, total),
    )


def judge(p95: float | None, limit: Limit) -> Severity:
    """Judge a 95th percentile in seconds; without one there is nothing to judge."""
    return Severity.UNMEASURED if p95 is None else limit.judge(exact(p95))


def _verdict(total: Row, severity: Severity, limit: Limit) -> str:
    p95, requests = number(total, "p95"), counted(count(total, "requests"), "request")
    if p95 is None:
        return f"response time unmeasured: none of {requests} has a response time"
    sign = "at or above" if severity.breached else "below"
    level = severity.value if severity.breached else Severity.WARNING.value
    return (
        f"response time {severity}: p95 {seconds(p95)} (over {count(total, 'measured'):,} of {requests}), "
        f"{sign} the {level} threshold of {plain(limit.reached(severity))} s"
    )


def _row(selection: Selection, row: Row) -> Row:
    measures = {name: row[name] for name in ("requests", "measured", "p50", "p95", "p99")}
    return {**keys_of(selection, row), **measures}
