"""Rates from counters: never negative, never from nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from logging_lib.metrics.counters import Counters
from logging_lib.metrics.host.rated import NamedCounters

READINGS = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 2**64)), max_size=6)


def test_the_first_reading_has_no_growth_and_the_second_has() -> None:
    """From 100 to 160 in 15 seconds are 60 in all and 4 a second."""
    counters = Counters()
    assert counters.grow(10.0, {"reads": 100}) is None
    grown = counters.grow(25.0, {"reads": 160})
    assert grown is not None
    assert (grown.seconds, grown.by, grown.rates()) == (15.0, {"reads": 60}, {"reads": 4.0})


def test_a_counter_that_fell_or_is_new_has_no_growth_until_the_next_reading() -> None:
    """Nobody knows what it did; from its new start on it is counted again."""
    counters = Counters()
    counters.grow(0.0, {"reads": 100, "writes": 7})
    second = counters.grow(1.0, {"reads": 5, "writes": 7, "new": 3})
    third = counters.grow(2.0, {"reads": 9, "writes": 7, "new": 3})
    assert second is not None
    assert third is not None
    assert second.by == {"writes": 0}
    assert third.by == {"reads": 4, "writes": 0, "new": 0}


def test_no_time_no_rate() -> None:
    """Two readings at one instant, or a clock gone back, divide by nothing."""
    counters = Counters()
    counters.grow(5.0, {"reads": 1})
    assert counters.grow(5.0, {"reads": 9}) is None
    assert counters.grow(4.0, {"reads": 9}) is None


def test_after_forgetting_the_next_reading_is_the_first() -> None:
    """A restart that is known of starts anew, though the counter is higher than before."""
    counters = Counters()
    counters.grow(0.0, {"reads": 1})
    counters.forget()
    assert counters.grow(1.0, {"reads": 9}) is None


@given(READINGS)
def test_growth_is_never_negative(readings: list[dict[str, int]]) -> None:
    """Whatever counters do, growth is from zero up, and of counters that were there before."""
    counters, before = Counters(), dict[str, int]()
    for at, reading in enumerate(readings):
        grown = counters.grow(float(at), reading)
        if grown is not None:
            assert all(each >= 0 for each in grown.by.values())
            assert set(grown.by) == {name for name in reading if name in before and reading[name] >= before[name]}
        before = reading


def test_a_thing_that_went_away_begins_anew() -> None:
    """An interface that is plugged in again under its old name has no growth from its former life."""
    counters = NamedCounters()
    counters.grow(0.0, {"eth0": {"bytes": 5}, "lo": {"bytes": 1}})
    counters.grow(1.0, {"lo": {"bytes": 2}})
    grown = counters.grow(2.0, {"eth0": {"bytes": 900}, "lo": {"bytes": 4}})
    assert {name: growth.by for name, growth in grown.items()} == {"lo": {"bytes": 2}}
