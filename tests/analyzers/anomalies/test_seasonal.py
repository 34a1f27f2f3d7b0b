"""What is usual at an hour of the week: by local time, at today's level, whatever single weeks had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from analyzers.anomalies import Baseline, Scope
from analyzers.anomalies.seasonal import Season
from analyzers.anomalies.source import StoreSource
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.anomalies.traffic import LISBON, local, spread, weeks_before

HOUR = timedelta(hours=1)
NOW = local("2025-04-07T11:00")
"""A Monday, a week after the clocks of Lisbon went forward."""


def season(store: MemoryStore, weeks: int = 8) -> Season:
    """Return what a store tells of the time before ``NOW``."""
    return Season(StoreSource(store, Scope(zone="Europe/Lisbon")), Baseline(weeks=weeks), NOW)


def test_samples_follow_the_local_clock() -> None:
    """Each week had its requests from ten to eleven local time; eight weeks, five of them before the clocks changed."""
    store = MemoryStore()
    for number, then in enumerate(weeks_before(NOW - HOUR, 9)):
        store.append(spread(then, HOUR, 10 + number))
    # the week of ten requests is before the baseline; the last week comes first
    assert season(store).samples(Window(NOW - HOUR, NOW)) == (18, 17, 16, 15, 14, 13, 12, 11)


def test_a_part_of_an_hour_has_a_part_of_its_requests() -> None:
    """From half past ten to a quarter past eleven: half of one hour's forty, a quarter of the other's eighty."""
    store = MemoryStore()
    for then in weeks_before(NOW - HOUR, 4):
        store.append([*spread(then, HOUR, 40), *spread(then + HOUR, HOUR, 80)])
    window = Window(NOW - HOUR / 2, NOW + HOUR / 4)
    assert season(store).samples(window)[:3] == (40, 40, 40)


def days_before(days: int) -> list[datetime]:
    """Return ten o'clock local time of so many days before ``NOW``, the last day first."""
    wall = (NOW - HOUR).astimezone(LISBON)
    return [(wall - timedelta(days=back)).astimezone(UTC) for back in range(1, days + 1)]


def test_growth_moves_what_is_expected() -> None:
    """In the last seven days every day had half as many requests again: so has the expectation, 60 instead of 40."""
    store = MemoryStore()
    for back, then in enumerate(days_before(35), start=1):
        store.append(spread(then, HOUR, 60 if back <= 7 else 40))
    samples = season(store, weeks=4).samples(Window(NOW - HOUR, NOW))
    assert median(samples) == 60
    assert samples[1:] == (60, 60, 60)


def test_one_mad_day_is_no_growth() -> None:
    """Ten times the requests on one of the last seven days leave the expectation as it was."""
    store = MemoryStore()
    for back, then in enumerate(days_before(35), start=1):
        store.append(spread(then, HOUR, 400 if back == 3 else 40))
    assert season(store, weeks=4).samples(Window(NOW - HOUR, NOW)) == (40, 40, 40, 40)


def test_a_noisy_hour_has_a_greater_spread_and_a_steady_one_the_least() -> None:
    """Mondays of 50 to 250 requests spread by more than half; equal ones by the least that is assumed."""
    noisy, steady = MemoryStore(), MemoryStore()
    for number, then in enumerate(weeks_before(NOW - HOUR, 8)):
        for shift in (-1, 0, 1):
            noisy.append(spread(then + shift * HOUR, HOUR, (50, 100, 150, 200, 250)[(number + shift) % 5]))
            steady.append(spread(then + shift * HOUR, HOUR, 150))
    window = Window(NOW - HOUR, NOW)
    assert season(noisy).spread(window) > 0.4
    assert season(steady).spread(window) == pytest.approx(0.2)


def test_nothing_is_known_of_the_time_before_the_first_event() -> None:
    """Two weeks of events are two samples, not eight of which six are zero."""
    store = MemoryStore()
    for then in weeks_before(NOW - HOUR, 2):
        store.append(spread(then, HOUR, 30))
    found = season(store)
    assert found.samples(Window(NOW - HOUR, NOW)) == (30, 30)
    assert found.weeks == 1
