"""Cron lines in cron's own meaning, through the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atalaia.scheduler.cron import Cron
from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.schedule import Every

LISBON, NEW_YORK, UTC_ZONE = ZoneInfo("Europe/Lisbon"), ZoneInfo("America/New_York"), ZoneInfo("UTC")


def at(text: str) -> datetime:
    """Return a UTC instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(line: str, zone: ZoneInfo, start: str, count: int) -> list[str]:
    """Return the next instants after one, in UTC."""
    cron, found = Cron(line, zone), at(start)
    shown = []
    for _ in range(count):
        found = cron.after(found)
        shown.append(found.strftime("%Y-%m-%d %H:%M"))
    return shown


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*/20 * * * *", ["2024-01-15 10:40", "2024-01-15 11:00", "2024-01-15 11:20"]),
        ("0 6 * * 1", ["2024-01-22 06:00", "2024-01-29 06:00"]),
        ("0 6 * * mon", ["2024-01-22 06:00", "2024-01-29 06:00"]),
        ("0 6 * * 0", ["2024-01-21 06:00", "2024-01-28 06:00"]),
        ("0 6 * * 7", ["2024-01-21 06:00", "2024-01-28 06:00"]),
        ("0 6 * * 5-7", ["2024-01-19 06:00", "2024-01-20 06:00", "2024-01-21 06:00", "2024-01-26 06:00"]),
        ("30 6,18 31 * *", ["2024-01-31 06:30", "2024-01-31 18:30", "2024-03-31 06:30"]),
        ("0 0 29 2 *", ["2024-02-29 00:00", "2028-02-29 00:00"]),
        ("0 0 1 jan-mar/2 *", ["2024-03-01 00:00", "2025-01-01 00:00"]),
        ("15/20 10 * * *", ["2024-01-15 10:35", "2024-01-15 10:55", "2024-01-16 10:15"]),
        ("@weekly", ["2024-01-21 00:00", "2024-01-28 00:00"]),
        ("0 12 20 * tue", ["2024-01-16 12:00", "2024-01-20 12:00", "2024-01-23 12:00"]),
    ],
)
def test_a_line_means_what_crontab_says(line: str, expected: list[str]) -> None:
    """From Monday, 15 January 2024, 10:30 UTC; Sunday is 0 and 7; of day and weekday either will do."""
    assert times(line, UTC_ZONE, "2024-01-15 10:30", len(expected)) == expected


def test_a_day_of_23_hours_runs_a_night_job_once() -> None:
    """In New York 02:30 of 10 March 2024 is left out: the job runs once, an hour later by the clock."""
    assert times("30 2 * * *", NEW_YORK, "2024-03-09 12:00", 2) == ["2024-03-10 07:30", "2024-03-11 06:30"]


def test_a_day_of_25_hours_runs_a_night_job_once() -> None:
    """In Lisbon 01:30 of 27 October 2024 comes twice (00:30 and 01:30 UTC): the job runs at the first."""
    expected = ["2024-10-27 00:30", "2024-10-28 01:30"]
    assert times("30 1 * * *", LISBON, "2024-10-26 12:00", 2) == expected


def test_a_job_of_every_half_hour_runs_in_both_hours() -> None:
    """Elapsed time goes on: on 27 October, 01:00 and 01:30 come twice in Lisbon."""
    expected = ["2024-10-27 00:00", "2024-10-27 00:30", "2024-10-27 01:00", "2024-10-27 01:30", "2024-10-27 02:00"]
    assert times("*/30 * * * *", LISBON, "2024-10-26 23:30", 5) == expected


def test_a_job_of_every_half_hour_skips_nothing_and_doubles_nothing_in_spring() -> None:
    """On 31 March 2024 the clock of Lisbon goes from 01:00 to 02:00: still every half hour."""
    expected = ["2024-03-31 00:30", "2024-03-31 01:00", "2024-03-31 01:30", "2024-03-31 02:00"]
    assert times("*/30 * * * *", LISBON, "2024-03-31 00:00", 4) == expected


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("* * * *", "has 4"),
        ("60 * * * *", "minute '60' of a cron line is not within 0 to 59"),
        ("* * * * 8", "weekday '8'"),
        ("*/0 * * * *", "names nothing"),
        ("30-10 * * * *", "names nothing"),
        ("a * * * *", "minute 'a'"),
        ("1,,2 * * * *", "cannot be read"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 last * *", "day 'last'"),
        ("* * * * * *", "has 6"),
        ("", "has 0"),
    ],
)
def test_a_line_that_is_none_is_refused(line: str, complaint: str) -> None:
    """The message names field and text."""
    with pytest.raises(ScheduleError, match=r".") as refused:
        Cron(line, UTC_ZONE)
    assert complaint in str(refused.value)


INSTANTS = st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # see there


def field(lowest: int, highest: int) -> st.SearchStrategy[str]:
    """Return texts of a field."""
    numbers = st.integers(lowest, highest)
    listed = st.lists(numbers, min_size=1, max_size=3).map(lambda each: ",".join(map(str, each)))
    return st.one_of(st.just("*"), listed, st.integers(1, 30).map("*/{}".format))


@settings(deadline=None)  # a day is gone through minute by minute
@given(field(0, 59), field(0, 23), field(0, 6), INSTANTS, st.sampled_from((LISBON, NEW_YORK, UTC_ZONE)))
def test_the_next_time_is_the_first_that_matches(  # the line's parts
    minute: str, hour: str, weekday: str, start: datetime, zone: ZoneInfo
) -> None:
    """Going through the minutes one by one, nothing between the start and the found time is of the line."""
    cron = Cron(f"{minute} {hour} * * {weekday}", zone)
    found = cron.after(start)
    assert found > start
    minutes, hours, weekdays = cron.numbers(0), cron.numbers(1), cron.numbers(4)
    probe = start.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(24 * 60):
        if probe >= found:
            break
        local = probe.astimezone(zone)
        matches = local.minute in minutes and local.hour in hours and local.isoweekday() % 7 in weekdays
        assert not matches or (local.fold == 1 and not hour.startswith("*"))
        probe += timedelta(minutes=1)


def test_every_is_anchored() -> None:
    """A restart moves nothing: five minutes are the multiples of five."""
    every = Every(timedelta(minutes=5))
    assert every.after(at("2024-01-15 10:32")) == at("2024-01-15 10:35")
    assert every.after(at("2024-01-15 10:35")) == at("2024-01-15 10:40")
