"""The same jobs for cron and systemd; the expected texts are worked out by hand from their manuals."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from atalaia.scheduler.cron import Cron
from atalaia.scheduler.examples import Place, as_cron, cron_examples, on_calendar, systemd_example, systemd_timers
from atalaia.scheduler.schedule import Every, Job, Missed, Schedule

LISBON = ZoneInfo("Europe/Lisbon")
PLACE = Place(Path("/srv/my app"), Path("/opt/atalaia/bin/atalaia"), Path("/srv/locks"))
JOBS = (
    Job("alerts", ("alerts", "check", "--where", "path = '100%'"), Every(timedelta(minutes=5)), missed=Missed.SKIP),
    Job(
        "report", ("report", "weekly", "--output", "r/"), Cron("30 6 1,15 * 1-5", LISBON), timeout=timedelta(minutes=9)
    ),
    Job("odd", ("alerts", "check"), Every(timedelta(seconds=90))),
)
SCHEDULE = Schedule(LISBON, JOBS, "schedule.toml")


@pytest.mark.parametrize(
    ("line", "events"),
    [
        ("* * * * *", ["*-*-* *:*:00 Europe/Lisbon"]),
        ("*/20 * * * *", ["*-*-* *:00,20,40:00 Europe/Lisbon"]),
        ("0 6 * * mon", ["Mon *-*-* 06:00:00 Europe/Lisbon"]),
        ("0 6 * * 7", ["Sun *-*-* 06:00:00 Europe/Lisbon"]),
        ("30 6 1 1,7 *", ["*-01,07-01 06:30:00 Europe/Lisbon"]),
        ("0 0 13 * fri", ["*-*-13 00:00:00 Europe/Lisbon", "Fri *-*-* 00:00:00 Europe/Lisbon"]),
        ("0 22-23 * * 1-2", ["Mon,Tue *-*-* 22,23:00:00 Europe/Lisbon"]),
    ],
)
def test_calendar_events(line: str, events: list[str]) -> None:
    """As systemd.time(7) writes them: weekday, date, time, zone; either day or weekday are two events."""
    assert on_calendar(Cron(line, LISBON)) == events


@pytest.mark.parametrize(
    ("interval", "line"),
    [
        (timedelta(minutes=1), "* * * * *"),
        (timedelta(minutes=15), "*/15 * * * *"),
        (timedelta(hours=1), "0 * * * *"),
        (timedelta(minutes=7), None),
        (timedelta(seconds=30), None),
        (timedelta(hours=5), None),
    ],
)
def test_intervals_that_cron_can_say(interval: timedelta, line: str | None) -> None:
    """Only what divides an hour is the same each hour."""
    assert as_cron(Every(interval)) == line


def test_the_crontab_locks_ends_and_escapes() -> None:
    """A run that still runs is not started again, one that takes too long is ended, a percent sign is no line end."""
    text = cron_examples(SCHEDULE, PLACE)
    assert "CRON_TZ=Europe/Lisbon\n" in text
    run = (
        "cd '/srv/my app' && flock --nonblock /srv/locks/alerts.lock timeout 3600 /opt/atalaia/bin/atalaia alerts check"
    )
    assert f"\n*/5 * * * * {run} --where 'path = '\"'\"'100\\%'\"'\"''\n" in text
    assert "\n30 6 1,15 * 1-5 cd '/srv/my app' && flock" in text
    assert "# odd\n# cron cannot say this interval" in text
    assert text.endswith("# * * * * * cd '/srv/my app' && /opt/atalaia/bin/atalaia schedule run --once\n")


def test_the_service_runs_the_scheduler() -> None:
    """It comes back after a crash, and a stop lets jobs end: longer than the longest job may take."""
    text = systemd_example(SCHEDULE, PLACE)
    assert "ExecStart=/opt/atalaia/bin/atalaia schedule run\n" in text
    assert "WorkingDirectory=/srv/my app\n" in text
    assert "TimeoutStopSec=3630\n" in text


def test_each_job_has_a_timer() -> None:
    """Missed times are made up for unless the job skips them; a breach is no failure; words are quoted."""
    text = systemd_timers(SCHEDULE, PLACE)
    assert "ExecStart=/opt/atalaia/bin/atalaia alerts check --where \"path = '100%%'\"\n" in text
    assert "OnUnitActiveSec=300\n" in text
    assert "OnCalendar=*-*-01,15 06:30:00 Europe/Lisbon\nOnCalendar=Mon,Tue,Wed,Thu,Fri *-*-* 06:30:00" in text
    assert "Persistent=true\n" in text
    assert "TimeoutStartSec=540\n" in text
    assert text.count("SuccessExitStatus=1\n") == 3
