"""Requests, errors and response times over time, and by hour and weekday: charts whose points lead on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Picture
from analyzers.buckets import buckets
from analyzers.charts.definition import HeatMap, Limit, Mark, Point, Series, TimeChart
from analyzers.fields import REQUEST_STREAM, RESPONSE_TIME
from analyzers.jobs.job import ERRORS, REQUESTS, count, number
from analyzers.jobs.latency import MEASURED, PERCENTILES
from analyzers.language import Amount, Message, message
from analyzers.numbers import ratio
from analyzers.store.interface import Store
from analyzers.store.query import (
    BUCKET,
    Calendar,
    CalendarUnit,
    CountIf,
    NamedMeasure,
    Predicate,
    Query,
    Range,
    Window,
)
from analyzers.store.result import Row
from analyzers.store.zones import load_zone
from analyzers.thresholds import Thresholds

Link = Callable[[Window], str]
"""Returns where a bucket leads."""

_DAYS: Final = 7
_HOURS: Final = 24
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of the window.

    Attributes:
        window: When, cut to the window.
        row: What was measured; ``None`` where nothing was recorded.
    """

    window: Window
    row: Row | None


@dataclass(frozen=True, slots=True)
class Course:
    """The buckets of a window.

    Attributes:
        window: The whole.
        calendar: How it is cut.
        buckets: Every bucket, in order of time.
        excluded: Maintenance that does not count towards the agreement.
    """

    window: Window
    calendar: Calendar
    buckets: tuple[Bucket, ...]
    excluded: tuple[Window, ...] = ()

    @property
    def silent(self) -> int:
        """How many buckets have no event."""
        return sum(each.row is None for each in self.buckets)


def measure_course(
    store: Store, window: Window, where: Predicate, calendar: Calendar, thresholds: Thresholds
) -> Course:
    """Measure each bucket of a window, by one query."""
    measures = (REQUESTS, ERRORS, MEASURED, *PERCENTILES, _slow(thresholds))
    found = store.query(Query(REQUEST_STREAM, window, measures, (calendar,), where))
    return course_of(found.rows, window, calendar)


def measure_hours(store: Store, window: Window, where: Predicate, zone: str, thresholds: Thresholds) -> Course:
    """Measure each hour of a window, without percentiles: what adds up to hours of a week."""
    calendar = Calendar(CalendarUnit.HOUR, zone)
    measures = (REQUESTS, ERRORS, MEASURED, _slow(thresholds))
    return course_of(store.query(Query(REQUEST_STREAM, window, measures, (calendar,), where)).rows, window, calendar)


def course_of(rows: Sequence[Row], window: Window, calendar: Calendar) -> Course:
    """Return every bucket of a window with its row: those without an event have none."""
    recorded = {_start(row): row for row in rows}
    parts = buckets(calendar, window)
    return Course(window, calendar, tuple(Bucket(part, recorded.get(start)) for start, part in parts.items()))


def requests_picture(course: Course, link: Link) -> Picture:
    """Draw how many requests each bucket has."""
    series = _series(course, message("Requests"), lambda row: count(row, "requests"), link, Mark.BAR)
    chart = TimeChart(
        Unit.COUNT, message("Requests"), course.window, course.calendar.zone, (series,), excluded=course.excluded
    )
    return Picture("requests_over_time", message("Requests"), chart)


def errors_picture(course: Course, link: Link, limits: tuple[Limit, ...]) -> Picture:
    """Draw the error rate of each bucket, with the thresholds that judge it."""
    series = _series(course, message("Error rate"), _error_rate, link, Mark.STEP)
    chart = TimeChart(
        Unit.RATIO, message("Error rate"), course.window, course.calendar.zone, (series,), limits, course.excluded
    )
    return Picture("errors_over_time", message("Error rate"), chart)


def latency_picture(course: Course, link: Link, limits: tuple[Limit, ...]) -> Picture:
    """Draw p50, p95 and p99 of each bucket, with the thresholds that judge p95."""
    named = (("p50", message("p50")), ("p95", message("p95")), ("p99", message("p99")))
    series = tuple(_series(course, title, _percentile(name), link) for name, title in named)
    title = message("Response time")
    chart = TimeChart(Unit.SECONDS, title, course.window, course.calendar.zone, series, limits, course.excluded)
    return Picture("latency_over_time", title, chart)


def heat_map(hours: Course, what: str, thresholds: Thresholds) -> Picture:
    """Draw a week of hours: the requests of an hour, or the share of slow or failed ones.

    Shares are exact counts over exact counts, which add up over weeks; percentiles would not. Requests are those of the
    hours in which anything was recorded, by their elapsed time.

    Args:
        hours: Every hour of the window.
        what: ``requests``, ``slow`` or ``errors``.
        thresholds: From what response time on a request is slow.
    """
    match what:
        case "slow":
            unit, title = Unit.RATIO, message("Share of slow requests by weekday and hour")
            values = _folded(hours, "slow", lambda each: _counted(each, "measured"))
        case "errors":
            unit, title = Unit.RATIO, message("Error rate by weekday and hour")
            values = _folded(hours, "errors", lambda each: _counted(each, "requests"))
        case _:
            unit, title = Unit.COUNT, message("Requests an hour by weekday and hour")
            values = _folded(hours, "requests", lambda each: each.window.length / _HOUR)
    limit = Amount(thresholds.response_time.warning, Unit.SECONDS)
    note = message("Slow is a response time of {limit} or more.", limit=limit) if what == "slow" else None
    return Picture("heat", title, HeatMap(unit, title, values), note)


def _folded(hours: Course, part: str, whole: Callable[[Bucket], float]) -> tuple[tuple[float | None, ...], ...]:
    zone = load_zone(hours.calendar.zone)
    parts = [[0] * _HOURS for _ in range(_DAYS)]
    wholes = [[0.0] * _HOURS for _ in range(_DAYS)]
    for bucket in hours.buckets:
        if bucket.row is not None:
            local = bucket.window.start.astimezone(zone)
            parts[local.weekday()][local.hour] += count(bucket.row, part)
            wholes[local.weekday()][local.hour] += whole(bucket)
    return tuple(
        tuple(some / of if of else None for some, of in zip(*each, strict=True))
        for each in zip(parts, wholes, strict=True)
    )


def _counted(bucket: Bucket, name: str) -> int:
    return 0 if bucket.row is None else count(bucket.row, name)


def _slow(thresholds: Thresholds) -> NamedMeasure:
    return NamedMeasure("slow", CountIf(Range(RESPONSE_TIME, gte=float(thresholds.response_time.warning))))


def _series(
    course: Course, name: Message, value: Callable[[Row], float | None], link: Link, mark: Mark = Mark.LINE
) -> Series:
    points = (
        Point(each.window, None if each.row is None else value(each.row), link(each.window)) for each in course.buckets
    )
    return Series(name, tuple(points), mark)


def _error_rate(row: Row) -> float | None:
    return ratio(count(row, "errors"), count(row, "requests"))


def _percentile(name: str) -> Callable[[Row], float | None]:
    return lambda row: number(row, name)


def _start(row: Row) -> datetime:
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the store gave {start!r} for a bucket")
    return start.astimezone(UTC)
