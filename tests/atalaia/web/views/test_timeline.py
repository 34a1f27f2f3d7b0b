"""Charts over time: what was not recorded is a gap, and a week of hours adds up exactly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from analyzers.charts.definition import HeatMap, TimeChart
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import EVERYTHING, Calendar, CalendarUnit, Window
from analyzers.thresholds import load_thresholds
from atalaia.web.views.timeline import (
    errors_picture,
    heat_map,
    latency_picture,
    measure_course,
    measure_hours,
    requests_picture,
)
from tests.analyzers.events import request, requests

MONDAY = datetime(2024, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def nowhere(_window: Window) -> str:
    """Lead nowhere in particular."""
    return "/"


def test_a_silent_hour_is_a_gap_in_every_chart() -> None:
    """Two requests, then nothing, then one that failed and has no response time: 0, unmeasured, 1; no percentile."""
    store = MemoryStore()
    store.append([*requests(MONDAY, 2), request(MONDAY + 2 * HOUR, 500, None)])
    window = Window(MONDAY, MONDAY + 3 * HOUR)
    course = measure_course(store, window, EVERYTHING, Calendar(CalendarUnit.HOUR), load_thresholds())
    pictures = (
        requests_picture(course, nowhere),
        errors_picture(course, nowhere, ()),
        latency_picture(course, nowhere, ()),
    )
    drawn = []
    for picture in pictures:
        assert isinstance(picture.chart, TimeChart)
        drawn.append([[point.value for point in series.points] for series in picture.chart.series])
    assert drawn[0] == [[2, None, 1]]
    assert drawn[1] == [[0.0, None, 1.0]]
    assert drawn[2] == [[0.1, None, None]] * 3
    assert course.silent == 1


def test_a_bucket_is_cut_to_the_window() -> None:
    """Half past to half past: three buckets of an hour, of 30, 60 and 30 minutes."""
    window = Window(MONDAY + HOUR / 2, MONDAY + 2.5 * HOUR)
    course = measure_course(MemoryStore(), window, EVERYTHING, Calendar(CalendarUnit.HOUR), load_thresholds())
    assert [each.window.length for each in course.buckets] == [HOUR / 2, HOUR, HOUR / 2]


def test_the_hours_of_two_weeks_add_up() -> None:
    """Mondays at nine by Sao Paulo's clock, noon in UTC: four requests and two, of which one and two took 2 s."""
    store, noon = MemoryStore(), MONDAY + 12 * HOUR
    week = timedelta(days=7)
    store.append([*requests(noon, 3), request(noon, 500, 2.0)])
    store.append([request(noon + week, 200, 2.0), request(noon + week, 200, 2.5)])
    window = Window(MONDAY, MONDAY + 2 * week)
    hours = measure_hours(store, window, EVERYTHING, "America/Sao_Paulo", load_thresholds())
    shown = {what: heat_map(hours, what, load_thresholds()).chart for what in ("requests", "slow", "errors")}
    for what, expected in (("requests", 3.0), ("slow", 3 / 6), ("errors", 1 / 6)):
        chart = shown[what]
        assert isinstance(chart, HeatMap)
        assert chart.values[0][9] == expected, what
        assert sum(value is not None for day in chart.values for value in day) == 1
