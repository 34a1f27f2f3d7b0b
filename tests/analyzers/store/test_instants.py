"""Instants in text are read as the milliseconds they mean, and written in one form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.store.instants import canonical_text, is_canonical, parse_millis

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS = st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30))  # noqa: DTZ001 - a wall clock; zones come later
_ZONES = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=500)
@given(_MOMENTS, _ZONES)
def test_every_instant_is_read_as_the_standard_library_counts_it(moment: datetime, zone: timezone) -> None:
    """With any offset and fraction; what is finer than a millisecond is cut off towards the past."""
    instant = moment.replace(tzinfo=zone)
    assert parse_millis(instant.isoformat()) == (instant - _EPOCH) // timedelta(milliseconds=1)


@settings(max_examples=500)
@given(_MOMENTS)
def test_the_canonical_text_of_an_instant_is_read_back(moment: datetime) -> None:
    """It is RFC 3339 in UTC with milliseconds, and no other text of the instant is taken for it."""
    millis = (moment.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
    text = f"{moment.isoformat(timespec='milliseconds')}Z"
    assert (canonical_text(millis), parse_millis(text), is_canonical(text)) == (text, millis, True)
    for other in (f"{moment.isoformat(timespec='microseconds')}Z", f"{text[:-1]}+00:00", f"{text[:19]}Z"):
        assert not is_canonical(other)


@pytest.mark.parametrize(
    ("text", "millis"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-01-01T00:00:00.0019Z", 1),
        ("1970-01-01T00:00:00.5Z", 500),
        ("1970-01-01T01:00:00+0100", 0),
        ("0001-12-31T23:00:00-01:00", -62104060800000),  # 0002-01-01 in UTC: 718,797 days before 1970
        ("9999-01-01T00:30:00+01:00", 253370763000000),  # half an hour before 253,370,764,800 s, the year 9999
        ("1970-01-01T00:00:00.000z", None),
        ("1970-01-01T00:00:60.000Z", None),
        ("1970-02-29T00:00:00.000Z", None),
        ("1970-01-01T00:00:00.\u0661\u0662\u0663Z", None),
        ("1970-01-01T00:00:00.12\u00b2Z", None),
        ("1970-01-01T00:00:00,000Z", None),
        ("0001-12-31T23:59:59.999Z", None),
        ("9999-01-01T00:00:00.000Z", None),
        ("1970-01-01T00:00:00.000Z\n", None),
    ],
)
def test_hostile_instants(text: str, millis: int | None) -> None:
    """Near the bounds of years, in other digits, with leap seconds: an exact instant or none."""
    assert parse_millis(text) == millis
