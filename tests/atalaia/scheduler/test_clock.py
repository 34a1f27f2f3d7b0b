"""Clocks that were wrong: the schedule goes on, and nobody is told that all is well."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.locks import try_lock
from atalaia.scheduler.process import Child, Files, start
from atalaia.scheduler.runs import Outcome
from atalaia.scheduler.schedule import Every, Job
from atalaia.scheduler.state import ScheduleState
from tests.atalaia.scheduler.process import atalaia, listed, scheduler, until

FAILING = '[[job]]\nname = "alerts"\ncommand = "alerts check"\nevery = "1s"\n'


def test_a_schedule_from_the_future_is_noticed_and_goes_on(tmp_path: Path) -> None:
    """A clock that stood in 2099 and was set right keeps no job from running, and monitoring does not call it fine."""
    (tmp_path / "schedule.toml").write_text(FAILING, encoding="utf-8")
    with scheduler(tmp_path) as running:
        running.says("FAILED alerts: failed (2)")
    with closing(sqlite3.connect(tmp_path / "atalaia-schedule.sqlite")) as base, base:
        base.execute("UPDATE job SET settled = '2099-01-01T00:00:00.000000Z'")
        base.execute("UPDATE beat SET at = '2099-01-01T00:00:00.000000Z'")
    checked = atalaia(tmp_path, "schedule", "list", "--check")
    assert checked.returncode == 2
    said = " ".join(checked.stdout.split())
    assert "turned last at 2099-01-01T00:00:00Z, which has not come: the clock was set back" in said
    assert "alerts is overdue: it is settled up to 2099-01-01 00:00 UTC, which has not come" in said
    with scheduler(tmp_path) as running:
        running.says("FAILED alerts: the clock was set back: this job is settled up to 2099-01-01 00:00:00 UTC")
        running.says("FAILED alerts: failed (2)")
        assert listed(tmp_path)["alerts"]["overdue"] is None


def test_a_run_takes_as_long_as_it_takes_whatever_the_clock_says(tmp_path: Path) -> None:
    """A clock set forward by a day ends no run; one set back by a day does not let a run go on beyond its timeout."""
    state = ScheduleState(tmp_path / "state.sqlite")
    (tmp_path / "tail.conf").write_text('input { file { path => "/nonexistent/*.log" } }\n', encoding="utf-8")
    now = datetime.now(UTC)
    hurried = _started(state, tmp_path, "hurried", timedelta(seconds=1))
    ends = []

    def ended() -> bool:
        ends.append(hurried.ended(now - timedelta(days=1)))
        return ends[-1] is not None

    until(ended, "the run is ended at its timeout")
    assert ends[-1] is not None
    assert ends[-1].outcome is Outcome.TIMED_OUT
    patient = _started(state, tmp_path, "patient", timedelta(hours=1))
    for _ in range(3):
        assert patient.ended(now + timedelta(days=1)) is None
    patient.end(signal.SIGKILL)
    until(lambda: patient.ended(now) is not None, "it is gone")
    state.close()


def test_a_job_that_the_scheduler_does_not_know_is_overdue(tmp_path: Path) -> None:
    """A table written after the start of the scheduler never runs: monitoring says so, and what to do."""
    file = tmp_path / "schedule.toml"
    file.write_text(FAILING, encoding="utf-8")
    with scheduler(tmp_path) as running:
        running.says("FAILED alerts")
        file.write_text(FAILING + FAILING.replace('"alerts"', '"later"'), encoding="utf-8")
        checked = atalaia(tmp_path, "schedule", "list", "--check")
    assert checked.returncode == 2
    assert "later is overdue: the scheduler that turns does not know it: restart that one" in " ".join(
        checked.stdout.split()
    )


def test_the_state_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    """A file of another format is refused by its number, not read as if it were of this one."""
    path = tmp_path / "state.sqlite"
    ScheduleState(path).close()
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("PRAGMA user_version = 7")
    with pytest.raises(ScheduleError, match=r"a later version has written .* \(format 7\); update this program"):
        ScheduleState(path)


def _started(state: ScheduleState, folder: Path, name: str, timeout: timedelta) -> Child:
    job = Job(name, ("pipeline", "run", str(folder / "tail.conf")), Every(timedelta(hours=1)), timeout=timeout)
    lock = try_lock(Files(folder, name).lock)
    assert lock is not None
    child = start(job, state.begin(name, datetime.now(UTC), datetime.now(UTC)), folder, lock)
    os.close(lock)
    return child
