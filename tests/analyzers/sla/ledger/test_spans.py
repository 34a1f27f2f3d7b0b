"""Sets of time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from analyzers.sla.ledger.spans import common, hull, united, without
from analyzers.store.query import Window
from tests.analyzers.sla.ledger.traffic import MINUTE, START


def window(first: int, last: int) -> Window:
    """Return the window from one minute to another."""
    return Window(START + first * MINUTE, START + last * MINUTE)


def minutes(windows: Iterable[Window]) -> set[int]:
    """Return the minutes of windows."""
    return {
        minute for each in windows for minute in range((each.start - START) // MINUTE, (each.end - START) // MINUTE)
    }


WINDOWS = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda each: window(each[0], each[0] + each[1]))


@given(st.lists(WINDOWS, max_size=8), WINDOWS)
def test_they_are_sets_of_minutes(some: list[Window], one: Window) -> None:
    """Union, intersection and difference are those of the sets of minutes, and come apart and in order."""
    whole = united(some)
    assert minutes(whole) == minutes(some)
    assert minutes(common(one, whole)) == minutes([one]) & minutes(some)
    assert minutes(without(one, whole)) == minutes([one]) - minutes(some)
    for spans in (whole, common(one, whole), without(one, whole)):
        assert all(before.end < after.start for before, after in pairwise(spans))
    if some:
        assert (hull(some).start, hull(some).end) == (whole[0].start, whole[-1].end)


def test_neighbours_are_one() -> None:
    """Windows that touch are united."""
    assert united([window(5, 6), window(0, 5)]) == (window(0, 6),)
    assert without(window(0, 6), [window(0, 6)]) == ()
    assert hull([window(0, 1), window(4, 5)]).end - START == timedelta(minutes=5)
