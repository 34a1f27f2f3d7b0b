"""Machines and databases over the last minutes, by the samples that are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.alerts import HostSample
from analyzers.analysis import State, Unit
from analyzers.blocks import Figure
from analyzers.jobs.job import count, number, state_of
from analyzers.jobs.queries import SECONDS, STATEMENT_STREAM
from analyzers.language import Message, message, plural
from analyzers.numbers import exact
from analyzers.reports.metric_figures import Period, cache_hit_ratio, db_connections_peak, redis_hit_ratio
from analyzers.reports.metric_sources import CPU, DISK, MEMORY, Peaked
from analyzers.store.interface import Store
from analyzers.store.query import (
    Avg,
    Count,
    Exists,
    Field,
    Max,
    Measure,
    NamedMeasure,
    Percentile,
    Query,
    Window,
)
from analyzers.store.result import Row
from analyzers.thresholds import Thresholds
from analyzers.thresholds.model import Limit
from atalaia.web.asked import Question, condition
from atalaia.web.views import links

_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that a machine has only so much of.

    Attributes:
        name: ``cpu``, ``memory`` or ``disk``.
        title: Its name for people.
        source: Where its samples are.
        measure: What of them is judged: as alerts have it, the mean, or of a file system the fullest moment.
    """

    name: str
    title: Message
    source: Peaked
    measure: Callable[[str], Measure]


GAUGES: Final = (
    Gauge("cpu", message("CPU"), CPU, Avg),
    Gauge("memory", message("Memory"), MEMORY, Avg),
    Gauge("disk", message("Disk"), DISK, Max),
)


@dataclass(frozen=True, slots=True)
class Resources:
    """What was measured.

    Attributes:
        figures: The figures.
        links: Where each leads, by name.
        is_own: Whether the machine's figures are those of the machine that shows them, for want of samples.
    """

    figures: tuple[Figure, ...]
    links: Mapping[str, str]
    is_own: bool


def measure_resources(  # the store, the question, and what stands beside both
    store: Store | None,
    question: Question,
    window: Window,
    zone: ZoneInfo,
    thresholds: Thresholds,
    own: Callable[[], HostSample],
) -> Resources:
    """Return the load of machines and databases.

    Args:
        store: The store; ``None`` where there is none yet.
        question: Whose links go on.
        window: When.
        zone: Whose calendar.
        thresholds: What judges machines.
        own: Looks at this machine; asked where no sample of any machine is stored.
    """
    rows = {each.name: _by_place(store, each, window) for each in GAUGES}
    is_own = not any(rows.values())
    if is_own:
        figures = _own_figures(own(), thresholds)
    else:
        figures = tuple(_worst(each, rows[each.name], thresholds) for each in GAUGES)
    if store is None:
        return Resources(figures, {}, is_own)
    found = {} if is_own else {each.name: _of_place(each, rows[each.name], question, window) for each in GAUGES}
    databases, further = _databases(store, question, window, zone)
    return Resources((*figures, *databases), {**found, **further}, is_own)


def _by_place(store: Store | None, gauge: Gauge, window: Window) -> Sequence[Row]:
    if store is None:
        return ()
    source = gauge.source
    measures = (NamedMeasure("value", gauge.measure(source.field)),)
    return store.query(Query(source.stream, window, measures, tuple(map(Field, source.by)), Exists(source.field))).rows


def _worst_row(rows: Sequence[Row]) -> Row | None:
    return max(rows, key=lambda row: number(row, "value") or 0, default=None)


def _worst(gauge: Gauge, rows: Sequence[Row], thresholds: Thresholds) -> Figure:
    row = _worst_row(rows)
    if row is None:
        return _figure(gauge, None, message("no sample was taken"), thresholds)
    place = ", ".join(str(row[name]) for name in gauge.source.by if row[name] is not None)
    basis = plural("on {place}", "on {place}, the fullest of {n}", len(rows), place=place)
    return _figure(gauge, number(row, "value"), basis, thresholds)


def _own_figures(sample: HostSample, thresholds: Thresholds) -> tuple[Figure, ...]:
    values = {"cpu": sample.cpu, "memory": sample.memory, "disk": sample.disk}
    shares = {name: None if value is None else value / _PERCENT for name, value in values.items()}
    basis = message("on this machine, now")
    return tuple(_figure(each, shares[each.name], basis, thresholds) for each in GAUGES)


def _figure(gauge: Gauge, value: float | None, basis: Message, thresholds: Thresholds) -> Figure:
    limits: Mapping[str, Limit] = {"cpu": thresholds.cpu, "memory": thresholds.memory, "disk": thresholds.disk}
    return Figure(gauge.name, gauge.title, Unit.RATIO, value, basis, _judged(value, limits[gauge.name]))


def _judged(value: float | None, limit: Limit) -> State:
    if value is None:
        return State.UNMEASURED
    return state_of(limit.judge(Fraction(exact(value)) * _PERCENT))


def _of_place(gauge: Gauge, rows: Sequence[Row], question: Question, window: Window) -> str:
    """Return the samples of the fullest place."""
    row, source = _worst_row(rows), gauge.source
    also: list[str] = []
    if row is not None:
        also += [condition(name, str(row[name])) for name in source.by if row[name] is not None]
    return _samples(question, window, gauge.name, also)


def _databases(
    store: Store, question: Question, window: Window, zone: ZoneInfo
) -> tuple[tuple[Figure, ...], Mapping[str, str]]:
    period = Period(window, None, zone)
    figures = (
        _slow_statements(store, window),
        db_connections_peak(store, period),
        cache_hit_ratio(store, period),
        redis_hit_ratio(store, period),
    )
    return figures, {
        "slow_statements": question.address(links.STATEMENTS),
        "db_connections_peak": _samples(question, window, "db_connections_peak"),
        "cache_hit_ratio": _samples(question, window, "cache_hit_ratio"),
        "redis_hit_ratio": _samples(question, window, "redis_hit_ratio"),
    }


def _slow_statements(store: Store, window: Window) -> Figure:
    """Return p95 of the statements that were slow enough to be recorded."""
    measures = (NamedMeasure("statements", Count()), NamedMeasure("p95", Percentile(SECONDS, 95)))
    row = store.query(Query(STATEMENT_STREAM, window, measures)).rows[0]
    recorded = plural("{n} slow statement", "{n} slow statements", count(row, "statements"))
    return Figure("slow_statements", message("Slow statements, p95"), Unit.SECONDS, number(row, "p95"), recorded)


def _samples(question: Question, window: Window, name: str, where: Sequence[str] = ()) -> str:
    """Return the samples of a figure; the filters of requests are not about them."""
    bare = Question(question.window, tuple(each for each in question.params if each[0] != "where"), question.default)
    return links.samples(bare, name, window, where)
