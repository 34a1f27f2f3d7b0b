"""Silences and maintenance: when they hold, and about what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from analyzers.alerts.rules.mutes import Mute, MuteKind, Recurrence
from analyzers.store.query import Window
from tests.analyzers.events import at

EVENING = Recurrence(frozenset({4, 5}), 22 * 60, 2 * 60, "Europe/Lisbon")
"""Friday and Saturday, 22:00 to 02:00 of the next day."""


@pytest.mark.parametrize(
    ("instant", "held"),
    [
        ("2024-01-19T21:59:59Z", False),
        ("2024-01-19T22:00:00Z", True),
        ("2024-01-20T01:59:59Z", True),
        ("2024-01-20T02:00:00Z", False),
        ("2024-01-21T01:00:00Z", True),
        ("2024-01-21T22:30:00Z", False),
        ("2024-01-19T01:00:00Z", False),
        ("2024-07-19T21:00:00Z", True),
        ("2024-07-20T01:00:00Z", False),
    ],
)
def test_an_evening_goes_on_past_midnight_by_the_clock_on_the_wall(instant: str, *, held: bool) -> None:
    """The day is the one on which it begins, and in summer Lisbon's evening begins an hour earlier in UTC."""
    assert EVENING.holds(at(instant)) is held


def test_a_whole_day_ends_at_24_hours() -> None:
    """From 00:00 to 24:00 of a Sunday is that Sunday."""
    sunday = Recurrence(frozenset({6}), 0, 1440, "UTC")
    assert [sunday.holds(datetime(2024, 1, day, 23, 59, 59, tzinfo=UTC)) for day in (20, 21, 22)] == [
        False,
        True,
        False,
    ]


def test_a_span_ends_before_its_end() -> None:
    """The first instant is in it, the last is not."""
    window = Window(at("2024-01-15T10:00:00Z"), at("2024-01-15T12:00:00Z"))
    mute = Mute(MuteKind.MAINTENANCE, window, "upgrade", "Ana")
    held = [mute.covers("any", {}, at(f"2024-01-15T{hour}Z")) for hour in ("09:59:59", "10:00:00", "12:00:00")]
    assert held == [False, True, False]
    assert mute.words == ("maintenance from 2024-01-15 10:00:00 to 2024-01-15 12:00:00 UTC: all rules; upgrade (Ana)")


@pytest.mark.parametrize(
    ("rule", "labels", "covered"),
    [
        ("disk", {"host.name": "web-1", "team": "infra"}, True),
        ("disk-full", {"host.name": "web-2"}, True),
        ("disk", {"host.name": "db-1"}, True),
        ("disk", {"host.name": "db-2"}, False),
        ("disk", {}, False),
        ("cpu", {"host.name": "web-1"}, False),
    ],
)
def test_it_is_about_some_rules_and_labels(rule: str, labels: dict[str, str], *, covered: bool) -> None:
    """One of the rules' patterns and, of every label, one of the texts must match; a label that is absent does not."""
    mute = Mute(MuteKind.SILENCE, EVENING, "known", "Rui", ("disk*",), {"host.name": ("web-*", "db-1")})
    assert mute.covers(rule, labels, at("2024-01-19T22:30:00Z")) is covered
