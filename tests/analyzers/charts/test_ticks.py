"""Axes: round numbers, and a calendar that is right where clocks change."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.charts.ticks import calendar_ticks, round_scale
from analyzers.language import language_of
from analyzers.store.query import Window
from tests.analyzers.charts.chart_data import ZONE, local

_ENGLISH = language_of("en", ZoneInfo(ZONE))
_PORTUGUESE = language_of("pt_BR", ZoneInfo(ZONE))


def test_days_begin_at_local_midnight_on_both_sides_of_a_change() -> None:
    """New York's midnight is 05:00 UTC until March 10, 2024, and 04:00 UTC from the 11th on."""
    ticks = calendar_ticks(Window(local(9), local(12)), _ENGLISH, 180)
    assert [(tick.moment.day, tick.moment.hour, tick.text) for tick in ticks] == [
        (9, 5, "Sat 9"),
        (10, 5, "Sun 10"),
        (11, 4, "Mon 11"),
    ]


def test_an_hour_that_the_clock_leaves_out_has_no_tick() -> None:
    """On March 10 it is 01:59 and then 03:00; the ticks stay an hour apart in time."""
    ticks = calendar_ticks(Window(local(10), local(10, 5)), _PORTUGUESE, 260)
    assert [tick.text for tick in ticks] == ["dom. 10", "01:00", "03:00", "04:00"]
    assert {after.moment - before.moment for before, after in pairwise(ticks)} == {timedelta(hours=1)}


def test_an_hour_that_the_clock_repeats_has_two_ticks() -> None:
    """On November 3 one o'clock comes twice."""
    ticks = calendar_ticks(Window(local(3, month=11), local(3, 3, month=11)), _PORTUGUESE, 240)
    assert [tick.text for tick in ticks] == ["dom. 3", "01:00", "01:00", "02:00"]


def test_where_midnight_is_left_out_the_day_begins_an_hour_later() -> None:
    """São Paulo went from 23:59 to 01:00 on November 4, 2018: the day began at 03:00 UTC."""
    paulo = ZoneInfo("America/Sao_Paulo")
    start = local(3, month=11).replace(year=2018, hour=3)
    ticks = calendar_ticks(Window(start, start + timedelta(days=3)), language_of("pt_BR", paulo), 240)
    assert [(tick.moment.day, tick.moment.hour) for tick in ticks] == [(3, 3), (4, 3), (5, 2), (6, 2)]


@pytest.mark.parametrize(
    ("days", "width", "english", "portuguese"),
    [
        (
            6.9,
            520,
            "Mon 4, Tue 5, Wed 6, Thu 7, Fri 8, Sat 9, Sun 10",
            "seg. 4, ter. 5, qua. 6, qui. 7, sex. 8, sáb. 9, dom. 10",
        ),
        (6.9, 260, "Mon 4, Wed 6, Fri 8, Sun 10", "seg. 4, qua. 6, sex. 8, dom. 10"),
        (30, 500, "Mar 4, Mar 11, Mar 18, Mar 25, Apr 1", "4 de mar., 11 de mar., 18 de mar., 25 de mar., 1 de abr."),
        (145, 320, "Apr 2024, May 2024, Jun 2024, Jul 2024", "abr. 2024, mai. 2024, jun. 2024, jul. 2024"),
    ],
)
def test_ticks_are_as_fine_as_there_is_room_and_written_by_locale(
    days: float, width: int, english: str, portuguese: str
) -> None:
    """From Monday, March 4: every day, every other, every Monday, every month."""
    window = Window(local(4), local(4) + timedelta(days=days))
    for language, texts in ((_ENGLISH, english), (_PORTUGUESE, portuguese)):
        assert ", ".join(tick.text for tick in calendar_ticks(window, language, width)) == texts


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_an_axis_holds_its_values_and_has_few_round_ticks(low: float, width: float) -> None:
    """Whatever is drawn is within, and there are two to seven ticks."""
    scale = round_scale(low, low + width)
    slack = 1e-6 * max(abs(low), width, 1e-6)
    assert scale.low <= low + slack
    assert low + width - slack <= scale.high
    assert 2 <= len(scale.ticks) <= 8


def test_steps_are_one_two_or_five() -> None:
    """0 to 0.63 in about five steps: of 0.2."""
    assert round_scale(0, 0.63).ticks == (0, 0.2, 0.4, 0.6, 0.8)
    assert round_scale(0, 2300).ticks == (0, 500, 1000, 1500, 2000, 2500)


def test_numbers_on_an_axis_are_written_by_locale() -> None:
    """A comma in Portuguese, thousands grouped, and no digit more than needed."""
    assert round_scale(0, 0.63).texts(_PORTUGUESE) == ("0", "0,2", "0,4", "0,6", "0,8")
    assert round_scale(0, 2300).texts(_ENGLISH)[-1] == "2,500"
