"""Availability: which share of the requests did not fail."""

from __future__ import annotations

from analyzers.analysis import Analysis, Selection, Unit
from analyzers.jobs.errors import judge
from analyzers.jobs.job import ERRORS, REQUESTS, columns, count, keys_of, measured, sampling, state_of
from analyzers.numbers import counted, percent, plain, ratio
from analyzers.store.interface import Store
from analyzers.store.result import Row
from analyzers.thresholds import Limit, Severity, Thresholds


def run(store: Store, selection: Selection, thresholds: Thresholds) -> Analysis:
    """Count requests and those that did not fail, judged as the complement of the ``error_rate`` thresholds.

    The service-level objective (99.9 %) is judged by ``analyzers.sla``; here the operational thresholds apply.
    """
    found = measured(store, selection, (REQUESTS, ERRORS))
    total = found.total
    requests, errors = count(total, "requests"), count(total, "errors")
    severity = judge(requests, errors, thresholds.error_rate)
    return Analysis(
        name="availability",
        selection=selection,
        columns=columns(selection, ("requests", Unit.COUNT), ("good", Unit.COUNT), ("availability", Unit.RATIO)),
        rows=tuple(_row(selection, row) for row in found.rows),
        rest=tuple(_row(selection, row) for row in found.rest),
        others=found.others,
        total=_row(Selection(selection.window), total),
        state=state_of(severity),
        verdict=_verdict(requests, requests - errors, severity, thresholds.error_rate),
        sampling=sampling(store, selection, total),
    )


def _verdict(requests: int, good: int, severity: Severity, limit: Limit) -> str:
    if severity is Severity.UNMEASURED:
        return "availability unmeasured: no requests in this window"
    floor = 100 - limit.reached(severity)
    share = percent(good, requests, apart_from=floor / 100)
    sign = "at or below" if severity.breached else "above"
    level = severity.value if severity.breached else Severity.WARNING.value
    return (
        f"availability {severity}: {share} ({good:,} of {counted(requests, 'request')}), "
        f"{sign} the {level} threshold of {plain(floor)} %"
    )


def _row(selection: Selection, row: Row) -> Row:
    requests = count(row, "requests")
    good = requests - count(row, "errors")
    return {**keys_of(selection, row), "requests": requests, "good": good, "availability": ratio(good, requests)}
