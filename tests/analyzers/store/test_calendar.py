"""Calendar buckets are those of the wall clock, through every kind of change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.calendar import bucket_edges, bucket_runs, bucket_starts
from analyzers.store.query import Calendar, CalendarUnit, QueryError, Window

_ZONES = ("UTC", "Europe/Lisbon", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")


def _window(start: str, end: str) -> Window:
    return Window(datetime.fromisoformat(start).replace(tzinfo=UTC), datetime.fromisoformat(end).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("unit", "zone", "start", "end", "edges"),
    [
        # Lisbon, 27 October 2024: 02:00 WEST becomes 01:00 WET at 01:00Z; the day has 25 hours.
        ("day", "Europe/Lisbon", "2024-10-27", "2024-10-28T12:00", ["10-26T23", "10-28T00", "10-29T00"]),
        ("hour", "Europe/Lisbon", "2024-10-27T00:00", "2024-10-27T02:00", ["10-27T00", "10-27T01", "10-27T02"]),
        # São Paulo, 4 November 2018: midnight became 01:00 at 03:00Z; the day begins at the jump and has 23 hours.
        ("day", "America/Sao_Paulo", "2018-11-04T03:00", "2018-11-05T02:00", ["11-04T03", "11-05T02"]),
        # Lord Howe, 6 October 2024: 02:00 became 02:30 at 15:30Z, so 03:00 comes 90 minutes after 01:00.
        (
            "hour",
            "Australia/Lord_Howe",
            "2024-10-05T14:30",
            "2024-10-05T17:00",
            ["10-05T14:30", "10-05T16", "10-05T17"],
        ),
        # Samoa had no 30 December 2011: the 29th ends where the 31st begins, at 10:00Z.
        ("day", "Pacific/Apia", "2011-12-29T10:00", "2011-12-31T10:00", ["12-29T10", "12-30T10", "12-31T10"]),
        ("week", "UTC", "2024-01-01", "2024-01-08", ["01-01T00", "01-08T00"]),
        ("month", "UTC", "2024-02-10", "2024-03-02", ["02-01T00", "03-01T00", "04-01T00"]),
    ],
)
def test_edges_worked_out_by_hand(unit: str, zone: str, start: str, end: str, edges: list[str]) -> None:
    """Repeated hours, skipped midnights, half-hour changes, a skipped date, weeks and months."""
    window = _window(start, end)
    expected = [datetime.fromisoformat(f"{window.start.year}-{edge}").replace(tzinfo=UTC) for edge in edges]
    assert list(bucket_starts(Calendar(CalendarUnit(unit), zone), window)) == expected


@given(
    st.sampled_from(CalendarUnit),
    st.sampled_from(_ZONES),
    st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1)),  # noqa: DTZ001 - made aware below
    st.timedeltas(timedelta(milliseconds=1), timedelta(days=3)),
)
def test_runs_are_the_edges_and_cover_the_window(
    unit: CalendarUnit, zone: str, start: datetime, length: timedelta
) -> None:
    """Runs name the same buckets as the edges do, in order, without a gap; the first and the last touch the window."""
    window = Window(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + length)
    calendar = Calendar(unit, zone)
    edges = bucket_edges(calendar, window)
    runs = bucket_runs(calendar, window)
    assert [run.start + index * run.length for run in runs for index in range(run.count)] == list(edges[:-1])
    assert runs[-1].end == edges[-1]
    starts = bucket_starts(calendar, window)
    assert starts[0] <= window.start + timedelta(milliseconds=1)
    assert starts[1] > window.start
    assert starts[-2] < window.end + timedelta(milliseconds=1)
    assert starts[-1] >= window.end


def test_an_unknown_zone_is_refused() -> None:
    """A zone that does not exist is a mistake in the query, not a crash."""
    with pytest.raises(QueryError, match="Mars/Olympus"):
        bucket_edges(Calendar(CalendarUnit.DAY, "Mars/Olympus"), _window("2024-01-01", "2024-01-02"))


def test_the_end_of_the_calendar_is_refused() -> None:
    """Dates beyond the year 9999 cannot be said; the query is refused with a remedy."""
    with pytest.raises(QueryError, match="end of the calendar"):
        bucket_edges(Calendar(CalendarUnit.MONTH, "UTC"), _window("9999-12-01", "9999-12-31"))
