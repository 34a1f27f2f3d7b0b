"""The busiest hours and the map of hours, of a few requests that can be counted by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analyzers.reports.peaks import TOP, busiest, heat_map, recorded_hours
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.events import request
from tests.analyzers.reports.finding import rows

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
FORTNIGHT = Window(MONDAY, MONDAY + timedelta(days=14))
UTC_ZONE = ZoneInfo("UTC")


def test_an_hour_of_the_map_is_a_mean() -> None:
    """Four requests on one Monday at nine and two on the next: three an hour; of one Tuesday alone: five."""
    hours = {MONDAY + timedelta(hours=9): 4, MONDAY + timedelta(days=7, hours=9): 2, MONDAY + timedelta(days=8): 5}
    store = MemoryStore([request(at) for at, number in hours.items() for _ in range(number)])
    found = heat_map(recorded_hours(store, FORTNIGHT, UTC_ZONE)).values
    assert (found[0][9], found[1][0], found[1][9]) == (3, 5, None)


def test_of_equally_busy_hours_the_first_is_first() -> None:
    """Seven hours of one request each and a later one of two: that one, then the first four of the others."""
    starts = [MONDAY + timedelta(hours=hour) for hour in range(7)]
    late = MONDAY + timedelta(days=3)
    store = MemoryStore([request(at) for at in (*starts, late, late)])
    found = rows(busiest(recorded_hours(store, FORTNIGHT, UTC_ZONE)))
    expected = (late, *starts[: TOP - 1])
    assert [each["hour"] for each in found] == [Window(at, at + timedelta(hours=1)) for at in expected]


def test_a_part_of_an_hour_has_the_rate_of_that_part() -> None:
    """Nine requests in the half hour that was asked for are one every 200 seconds."""
    store = MemoryStore([request(MONDAY + timedelta(minutes=40)) for _ in range(9)])
    asked = Window(MONDAY + timedelta(minutes=30), MONDAY + timedelta(hours=1))
    [found] = rows(busiest(recorded_hours(store, asked, UTC_ZONE)))
    assert (found["hour"], found["requests_per_second"]) == (asked, 1 / 200)
