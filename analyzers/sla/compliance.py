"""The analysis behind ``atalaia sla judge``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from analyzers.analysis import Analysis, Selection, State, Unit
from analyzers.jobs.job import ERRORS, REQUESTS, columns, count, keys_of, measured, sampling
from analyzers.sla.objectives import DEFAULT_OBJECTIVES, RequestObjective
from analyzers.sla.share import Compliance
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, CountIf, NamedMeasure
from analyzers.store.result import Row

_COLUMNS = (
    ("objective", Unit.KEY),
    ("target", Unit.RATIO),
    ("good", Unit.COUNT),
    ("total", Unit.COUNT),
    ("compliance", Unit.RATIO),
    ("coverage", Unit.RATIO),
    ("state", Unit.KEY),
    ("margin", Unit.COUNT),
)


def run(store: Store, selection: Selection, objectives: Sequence[RequestObjective] = DEFAULT_OBJECTIVES) -> Analysis:
    """Judge objectives, one row for each group and objective.

    ``total`` is the row of the objective that decides the state (a missed one, else an unmeasured one, else the
    tightest); ``totals`` has them all. ``compliance`` and ``target`` are good shares, also for an error rate.
    ``margin`` is how many more events could have been bad; negative, how many too many were.
    """
    found = measured(store, selection, (*measures(objectives), ERRORS))
    whole = found.total
    overall = compliances(whole, objectives)
    deciding = min(overall, key=_urgency)
    return Analysis(
        name="sla",
        selection=selection,
        columns=columns(selection, *_COLUMNS),
        rows=tuple(chain.from_iterable(_rows(selection, row, objectives) for row in found.rows)),
        rest=tuple(chain.from_iterable(_rows(selection, row, objectives) for row in found.rest)),
        others=found.others,
        total=_row(deciding),
        totals=tuple(map(_row, overall)),
        state=overall_state(overall),
        verdict=verdict(overall),
        sampling=sampling(store, selection, whole),
    )


def measures(objectives: Sequence[RequestObjective]) -> tuple[NamedMeasure, ...]:
    """Return the counts that the objectives are judged by."""
    counts = [(f"{each.name}.total", each.counted) for each in objectives]
    counts += [(f"{each.name}.good", And((each.counted, each.good))) for each in objectives]
    counts += [(f"{each.name}.seen", each.about) for each in objectives if each.about != EVERYTHING]
    return (REQUESTS, *(NamedMeasure(name, CountIf(predicate)) for name, predicate in counts))


def compliances(row: Row, objectives: Sequence[RequestObjective]) -> tuple[Compliance, ...]:
    """Return how each objective fared, from a row of :func:`measures`."""
    return tuple(
        Compliance(each, count(row, f"{each.name}.good"), count(row, f"{each.name}.total"), _seen(row, each))
        for each in objectives
    )


def _seen(row: Row, objective: RequestObjective) -> int:
    return count(row, "requests" if objective.about == EVERYTHING else f"{objective.name}.seen")


def overall_state(overall: Sequence[Compliance]) -> State:
    """Return missed when any objective is, else unmeasured when any is, else met."""
    states = {each.state for each in overall}
    return next((state for state in (State.MISSED, State.UNMEASURED) if state in states), State.MET)


def verdict(overall: Sequence[Compliance]) -> str:
    """Return the judgements in words, those that decide first."""
    if not any(each.requests for each in overall):
        return "SLA unmeasured: no requests in this window"
    return "; ".join(each.sentence for each in sorted(overall, key=lambda each: _ORDER[each.state]))


_ORDER = {State.MISSED: 0, State.UNMEASURED: 1, State.MET: 2}


def _urgency(each: Compliance) -> tuple[int, float]:
    return _ORDER[each.state], (each.margin or 0) / max(each.allowed, 1)


def _rows(selection: Selection, row: Row, objectives: Sequence[RequestObjective]) -> list[Row]:
    return [{**keys_of(selection, row), **_row(each)} for each in compliances(row, objectives)]


def _row(each: Compliance) -> Row:
    return {
        "objective": each.objective.name,
        "target": float(each.objective.target),
        "good": each.good,
        "total": each.total,
        "compliance": each.share,
        "coverage": each.coverage,
        "state": each.state.value,
        "margin": each.margin,
    }
