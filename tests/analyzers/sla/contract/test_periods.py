"""Periods as windows: through changes of the clock, at the ends of months and quarters, and without exclusions."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import CalendarPeriod, Exclusion, Period, RollingPeriod
from analyzers.sla.contract.periods import applied, named_period, period_at, period_before, windows_without
from analyzers.store.query import CalendarUnit, Window
from tests.analyzers.sla.contract.files import utc

DAY, WEEK, MONTH, QUARTER, YEAR = (
    CalendarPeriod(unit)
    for unit in (CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.MONTH, CalendarUnit.QUARTER, CalendarUnit.YEAR)
)
SAO_PAULO, LISBON = "America/Sao_Paulo", "Europe/Lisbon"


def window(start: str, end: str) -> Window:
    """Return a window of two instants."""
    return Window(utc(start), utc(end))


@pytest.mark.parametrize(
    ("period", "zone", "instant", "name", "title", "expected"),
    [
        # Lisbon goes back on 2024-10-27: October has 31 days and an hour.
        (MONTH, LISBON, "2024-10-31T23:59:59Z", "2024-10", "October 2024", ("2024-09-30T23:00Z", "2024-11-01T00:00Z")),
        (MONTH, LISBON, "2024-11-01T00:00:00Z", "2024-11", "November 2024", ("2024-11-01T00:00Z", "2024-12-01T00:00Z")),
        (
            DAY,
            LISBON,
            "2024-10-27T12:00:00Z",
            "2024-10-27",
            "27 October 2024",
            ("2024-10-26T23:00Z", "2024-10-28T00:00Z"),
        ),
        # São Paulo skips midnight on 2018-11-04 and has it twice before 2018-02-18.
        (
            DAY,
            SAO_PAULO,
            "2018-11-04T12:00:00Z",
            "2018-11-04",
            "4 November 2018",
            ("2018-11-04T03:00Z", "2018-11-05T02:00Z"),
        ),
        (
            DAY,
            SAO_PAULO,
            "2018-02-18T02:30:00Z",
            "2018-02-17",
            "17 February 2018",
            ("2018-02-17T02:00Z", "2018-02-18T03:00Z"),
        ),
        (
            MONTH,
            SAO_PAULO,
            "2018-02-10T00:00:00Z",
            "2018-02",
            "February 2018",
            ("2018-02-01T02:00Z", "2018-03-01T03:00Z"),
        ),
        # ISO weeks: 2024-12-30 is a Monday of the first week of 2025.
        (WEEK, "UTC", "2024-12-31T10:00:00Z", "2025-W01", "Week 1 of 2025", ("2024-12-30T00:00Z", "2025-01-06T00:00Z")),
        (QUARTER, "UTC", "2024-12-31T23:59:00Z", "2024-Q4", "Q4 2024", ("2024-10-01T00:00Z", "2025-01-01T00:00Z")),
        (QUARTER, SAO_PAULO, "2018-10-01T02:59:00Z", "2018-Q3", "Q3 2018", ("2018-07-01T03:00Z", "2018-10-01T03:00Z")),
        (MONTH, "UTC", "2024-02-29T23:59:59Z", "2024-02", "February 2024", ("2024-02-01T00:00Z", "2024-03-01T00:00Z")),
        (YEAR, "UTC", "2024-01-01T00:00:00Z", "2024", "2024", ("2024-01-01T00:00Z", "2025-01-01T00:00Z")),
    ],
)
def test_the_period_that_holds_an_instant(  # a table of cases has a column for each part
    period: Period, zone: str, instant: str, name: str, title: str, expected: tuple[str, str]
) -> None:
    """Bounds are the zone's, and the name and the title say which period it is; the name leads back to it."""
    found = period_at(period, zone, utc(instant))
    assert (found.name, found.title, found.window) == (name, title, window(*expected))
    assert named_period(name, zone) == found


def test_the_period_before() -> None:
    """Before March is February, before the first quarter the last one of the year before."""
    assert period_before(named_period("2024-03", "UTC")) == named_period("2024-02", "UTC")
    assert period_before(named_period("2024-Q1", LISBON)) == named_period("2023-Q4", LISBON)
    assert period_before(named_period("2018-11-04", SAO_PAULO)) == named_period("2018-11-03", SAO_PAULO)


def test_a_rolling_period_is_calendar_days_up_to_a_minute() -> None:
    """Two days before noon are noon, through Lisbon's 25-hour day: 49 hours."""
    found = period_at(RollingPeriod(2), LISBON, utc("2024-10-28T12:00:42Z"))
    assert found.window == window("2024-10-26T11:00Z", "2024-10-28T12:00Z")
    assert (found.name, found.title) == ("2d to 2024-10-28T12:00:00Z", "2 days to 2024-10-28 12:00")
    assert period_before(found).window == window("2024-10-24T11:00Z", "2024-10-26T11:00Z")


@pytest.mark.parametrize("name", ["2024-13", "2024-W54", "2023-W53", "2024-Q5", "october", "2024-02-30", "24", "0000"])
def test_what_is_no_period_is_refused(name: str) -> None:
    """Months, weeks, quarters and days that there are not; 2023 has 52 weeks."""
    with pytest.raises(SelectionError, match="there is no period"):
        named_period(name, "UTC")


def test_a_day_that_a_zone_skipped_is_refused() -> None:
    """Samoa went from 2011-12-29 to 2011-12-31."""
    with pytest.raises(SelectionError, match="there is no period '2011-12-30' in Pacific/Apia"):
        named_period("2011-12-30", "Pacific/Apia")


def test_windows_without_exclusions() -> None:
    """Overlapping exclusions count once, those over an edge are cut, and all may be excluded."""
    whole = window("2024-01-01T00:00Z", "2024-01-02T00:00Z")
    excluded = [
        window("2024-01-01T10:00Z", "2024-01-01T12:00Z"),
        window("2023-12-31T22:00Z", "2024-01-01T01:00Z"),
        window("2024-01-01T11:00Z", "2024-01-01T13:00Z"),
        window("2024-01-01T23:00Z", "2024-01-02T03:00Z"),
    ]
    assert windows_without(whole, excluded) == (
        window("2024-01-01T01:00Z", "2024-01-01T10:00Z"),
        window("2024-01-01T13:00Z", "2024-01-01T23:00Z"),
    )
    assert windows_without(whole, []) == (whole,)
    assert windows_without(whole, [whole]) == ()
    assert windows_without(whole, [window("2024-01-02T00:00Z", "2024-01-03T00:00Z")]) == (whole,)


_HOURS = st.integers(0, 50)
_SPANS = st.tuples(_HOURS, st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(deadline=None)
@given(_SPANS, st.lists(_SPANS, max_size=5))
def test_what_is_left_is_the_difference_of_sets(whole: tuple[int, int], excluded: list[tuple[int, int]]) -> None:
    """Hour by hour: an hour is left exactly when it is in the window and in no exclusion; windows do not touch."""
    zero = utc("2024-01-01T00:00Z")
    windows = [Window(*(zero + timedelta(hours=each) for each in span)) for span in (whole, *excluded)]
    left = windows_without(windows[0], windows[1:])
    hours = {
        hour for each in left for hour in range(*((at - zero) // timedelta(hours=1) for at in (each.start, each.end)))
    }
    assert hours == set(range(*whole)).difference(*(range(*span) for span in excluded))
    assert all(one.end < other.start for one, other in pairwise(left))


def test_an_exclusion_applies_to_the_objectives_it_names() -> None:
    """Without names it applies to all; one that ends where the window starts takes nothing."""
    day = window("2024-01-01T00:00Z", "2024-01-02T00:00Z")
    everyone = Exclusion(day, "r", "a")
    uptime = Exclusion(day, "r", "a", ("uptime",))
    before = Exclusion(window("2023-12-31T00:00Z", "2024-01-01T00:00Z"), "r", "a")
    assert applied([everyone, uptime, before], "uptime", day) == (everyone, uptime)
    assert applied([everyone, uptime, before], "latency", day) == (everyone,)
