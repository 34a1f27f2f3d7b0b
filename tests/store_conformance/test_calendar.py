"""Calendar buckets where clocks change: starts and counts worked out by hand from the zones' published rules."""

from __future__ import annotations

import pytest

from analyzers.store.interface import Store
from analyzers.store.query import Calendar, CalendarUnit, Count
from tests.store_conformance.events import ask, fill, shown

HOUR, DAY, WEEK, MONTH = CalendarUnit.HOUR, CalendarUnit.DAY, CalendarUnit.WEEK, CalendarUnit.MONTH

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
