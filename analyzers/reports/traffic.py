"""Requests over time: charts, the busiest hours, and the heat map of weekday and hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from analyzers.blocks import Heading, Picture, Table
from analyzers.charts.definition import Limit, Mark, Point, Series, TimeChart
from analyzers.language import Message, message
from analyzers.language.parts import listed
from analyzers.reports.measuring import REQUESTS_OF, Slot, Totals
from analyzers.reports.peaks import peaks
from analyzers.reports.question import Question
from analyzers.sla.contract.model import Contract, Kind
from analyzers.sla.contract.naming import written
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.units import Unit


def requests_picture(question: Question, slots: Sequence[Slot]) -> Picture:
    """Return the requests of each bucket, those that were answered and those that failed: bars stand on each other."""
    series = (
        _series(message("answered"), slots, lambda totals: totals.requests - totals.errors, Mark.BAR),
        _series(message("failed"), slots, lambda totals: totals.errors, Mark.BAR),
    )
    chart = TimeChart(
        Unit.COUNT, message("Requests"), question.window, question.zone.key, series, excluded=excluded(question)
    )
    return Picture("requests", message("Requests and errors"), chart)


def rate_picture(question: Question, slots: Sequence[Slot]) -> Picture:
    """Return the error rate of each bucket, with what is promised of it."""
    series = _series(message("error rate"), slots, lambda totals: totals.error_rate, Mark.LINE)
    chart = TimeChart(
        Unit.RATIO,
        message("Error rate"),
        question.window,
        question.zone.key,
        (series,),
        _rate_limits(question.contract),
        excluded(question),
    )
    return Picture("error_rate", message("Error rate"), chart)


def latency_picture(question: Question, slots: Sequence[Slot]) -> Picture:
    """Return p50, p95 and p99 of each bucket, with what is promised of response times."""
    series = (
        _series(message("p50"), slots, lambda totals: totals.p50, Mark.LINE),
        _series(message("p95"), slots, lambda totals: totals.p95, Mark.LINE),
        _series(message("p99"), slots, lambda totals: totals.p99, Mark.LINE),
    )
    chart = TimeChart(
        Unit.SECONDS,
        message("Response time"),
        question.window,
        question.zone.key,
        series,
        _latency_limits(question.contract),
        excluded(question),
    )
    return Picture("latency", message("Response time"), chart)


def peaks_of(store: Store, question: Question) -> tuple[Table, Picture]:
    """Return the busiest hours, and the heat map of weekday and hour.

    Raises:
        StoreError: When the store cannot answer.
    """
    return peaks(store, question.window, question.zone, question.requests, question.stream(REQUESTS_OF))


def days_table(question: Question, days: Sequence[Slot]) -> Table:
    """Return the days in order, those without any request as unmeasured."""
    return Table(
        "days",
        message("Day by day"),
        (
            Heading("day", message("Day"), Unit.KEY),
            Heading("requests", message("Requests"), Unit.COUNT),
            Heading("errors", message("Errors"), Unit.COUNT),
            Heading("error_rate", message("Error rate"), Unit.RATIO),
            Heading("p50", message("p50"), Unit.SECONDS),
            Heading("p95", message("p95"), Unit.SECONDS),
            Heading("p99", message("p99"), Unit.SECONDS),
        ),
        tuple((_day(each.window, question.zone), *_cells(each.totals)) for each in days),
        message("No request was recorded."),
    )


def excluded(question: Question) -> tuple[Window, ...]:
    """Return the maintenance within a report's period, cut to it."""
    window = question.window
    touching = (each.window for each in question.contract.exclusions)
    parts = ((max(each.start, window.start), min(each.end, window.end)) for each in touching)
    return tuple(Window(start, end) for start, end in parts if start < end)


def _day(window: Window, zone: ZoneInfo) -> date:
    return window.start.astimezone(zone).date()


def _cells(totals: Totals | None) -> tuple[float | None, ...]:
    if totals is None:
        return (None,) * 6
    return (totals.requests, totals.errors, totals.error_rate, totals.p50, totals.p95, totals.p99)


def _series(name: Message, slots: Sequence[Slot], value: Callable[[Totals], float | None], mark: Mark) -> Series:
    points = tuple(Point(each.window, None if each.totals is None else value(each.totals)) for each in slots)
    return Series(name, points, mark)


def _latency_limits(contract: Contract) -> tuple[Limit, ...]:
    """Return the thresholds of the response time of the whole service."""
    return _limits(
        (each.limit.total_seconds(), each.name)
        for each in contract.objectives
        if each.kind is Kind.LATENCY and each.limit is not None and each.route is None
    )


def _rate_limits(contract: Contract) -> tuple[Limit, ...]:
    """Return the greatest error rates that the promises about the whole service allow."""
    return _limits(
        (float(1 - each.target), each.name)
        for each in contract.objectives
        if each.kind in {Kind.ERROR_RATE, Kind.AVAILABILITY} and each.target is not None and each.route is None
    )


def _limits(named: Iterable[tuple[float, str]]) -> tuple[Limit, ...]:
    """Return a line for each value, with the names of all objectives that have it."""
    found: dict[float, list[str]] = {}
    for value, name in named:
        found.setdefault(value, []).append(name)
    return tuple(Limit(value, listed(*map(written, names))) for value, names in sorted(found.items()))
