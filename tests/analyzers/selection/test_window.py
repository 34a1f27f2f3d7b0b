"""Windows and durations, as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.selection import parse_duration, parse_window, parse_zone
from analyzers.selection.errors import SelectionError
from analyzers.selection.window import midnight, parse_instant
from analyzers.store.query import QueryError, Window
from tests.analyzers.events import at

NOW = at("2024-01-15T10:30:00Z")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BERLIN = ZoneInfo("Europe/Berlin")
HELD = Window(at("2024-01-01T00:00:00Z"), at("2024-01-14T00:00:00Z"))


def window(since: str | None = None, until: str | None = None, length: str | None = None) -> Window:
    """Read the three options in São Paulo (UTC-3) at ``NOW``."""
    return parse_window(since, until, length, now=NOW, zone=SAO_PAULO, extent=HELD)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("now", "2024-01-15T10:30:00Z"),
        ("today", "2024-01-15T03:00:00Z"),
        ("Yesterday", "2024-01-14T03:00:00Z"),
        ("-24h", "2024-01-14T10:30:00Z"),
        ("15m ago", "2024-01-15T10:15:00Z"),
        ("2024-01-10", "2024-01-10T03:00:00Z"),
        ("2024-01-10T12:00:00Z", "2024-01-10T12:00:00Z"),
        ("2024-01-10t12:00:00.5z", "2024-01-10T12:00:00.500Z"),
        ("2024-01-10T12:00:00+02:00", "2024-01-10T10:00:00Z"),
        ("2024-01-10 12:00", "2024-01-10T15:00:00Z"),
    ],
)
def test_instants(typed: str, meant: str) -> None:
    """Each form means the instant worked out by hand for São Paulo."""
    assert parse_instant(typed, now=NOW, zone=SAO_PAULO) == at(meant)


@pytest.mark.parametrize(
    "typed", ["", "tomorrowish", "2024-02-30", "2024-1-5", "24h", "-0h", "12:00", "20240110", "2024-01-10T25:00"]
)
def test_what_is_no_instant_is_refused(typed: str) -> None:
    """A form that is not understood is refused with the forms that are."""
    with pytest.raises(SelectionError):
        parse_instant(typed, now=NOW, zone=SAO_PAULO)


def test_nothing_given_is_everything_held() -> None:
    """Without options the window is the store's extent."""
    assert window() == HELD


def test_an_empty_store_needs_a_window() -> None:
    """Without options and events there is no window to speak of; with a duration there is."""
    with pytest.raises(SelectionError, match="holds no events"):
        parse_window(None, None, None, now=NOW, zone=SAO_PAULO, extent=None)
    assert parse_window(None, None, "1h", now=NOW, zone=SAO_PAULO, extent=None).end == NOW


def test_the_options_combine() -> None:
    """A duration ends at --until or now, or starts at --since; --since ends now; --until starts with the events."""
    assert window(length="15m") == Window(NOW - timedelta(minutes=15), NOW)
    assert window(until="2024-01-10", length="1h") == Window(at("2024-01-10T02:00:00Z"), at("2024-01-10T03:00:00Z"))
    assert window(since="2024-01-10", length="1h") == Window(at("2024-01-10T03:00:00Z"), at("2024-01-10T04:00:00Z"))
    assert window(since="2024-01-10") == Window(at("2024-01-10T03:00:00Z"), NOW)
    assert window(until="2024-01-10") == Window(HELD.start, at("2024-01-10T03:00:00Z"))


def test_too_much_or_reversed_is_refused() -> None:
    """All three options together contradict each other, and a window does not run backwards."""
    with pytest.raises(SelectionError, match="too much"):
        window("2024-01-01", "2024-01-02", "1h")
    with pytest.raises(QueryError, match="empty"):
        window("2024-01-02", "2024-01-01")


def test_days_are_calendar_days_and_hours_elapse() -> None:
    """Before noon on 31 March 2024, when Berlin lost an hour: a day back is noon (23 h), 24 hours back is 11:00."""
    noon = at("2024-03-31T12:00:00+02:00")
    assert parse_duration("1d").before(noon, BERLIN) == at("2024-03-30T12:00:00+01:00")
    assert parse_duration("24h").before(noon, BERLIN) == at("2024-03-30T11:00:00+01:00")
    assert parse_duration("1w").after(at("2024-03-25T00:00:00+01:00"), BERLIN) == at("2024-04-01T00:00:00+02:00")


def test_midnight_where_it_is_skipped_or_repeated() -> None:
    """São Paulo had no midnight on 4 November 2018; Havana had two on 5 November 2023."""
    assert midnight(date(2018, 11, 4), SAO_PAULO) == at("2018-11-04T03:00:00Z")
    assert midnight(date(2023, 11, 5), ZoneInfo("America/Havana")) == at("2023-11-05T04:00:00Z")


@pytest.mark.parametrize("typed", ["", "h", "15", "-15m", "1.5h", "0m", "15 m", "1y", "\u0661h"])
def test_what_is_no_duration_is_refused(typed: str) -> None:
    """Only a positive whole number and a unit is a duration."""
    with pytest.raises(SelectionError, match="not a duration"):
        parse_duration(typed)


def test_a_duration_beyond_the_calendar_is_refused() -> None:
    """A million weeks back is before year 1: one clear line, no overflow."""
    with pytest.raises(SelectionError, match="outside the years"):
        window(length="999999999w")


def test_an_unknown_zone_suggests_the_nearest() -> None:
    """A misspelt zone is answered with the right one."""
    with pytest.raises(SelectionError, match="America/Sao_Paulo"):
        parse_zone("America/Sao_Paolo")
    assert parse_zone("Europe/Berlin") == BERLIN


@given(
    st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is given apart
    st.integers(1, 500),
    st.sampled_from(["s", "m", "h"]),
    st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana"]),
)
def test_elapsed_durations_are_exact(moment: datetime, number: int, unit: str, zone: str) -> None:
    """In every zone, a window of n seconds, minutes or hours is that long, and ends now."""
    found = parse_window(None, None, f"{number}{unit}", now=moment, zone=ZoneInfo(zone), extent=None)
    assert found.end == moment
    assert found.length.total_seconds() == number * {"s": 1, "m": 60, "h": 3600}[unit]


@given(
    st.datetimes(min_value=datetime(1980, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is given apart
    st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"]),
)
def test_instants_written_in_a_zone_are_read_back(moment: datetime, zone: str) -> None:
    """An instant written with its offset is the same instant, wherever it is read."""
    local = moment.astimezone(ZoneInfo(zone))
    assert parse_instant(local.isoformat(), now=NOW, zone=BERLIN) == moment
    today = parse_instant("today", now=moment, zone=ZoneInfo(zone))
    assert today <= moment
    assert today.astimezone(ZoneInfo(zone)).date() == local.date()
