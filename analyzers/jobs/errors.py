"""Error rate: which share of the requests failed."""

from __future__ import annotations

from fractions import Fraction

from analyzers.analysis import Analysis, Selection, Unit
from analyzers.jobs.job import ERRORS, REQUESTS, columns, count, keys_of, measured, sampling, state_of
from analyzers.numbers import counted, percent, plain, ratio
from analyzers.store.interface import Store
from analyzers.store.result import Row
from analyzers.thresholds import Limit, Severity, Thresholds


def run(store: Store, selection: Selection, thresholds: Thresholds) -> Analysis:
    """Count requests and errors (status 500 or above), judged by the ``error_rate`` thresholds."""
    found = measured(store, selection, (REQUESTS, ERRORS))
    total = found.total
    severity = judge(count(total, "requests"), count(total, "errors"), thresholds.error_rate)
    return Analysis(
        name="errors",
        selection=selection,
        columns=columns(selection, ("requests", Unit.COUNT), ("errors", Unit.COUNT), ("error_rate", Unit.RATIO)),
        rows=tuple(_row(selection, row) for row in found.rows),
        rest=tuple(_row(selection, row) for row in found.rest),
        others=found.others,
        total=_row(Selection(selection.window), total),
        state=state_of(severity),
        verdict=verdict(count(total, "requests"), count(total, "errors"), thresholds.error_rate),
        sampling=sampling(store, selection, total),
    )


def judge(requests: int, errors: int, limit: Limit) -> Severity:
    """Judge an error rate exactly; without requests there is nothing to judge."""
    return limit.judge(Fraction(100 * errors, requests)) if requests else Severity.UNMEASURED


def verdict(requests: int, errors: int, limit: Limit) -> str:
    """Return the judgement as a sentence."""
    severity = judge(requests, errors, limit)
    if severity is Severity.UNMEASURED:
        return "error rate unmeasured: no requests in this window"
    threshold = limit.reached(severity)
    rate = percent(errors, requests, apart_from=threshold / 100)
    sign = "at or above" if severity.breached else "below"
    level = severity.value if severity.breached else Severity.WARNING.value
    return (
        f"error rate {severity}: {rate} ({errors:,} of {counted(requests, 'request')}), "
        f"{sign} the {level} threshold of {plain(threshold)} %"
    )


def _row(selection: Selection, row: Row) -> Row:
    requests, errors = count(row, "requests"), count(row, "errors")
    measures = {"requests": requests, "errors": errors, "error_rate": ratio(errors, requests)}
    return {**keys_of(selection, row), **measures}
