"""Joda-Time patterns, against the standard library's printing and zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atalaia.pipeline.filters.date_local import zone_by_id
from atalaia.pipeline.filters.joda import compile_joda
from atalaia.pipeline.timestamp import Timestamp

NOW = datetime(2026, 3, 14, tzinfo=UTC)
SAME = [  # Joda-Time's pattern, strftime's
    ("yyyy-MM-dd HH:mm:ss", "%Y-%m-%d %H:%M:%S"),
    ("yyyyMMddHHmmss", "%Y%m%d%H%M%S"),
    ("EEEE, d MMMM yyyy h:mm:ss a", "%A, %d %B %Y %I:%M:%S %p"),
    ("EEE MMM dd HH:mm:ss yyyy", "%a %b %d %H:%M:%S %Y"),
    ("D/yyyy 'at' HH.mm.ss", "%j/%Y at %H.%M.%S"),
    ("dd/MMM/yyyy:HH:mm:ss Z", "%d/%b/%Y:%H:%M:%S +0000"),
]
MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2099, 12, 31)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001 - local times are what is parsed


def parse(pattern: str, text: str, zone: str = "UTC", now: datetime = NOW) -> str:
    """Return what a text stands for, printed."""
    return str(compile_joda(pattern, lambda: now).parse(text, zone_by_id(zone)))


@pytest.mark.parametrize(("joda", "strftime"), SAME)
@given(at=MOMENTS)
def test_what_strftime_prints_is_read(joda: str, strftime: str, at: datetime) -> None:
    """A time printed by the standard library is read back."""
    assert compile_joda(joda, lambda: NOW).parse(at.strftime(strftime), UTC) == Timestamp.from_datetime(at)


@given(at=MOMENTS, name=st.sampled_from(["Europe/Lisbon", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata"]))
def test_zones(at: datetime, name: str) -> None:
    """An instant printed in a zone is read back; of a time that occurs twice, the earlier instant is."""
    local = at.replace(tzinfo=UTC).astimezone(ZoneInfo(name)).replace(tzinfo=None)
    read = compile_joda("yyyy-MM-dd HH:mm:ss", lambda: NOW).parse(f"{local:%Y-%m-%d %H:%M:%S}", ZoneInfo(name))
    back = read.to_datetime()
    assert back.astimezone(ZoneInfo(name)).replace(tzinfo=None) == local
    assert timedelta(0) <= at.replace(tzinfo=UTC) - back <= timedelta(hours=1)


READ = [
    ("yy-MM-dd", "45-01-02", "2045-01-02T00:00:00.000Z"),  # 2026 + 19 is the last year ahead
    ("yy-MM-dd", "46-01-02", "1946-01-02T00:00:00.000Z"),  # 2026 - 80 the first behind
    ("yyMMdd", "260314", "2026-03-14T00:00:00.000Z"),
    ("HH:mm dd.MM.yyyy", "24:00 01.01.2026", None),
    ("kk:mm dd.MM.yyyy", "24:30 01.01.2026", "2026-01-01T00:30:00.000Z"),
    ("KK a yyyy-MM-dd", "11 pm 2026-01-01", "2026-01-01T23:00:00.000Z"),
    ("yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZ", "2026-01-01T00:00:00.123987-01:30", "2026-01-01T01:30:00.123Z"),
    ("yyyy 'o''clock' HH", "2026 O'CLOCK 07", "2026-01-01T07:00:00.000Z"),
    ("yyyy-MM-dd HH:mm ZZZ", "2026-07-01 12:00 Asia/Kolkata", "2026-07-01T06:30:00.000Z"),
    ("yyyy-MM-dd HH:mm z", "2026-07-01 12:00 EST", "2026-07-01T16:00:00.000Z"),  # New York's time, which is EDT then
    ("MMM dd yyyy", "mAr 14 2026", None),
    ("yyyy-MM-dd", "2026-02-29", None),
    ("yyyy-MM-dd", "2026-03-14x", None),
]


@pytest.mark.parametrize(("pattern", "text", "expected"), READ)
def test_reading(pattern: str, text: str, expected: str | None) -> None:
    """Values worked out by Joda-Time's documentation; None is refused."""
    if expected is not None:
        assert parse(pattern, text) == expected
        return
    with pytest.raises(ValueError, match=r"."):
        parse(pattern, text)


YEARS = [
    (datetime(2026, 1, 2, tzinfo=UTC), "Dec 31 23:59", "2025-12-31T23:59:00.000Z"),
    (datetime(2026, 12, 31, tzinfo=UTC), "Jan 01 00:00", "2027-01-01T00:00:00.000Z"),
    (datetime(2026, 6, 1, tzinfo=UTC), "Dec 31 00:00", "2026-12-31T00:00:00.000Z"),
    (datetime(2026, 6, 1, tzinfo=UTC), "Feb 29 00:00", "2026-02-28T00:00:00.000Z"),
    (datetime(2028, 6, 1, tzinfo=UTC), "Feb 29 00:00", "2028-02-29T00:00:00.000Z"),
]


@pytest.mark.parametrize(("now", "text", "expected"), YEARS)
def test_a_missing_year_is_guessed(now: datetime, text: str, expected: str) -> None:
    """The present year holds, but around New Year December is last year's and January next year's."""
    assert parse("MMM dd HH:mm", text, now=now) == expected


@pytest.mark.parametrize("pattern", ["yyyy-bb", "zzzz", "yyyy 'open"])
def test_bad_patterns_are_refused(pattern: str) -> None:
    """Letters without a meaning, names that can only be printed and open quotes are refused when compiled."""
    with pytest.raises(ValueError, match=r"."):
        compile_joda(pattern, lambda: NOW)
