"""Calendar buckets where clocks change: starts and counts worked out by hand from the zones' published rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from analyzers.store.interface import Store
from analyzers.store.query import Calendar, CalendarUnit, Count, Window
from tests.store_conformance.events import ask, fill, shown

HOUR, DAY, WEEK, MONTH = CalendarUnit.HOUR, CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.MONTH
QUARTER, YEAR = CalendarUnit.QUARTER, CalendarUnit.YEAR

_CASES = {
    # Clocks go back at 02:00 WEST (01:00Z) to 01:00 WET: the hour 01 runs twice, 25 hours in the day.
    "Lisbon, a repeated hour is two": (
        Calendar(HOUR, "Europe/Lisbon"),
        ["2024-10-27T00:00:00Z", "2024-10-27T00:59:59.999Z", "2024-10-27T01:00:00Z", "2024-10-27T02:00:00Z"],
        [["2024-10-27T01:00:00+01:00", 2], ["2024-10-27T01:00:00+00:00", 1], ["2024-10-27T02:00:00+00:00", 1]],
    ),
    "Lisbon, 25 hours are one day": (
        Calendar(DAY, "Europe/Lisbon"),
        ["2024-10-26T22:59:59.999Z", "2024-10-26T23:00:00Z", "2024-10-27T23:59:59.999Z", "2024-10-28T00:00:00Z"],
        [["2024-10-26T00:00:00+01:00", 1], ["2024-10-27T00:00:00+01:00", 2], ["2024-10-28T00:00:00+00:00", 1]],
    ),
    "Lisbon, 23 hours are one day": (
        Calendar(DAY, "Europe/Lisbon"),
        ["2024-03-31T00:00:00Z", "2024-03-31T22:59:59.999Z", "2024-03-31T23:00:00Z"],
        [["2024-03-31T00:00:00+00:00", 2], ["2024-04-01T00:00:00+01:00", 1]],
    ),
    # Clocks went from 00:00 to 01:00 on 4 November 2018 (03:00Z): the day has no midnight.
    "São Paulo, a day without midnight": (
        Calendar(DAY, "America/Sao_Paulo"),
        ["2018-11-04T02:59:59.999Z", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59Z", "2018-11-05T02:00:00Z"],
        [["2018-11-03T00:00:00-03:00", 1], ["2018-11-04T01:00:00-02:00", 2], ["2018-11-05T00:00:00-02:00", 1]],
    ),
    # Clocks went from 24:00 on 17 February 2018 (02:00Z) back to 23:00.
    "São Paulo, 25 hours are one day": (
        Calendar(DAY, "America/Sao_Paulo"),
        ["2018-02-17T02:00:00Z", "2018-02-18T02:30:00Z", "2018-02-18T02:59:59.999Z", "2018-02-18T03:00:00Z"],
        [["2018-02-17T00:00:00-02:00", 3], ["2018-02-18T00:00:00-03:00", 1]],
    ),
    # Clocks go back by half an hour at 02:00 (15:00Z) to 01:30: the hour 01 lasts 90 minutes.
    "Lord Howe, an hour of 90 minutes": (
        Calendar(HOUR, "Australia/Lord_Howe"),
        ["2024-04-06T14:00:00Z", "2024-04-06T15:10:00Z", "2024-04-06T15:29:59.999Z", "2024-04-06T15:30:00Z"],
        [["2024-04-07T01:00:00+11:00", 3], ["2024-04-07T02:00:00+10:30", 1]],
    ),
    # Clocks go on by half an hour at 02:00 (15:30Z) to 02:30: the hour 02 never starts.
    "Lord Howe, an hour that never starts": (
        Calendar(HOUR, "Australia/Lord_Howe"),
        ["2024-10-05T14:30:00Z", "2024-10-05T15:45:00Z", "2024-10-05T16:00:00Z"],
        [["2024-10-06T01:00:00+10:30", 2], ["2024-10-06T03:00:00+11:00", 1]],
    ),
    # Samoa had no 30 December 2011: from 23:59:59 on the 29th, at 10:00Z on the 30th, to 00:00 on the 31st.
    "Apia, a day that was skipped": (
        Calendar(DAY, "Pacific/Apia"),
        ["2011-12-30T09:59:59.999Z", "2011-12-30T10:00:00Z"],
        [["2011-12-29T00:00:00-10:00", 1], ["2011-12-31T00:00:00+14:00", 1]],
    ),
    # Clocks went from 23:30 on 30 March 1919 (04:30Z) to 00:30.
    "Toronto, a midnight inside the hour that was skipped": (
        Calendar(DAY, "America/Toronto"),
        ["1919-03-30T05:00:00Z", "1919-03-31T04:29:59.999Z", "1919-03-31T04:30:00Z", "1919-04-01T04:00:00Z"],
        [["1919-03-30T00:00:00-05:00", 2], ["1919-03-31T00:30:00-04:00", 1], ["1919-04-01T00:00:00-04:00", 1]],
    ),
    "weeks start on Monday": (
        Calendar(WEEK, "UTC"),
        ["2023-12-31T23:59:59.999Z", "2024-01-01T00:00:00Z", "2024-01-07T23:59:59Z", "2024-01-08T00:00:00Z"],
        [["2023-12-25T00:00:00+00:00", 1], ["2024-01-01T00:00:00+00:00", 2], ["2024-01-08T00:00:00+00:00", 1]],
    ),
    "months have their own lengths": (
        Calendar(MONTH, "America/Sao_Paulo"),
        ["2024-02-01T02:59:59Z", "2024-02-01T03:00:00Z", "2024-03-01T02:59:59Z", "2024-03-01T03:00:00Z"],
        [["2024-01-01T00:00:00-03:00", 1], ["2024-02-01T00:00:00-03:00", 2], ["2024-03-01T00:00:00-03:00", 1]],
    ),
    # Lisbon's clocks change on 31 March: the first quarter of 2024 has an hour less, its last day 23.
    "quarters, each in its own offset": (
        Calendar(QUARTER, "Europe/Lisbon"),
        [
            "2023-12-31T23:59:59.999Z",
            "2024-01-01T00:00:00Z",
            "2024-03-31T22:59:59.999Z",
            "2024-03-31T23:00:00Z",
            "2024-06-30T23:00:00Z",
            "2024-09-30T23:00:00Z",
            "2024-12-31T23:59:59Z",
        ],
        [
            ["2023-10-01T00:00:00+01:00", 1],
            ["2024-01-01T00:00:00+00:00", 2],
            ["2024-04-01T00:00:00+01:00", 1],
            ["2024-07-01T00:00:00+01:00", 1],
            ["2024-10-01T00:00:00+01:00", 2],
        ],
    ),
    "years, in the zone": (
        Calendar(YEAR, "America/Sao_Paulo"),
        ["2024-01-01T02:59:59.999Z", "2024-01-01T03:00:00Z", "2024-12-31T23:00:00Z", "2025-01-01T03:00:00Z"],
        [["2023-01-01T00:00:00-03:00", 1], ["2024-01-01T00:00:00-03:00", 2], ["2025-01-01T00:00:00-03:00", 1]],
    ),
    "weeks and a repeated hour": (  # the week of Monday, 21 October 2024, has 169 hours in Lisbon
        Calendar(WEEK, "Europe/Lisbon"),
        ["2024-10-20T22:59:59Z", "2024-10-20T23:00:00Z", "2024-10-27T23:59:59.999Z", "2024-10-28T00:00:00Z"],
        [["2024-10-14T00:00:00+01:00", 1], ["2024-10-21T00:00:00+01:00", 2], ["2024-10-28T00:00:00+00:00", 1]],
    ),
    "Lord Howe, half an hour less in a day": (  # 6 October 2024 has 23 hours and a half
        Calendar(DAY, "Australia/Lord_Howe"),
        ["2024-10-05T13:29:59Z", "2024-10-05T13:30:00Z", "2024-10-06T12:59:59.999Z", "2024-10-06T13:00:00Z"],
        [["2024-10-05T00:00:00+10:30", 1], ["2024-10-06T00:00:00+10:30", 2], ["2024-10-07T00:00:00+11:00", 1]],
    ),
    "Lord Howe, half an hour more in a day": (  # 7 April 2024 has 24 hours and a half
        Calendar(DAY, "Australia/Lord_Howe"),
        ["2024-04-06T12:59:59Z", "2024-04-06T13:00:00Z", "2024-04-07T13:29:59.999Z", "2024-04-07T13:30:00Z"],
        [["2024-04-06T00:00:00+11:00", 1], ["2024-04-07T00:00:00+11:00", 2], ["2024-04-08T00:00:00+10:30", 1]],
    ),
    # The Friday that Samoa skipped leaves a week of six days, a December of thirty, a last quarter of 91.
    "Apia, a week of six days": (
        Calendar(WEEK, "Pacific/Apia"),
        ["2011-12-26T09:59:59Z", "2011-12-26T10:00:00Z", "2011-12-30T10:00:00Z", "2012-01-01T10:00:00Z"],
        [["2011-12-19T00:00:00-10:00", 1], ["2011-12-26T00:00:00-10:00", 2], ["2012-01-02T00:00:00+14:00", 1]],
    ),
    "Apia, a quarter that ends a day early": (
        Calendar(QUARTER, "Pacific/Apia"),
        ["2011-12-30T09:59:59Z", "2011-12-31T09:59:59.999Z", "2011-12-31T10:00:00Z"],
        [["2011-10-01T00:00:00-10:00", 2], ["2012-01-01T00:00:00+14:00", 1]],
    ),
    "weeks before 1970": (
        Calendar(WEEK, "UTC"),
        ["1969-12-28T23:59:59.999Z", "1969-12-29T00:00:00Z", "1970-01-04T23:59:59Z", "1970-01-05T00:00:00Z"],
        [["1969-12-22T00:00:00+00:00", 1], ["1969-12-29T00:00:00+00:00", 2], ["1970-01-05T00:00:00+00:00", 1]],
    ),
    "before 1970": (
        Calendar(HOUR, "Europe/Lisbon"),
        ["1965-06-01T10:59:59.999Z", "1965-06-01T11:00:00Z"],
        [["1965-06-01T11:00:00+01:00", 1], ["1965-06-01T12:00:00+01:00", 1]],
    ),
    "minutes": (
        Calendar(CalendarUnit.MINUTE, "Asia/Kathmandu"),
        ["2024-01-01T00:00:59.999Z", "2024-01-01T00:01:00Z"],
        [["2024-01-01T05:45:00+05:45", 1], ["2024-01-01T05:46:00+05:45", 1]],
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_buckets_follow_the_zone(store: Store, stream: str, case: str) -> None:
    """Buckets start and hold what the zone's rules say."""
    calendar, instants, expected = _CASES[case]
    fill(store, stream, [(at, {}) for at in instants])
    assert shown(ask(store, stream, Count(), by=(calendar,))) == expected


_SEASONS = {
    "Europe/Lisbon": "2024-10-26T00:30:00",
    "America/Sao_Paulo": "2018-11-03T00:30:00",
    "Australia/Lord_Howe": "2024-10-04T00:30:00",
    "Pacific/Apia": "2011-12-29T00:30:00",
}


def test_buckets_sum_to_the_whole(store: Store, stream: str) -> None:
    """An event every 20 minutes for four days around each change: every one is in one bucket, none is in two.

    No bucket that a day or less fits is longer than 25 hours, which are 75 events.
    """
    starts = [datetime.fromisoformat(start).replace(tzinfo=UTC) for start in _SEASONS.values()]
    instants = [start + timedelta(minutes=20 * step) for start in starts for step in range(288)]
    fill(store, stream, [(at.isoformat(), {}) for at in instants])
    for (zone, start), unit in product(zip(_SEASONS, starts, strict=True), CalendarUnit):
        window = Window(start, start + timedelta(days=4))
        counts = [row["m0"] for row in ask(store, stream, Count(), by=(Calendar(unit, zone),), window=window)]
        assert sum(count for count in counts if isinstance(count, int)) == 288
        if unit in {CalendarUnit.MINUTE, HOUR, DAY}:
            assert all(isinstance(count, int) and count <= 75 for count in counts)
