"""The demonstration's time line."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from analyzers.store.query import Window
from atalaia.demo.scenario import plan


def test_time_line_of_a_known_day() -> None:
    """Tuesday 24 March 2026: history from Monday the 9th, incident on Wednesday the 18th at 14:00, UTC-3."""
    scenario = plan(datetime(2026, 3, 24, 12, 30, 5, 999, tzinfo=UTC))
    assert scenario.week == date(2026, 3, 16)
    assert scenario.history == Window(
        datetime(2026, 3, 9, 3, tzinfo=UTC),
        datetime(2026, 3, 24, 12, 30, 5, tzinfo=UTC),
    )
    assert scenario.incident == Window(
        datetime(2026, 3, 18, 17, tzinfo=UTC),
        datetime(2026, 3, 18, 18, 30, tzinfo=UTC),
    )


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - Hypothesis takes naive bounds
def test_two_whole_weeks_lie_before_every_present(now: datetime) -> None:
    """Whatever the day: at least two weeks of history, with the incident inside and in the past."""
    scenario = plan(now)
    assert scenario.history.length.days >= 14
    assert scenario.history.start < scenario.incident.start
    assert scenario.incident.end < scenario.history.end
