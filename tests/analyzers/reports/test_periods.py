"""Days, ISO weeks and months in a zone."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.language import english
from analyzers.reports.document import Kind
from analyzers.reports.periods import Period, last_complete, parse_period, period_of
from logging_lib.errors import AtalaiaError
from tests.analyzers.events import at

BERLIN = ZoneInfo("Europe/Berlin")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("kind", "text", "first", "title"),
    [
        (Kind.DAILY, "2024-02-29", date(2024, 2, 29), "2024-02-29"),
        (Kind.WEEKLY, " 2024w03 ", date(2024, 1, 15), "Week 3 of 2024"),
        (Kind.WEEKLY, "2020-W53", date(2020, 12, 28), "Week 53 of 2020"),
        (Kind.WEEKLY, "2025-W01", date(2024, 12, 30), "Week 1 of 2025"),
        (Kind.MONTHLY, "2024-12", date(2024, 12, 1), "December 2024"),
    ],
)
def test_periods_are_read(kind: Kind, text: str, first: date, title: str) -> None:
    """2020 had 53 weeks; the first week of 2025 begins in 2024."""
    found = parse_period(kind, text)
    assert (found.first, english(found.title)) == (first, title)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.DAILY, "2023-02-29"),
        (Kind.DAILY, "2024-01"),
        (Kind.DAILY, "2024-1-5"),
        (Kind.DAILY, "9999-12-31"),
        (Kind.WEEKLY, "2021-W53"),
        (Kind.WEEKLY, "2024-W00"),
        (Kind.WEEKLY, "2024-03"),
        (Kind.WEEKLY, ""),
        (Kind.MONTHLY, "2024-13"),
        (Kind.MONTHLY, "2024-W03"),
        (Kind.MONTHLY, "\u0662024-01"),
    ],
)
def test_what_is_no_period_is_refused(kind: Kind, text: str) -> None:
    """Another kind's name, a day that was not, the end of the calendar: the remedy shows a right one."""
    with pytest.raises(AtalaiaError) as caught:
        parse_period(kind, text)
    assert "such as 20" in caught.value.remedy


def test_a_period_begins_on_its_first_day() -> None:
    """A Tuesday begins no week, the second no month."""
    for kind in (Kind.WEEKLY, Kind.MONTHLY):
        with pytest.raises(ValueError, match="begins on 2024-01-02"):
            Period(kind, date(2024, 1, 2))


@pytest.mark.parametrize(
    ("period", "zone", "hours"),
    [
        (Period(Kind.DAILY, date(2024, 3, 31)), BERLIN, 23),
        (Period(Kind.DAILY, date(2024, 10, 27)), BERLIN, 25),
        (Period(Kind.WEEKLY, date(2024, 3, 25)), BERLIN, 167),
        (Period(Kind.MONTHLY, date(2024, 3, 1)), BERLIN, 31 * 24 - 1),
        (Period(Kind.MONTHLY, date(2024, 2, 1)), BERLIN, 29 * 24),
        (Period(Kind.DAILY, date(2018, 11, 4)), SAO_PAULO, 23),
    ],
)
def test_periods_follow_the_clock(period: Period, zone: ZoneInfo, hours: int) -> None:
    """Berlin loses an hour in March and gains one in October; Sao Paulo skipped a midnight in 2018."""
    assert period.window(zone).length == timedelta(hours=hours)


def test_the_last_complete_period_depends_on_the_zone() -> None:
    """At 23:30 UTC on Sunday, 31 December, it is Monday in Berlin: there day, week and month have ended."""
    now = at("2023-12-31T23:30:00Z")
    found = [str(last_complete(kind, now, zone)) for zone in (BERLIN, ZoneInfo("UTC")) for kind in Kind]
    assert found == ["2023-12-31", "2023-W52", "2023-12", "2023-12-30", "2023-W51", "2023-11"]


@given(
    st.sampled_from(Kind),
    st.dates(date(1971, 1, 1), date(2100, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_periods_tile_time(kind: Kind, day: date, zone: str) -> None:
    """Each ends where the next one starts, holds its days, and is read back from its name."""
    period, clock = period_of(kind, day), ZoneInfo(zone)
    assert period.previous.window(clock).end == period.window(clock).start
    assert period.first <= day < period.end
    assert day in period.days
    assert period.days[-1] + timedelta(days=1) == period.end
    assert parse_period(kind, str(period)) == period


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)))
def test_a_day_is_compared_with_the_same_weekday(day: date) -> None:
    """Seven days before, over ends of months and years."""
    before = period_of(Kind.DAILY, day).week_before
    assert (before.first.weekday(), day - before.first) == (day.weekday(), timedelta(days=7))
