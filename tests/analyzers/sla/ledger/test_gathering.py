"""Many windows by few queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.sla.ledger.gathering import minutes_of, rows_by_window
from analyzers.sla.ledger.spans import united
from analyzers.store.calendar import bucket_starts
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Calendar, CalendarUnit, Count, Dimension, NamedMeasure, Query, Window
from analyzers.store.result import Row
from tests.analyzers.events import at
from tests.analyzers.sla.ledger.traffic import MINUTE, Request

ZONES = ("America/Sao_Paulo", "Europe/Lisbon", "Asia/Kolkata", "Australia/Lord_Howe")
BEFORE_CLOCKS_CHANGE = at("2024-03-30T18:00:00Z")
"""Lisbon goes forward the next night, and it is the end of a month."""


class Asked:
    """Asks a store in memory, and counts how often."""

    def __init__(self, store: MemoryStore) -> None:
        self.times = 0
        self._store = store

    def __call__(self, window: Window, by: tuple[Dimension, ...]) -> Sequence[Row]:
        """Count the requests."""
        self.times += 1
        measures = (NamedMeasure("total", Count()),)
        return self._store.query(Query("logs-web.request-production", window, measures, by)).rows


OFFSETS = st.integers(0, 36 * 60 - 1)
WINDOWS = st.lists(st.tuples(OFFSETS, st.integers(1, 600)), min_size=1, max_size=14)


@given(st.sampled_from(ZONES), st.lists(OFFSETS, max_size=40), WINDOWS)
def test_each_window_has_its_events(zone: str, events: list[int], windows: list[tuple[int, int]]) -> None:
    """Whatever the windows are, each has the events that are in it, also where clocks change and windows overlap."""
    ask = Asked(MemoryStore(Request(BEFORE_CLOCKS_CHANGE + each * MINUTE).document() for each in events))
    asked = [
        Window(BEFORE_CLOCKS_CHANGE + start * MINUTE, BEFORE_CLOCKS_CHANGE + (start + length) * MINUTE)
        for start, length in windows
    ]
    found = [sum(int(str(row["total"])) for row in rows) for rows in rows_by_window(ask, asked, zone)]
    assert found == [sum(start <= each < start + length for each in events) for start, length in windows]
    assert ask.times <= 9
    apart = united(asked)
    assert set(minutes_of(ask, apart)) == {
        BEFORE_CLOCKS_CHANGE + each * MINUTE
        for each in events
        if any(span.start <= BEFORE_CLOCKS_CHANGE + each * MINUTE < span.end for span in apart)
    }


@pytest.mark.parametrize("zone", ZONES)
def test_a_month_of_days_is_one_query(zone: str) -> None:
    """Days of a zone begin with its hours; what is cut out of one costs a query for each hour that is cut."""
    month = Window(at("2024-03-05T00:00:00Z"), at("2024-04-05T00:00:00Z"))
    starts = bucket_starts(Calendar(CalendarUnit.DAY, zone), month)
    days = [Window(start, end) for start, end in pairwise(starts)]
    ask = Asked(MemoryStore())
    rows_by_window(ask, days, zone)
    assert ask.times == 1
    days[3:4] = [
        Window(days[3].start, days[3].start + timedelta(minutes=90)),
        Window(days[3].end - MINUTE, days[3].end),
    ]
    rows_by_window(ask, days, zone)
    assert ask.times == 4
