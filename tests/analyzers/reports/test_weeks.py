"""ISO weeks in a zone."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.reports import IsoWeek, last_complete_week, parse_week
from analyzers.reports.weeks import week_of
from logging_lib.errors import AtalaiaError
from tests.analyzers.events import at

BERLIN = ZoneInfo("Europe/Berlin")


def test_weeks_are_read_and_refused() -> None:
    """2020 had 53 weeks, 2021 had 52."""
    assert parse_week("2024-W03") == parse_week(" 2024w03 ") == IsoWeek(2024, 3)
    assert str(parse_week("2020-W53")) == "2020-W53"
    for text in ("2021-W53", "2024-W00", "2024-03", "", "2024-W3"):
        with pytest.raises(AtalaiaError, match="week"):
            parse_week(text)


def test_weeks_follow_the_clock() -> None:
    """Berlin lost an hour on 31 March 2024 and gained one on 27 October."""
    assert IsoWeek(2024, 13).window(BERLIN).length == timedelta(hours=167)
    assert IsoWeek(2024, 43).window(BERLIN).length == timedelta(hours=169)
    assert IsoWeek(2024, 13).window(BERLIN).start == at("2024-03-25T00:00:00+01:00")
    assert IsoWeek(2024, 13).window(BERLIN).end == at("2024-04-01T00:00:00+02:00")


def test_the_last_complete_week_depends_on_the_zone() -> None:
    """At 23:30 UTC on Sunday it is Monday in Berlin: there the week has ended, in UTC it has not."""
    now = at("2024-01-21T23:30:00Z")
    assert last_complete_week(now, BERLIN) == IsoWeek(2024, 3)
    assert last_complete_week(now, ZoneInfo("UTC")) == IsoWeek(2024, 2)


@given(st.dates(date(1971, 1, 1), date(2100, 1, 1)), st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo"]))
def test_weeks_tile_time(day: date, zone: str) -> None:
    """Each week ends where the next one starts."""
    week = week_of(day)
    assert week.previous.window(ZoneInfo(zone)).end == week.window(ZoneInfo(zone)).start
    assert week.monday <= day < week.monday + timedelta(days=7)
