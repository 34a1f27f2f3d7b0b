"""Which runs are due after the scheduler was away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from atalaia.scheduler.cron import Cron
from atalaia.scheduler.due import COUNTED, due
from atalaia.scheduler.schedule import Every, Job, Missed

NOW = datetime(2024, 1, 15, 10, 30, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def job(missed: Missed = Missed.ONCE, *, limit: int = 10, jitter: timedelta = timedelta(0)) -> Job:
    """Return a job of every five minutes."""
    every = Every(5 * MINUTE)
    return Job("alerts", ("alerts", "check"), every, missed=missed, missed_limit=limit, jitter=jitter)


def minutes(*wanted: int) -> tuple[datetime, ...]:
    """Return minutes of the hour after ten."""
    return tuple(datetime(2024, 1, 15, 10, each, tzinfo=UTC) for each in wanted)


def test_on_time() -> None:
    """The one time that has come is run, under every policy."""
    for missed in Missed:
        found = due(job(missed), NOW - 5 * MINUTE, NOW, "host")
        assert (found.runs, found.dropped) == (minutes(30), 0)


def test_nothing_is_due() -> None:
    """What is settled does not come again."""
    assert due(job(), minutes(30)[0], NOW, "host").runs == ()


@pytest.mark.parametrize(
    ("missed", "limit", "runs", "dropped"),
    [
        (Missed.ONCE, 10, (30,), 5),
        (Missed.SKIP, 10, (30,), 5),
        (Missed.ALL, 10, (5, 10, 15, 20, 25, 30), 0),
        (Missed.ALL, 2, (25, 30), 4),
    ],
)
def test_half_an_hour_away(missed: Missed, limit: int, runs: tuple[int, ...], dropped: int) -> None:
    """Six times have passed since 10:00; the last is on time."""
    found = due(job(missed, limit=limit), minutes(0)[0], NOW, "host")
    assert (found.runs, found.dropped) == (minutes(*runs), dropped)


def test_skip_runs_nothing_that_is_late() -> None:
    """Two minutes late is too late for skip: the next time will do."""
    found = due(job(Missed.SKIP), minutes(0)[0], NOW + 2 * MINUTE, "host")
    assert (found.runs, found.dropped, found.upto) == ((), 6, minutes(30)[0])


def test_years_away_are_counted_up_to_a_limit() -> None:
    """A job of each minute after two years: one run, and "at least" so many dropped."""
    minutely = Job("alerts", ("alerts", "check"), Cron("* * * * *", ZoneInfo("Europe/Lisbon")))
    found = due(minutely, NOW - timedelta(days=730), NOW, "host")
    assert found.runs == minutes(30)
    assert found.dropped == COUNTED - 1


def test_jitter_delays_by_a_part_that_a_restart_does_not_change() -> None:
    """Not before its delay, then for the instant it was scheduled; another host has another delay."""
    shaken = job(jitter=MINUTE)
    delay = shaken.delay(minutes(30)[0], "host")
    assert timedelta(0) < delay < MINUTE
    assert delay != shaken.delay(minutes(30)[0], "other")
    moment = minutes(30)[0] + delay
    settled = minutes(25)[0]
    assert due(shaken, settled, moment - timedelta(milliseconds=1), "host").runs == ()
    assert due(shaken, settled, moment, "host").runs == minutes(30)


def test_the_scheduled_instant_stands_in_the_command() -> None:
    """So that a run that comes late can look at its own time."""
    late = Job("late", ("alerts", "check", "--at", "{scheduled}"), Every(MINUTE))
    assert late.command(minutes(5)[0]) == ("alerts", "check", "--at", "2024-01-15T10:05:00Z")
