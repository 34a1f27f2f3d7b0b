"""Real schedulers with real jobs: what runs, what is ended, who takes over."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.atalaia.scheduler.process import atalaia, children, kill_all, listed, scheduler, until

TAIL = 'input { file { path => "/nonexistent/*.log" } }\n'
LONG = '[[job]]\nname = "long"\ncommand = "pipeline run tail.conf"\nevery = "1s"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a pipeline that runs until it is ended."""
    (tmp_path / "tail.conf").write_text(TAIL, encoding="utf-8")
    return tmp_path


def schedule(folder: Path, text: str) -> None:
    """Write the schedule."""
    (folder / "schedule.toml").write_text(text, encoding="utf-8")


def outcomes(folder: Path) -> list[str | None]:
    """Return how every recorded run ended, oldest first."""
    with closing(sqlite3.connect(folder / "atalaia-schedule.sqlite")) as base:
        return [row[0] for row in base.execute("SELECT outcome FROM run ORDER BY id")]


FAILING = '[[job]]\nname = "alerts"\ncommand = "alerts check"\nevery = "1s"\n'


def test_a_run_that_evaluates_nothing_is_told_and_shown(folder: Path) -> None:
    """Without a store nothing is checked: exit status 2 is a failure, in the log, in the list, for monitoring."""
    schedule(folder, FAILING)
    with scheduler(folder) as running:
        running.says("FAILED alerts: failed (2)", times=1)
        running.says("2 times in a row")
        assert "alerts | atalaia: there is no store" in running.log
        checked = atalaia(folder, "schedule", "list", "--check")
    assert running.process.returncode == 0
    assert checked.returncode == 1
    assert "failing: alerts" in checked.stdout
    assert "alerts said last: atalaia: there is no store" in checked.stdout


def test_a_run_that_takes_too_long_is_ended_and_never_doubled(folder: Path) -> None:
    """One run at a time; after its timeout it and what it started are gone, and the next one starts."""
    schedule(folder, LONG + 'timeout = "3s"\n')
    with scheduler(folder) as running:
        seen: list[int] = []

        def looked() -> int:
            seen.append(len(children(folder, "tail.conf")))
            return seen[-1]

        def ended() -> bool:
            looked()
            return "FAILED long: timed out after" in running.log

        until(lambda: bool(looked()), "it runs")

        until(ended, "it is ended")
        assert max(seen) == 1
    assert outcomes(folder)[0] == "timed out"
    assert children(folder, "tail.conf") == []


def test_a_second_scheduler_stands_by_and_takes_over(folder: Path) -> None:
    """Two never run a job at once; after kill -9 of the first the second runs them, and says so."""
    schedule(folder, FAILING)
    with scheduler(folder) as first:
        first.says("FAILED alerts")
        with scheduler(folder) as second:
            second.says("standing by")
            assert "FAILED" not in second.log
            first.kill()
            second.says("taking over")
            second.says("FAILED alerts")


def test_an_orphan_is_noticed_and_not_doubled(folder: Path) -> None:
    """After kill -9 of the scheduler its run lives on; the next one waits for it, and makes up for it when lost."""
    schedule(folder, LONG)
    with scheduler(folder) as first:
        until(lambda: bool(children(folder, "tail.conf")), "it runs")
        until((folder / "atalaia-schedule.sqlite.jobs" / "long.progress").exists, "it has noted itself")
        first.kill()
    (orphan,) = children(folder, "tail.conf")
    with scheduler(folder) as second:
        second.says("an earlier scheduler left a run open")
        assert listed(folder)["long"]["state"] == "running"
        assert [each.pid for each in children(folder, "tail.conf")] == [orphan.pid]
        kill_all([orphan])
        second.says("FAILED long: lost")
        until(lambda: bool(children(folder, "tail.conf")), "it runs again")
        assert len(children(folder, "tail.conf")) == 1
    assert outcomes(folder)[0] == "lost"


def test_a_run_that_ends_after_its_scheduler_is_recorded_by_its_own_note(folder: Path) -> None:
    """It is not repeated: the exit status that nobody waited for is on the disk."""
    schedule(folder, FAILING.replace('every = "1s"', 'cron = "0 0 1 1 *"\nat_start = true'))
    with scheduler(folder) as first:
        until(lambda: bool(children(folder, "check")), "it runs")
        first.kill()
    until(lambda: not children(folder, "check"), "it has ended")
    with scheduler(folder) as second:
        second.says("FAILED alerts: failed (2)")
    assert outcomes(folder) == ["failed"]


def test_an_orphan_that_takes_too_long_is_ended(folder: Path) -> None:
    """The timeout counts from the start, whoever started it."""
    schedule(folder, LONG + 'timeout = "4s"\n')
    with scheduler(folder) as first:
        until((folder / "atalaia-schedule.sqlite.jobs" / "long.progress").exists, "it runs")
        first.kill()
    with scheduler(folder) as second:
        second.says("FAILED long: timed out")


def test_ending_lets_runs_end_and_a_second_signal_does_not(folder: Path) -> None:
    """The first SIGTERM waits, the second one ends the run; it is due again."""
    schedule(folder, LONG)
    with scheduler(folder, "--grace", "50s") as running:
        until((folder / "atalaia-schedule.sqlite.jobs" / "long.progress").exists, "it runs")
        running.process.send_signal(signal.SIGTERM)
        running.says("ending; waiting for long")
        assert len(children(folder, "tail.conf")) == 1
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=180) == 0
    assert children(folder, "tail.conf") == []


def test_the_grace_is_the_most_that_ending_takes(folder: Path) -> None:
    """A run that does not end by itself is ended after it."""
    schedule(folder, LONG)
    with scheduler(folder) as running:
        until((folder / "atalaia-schedule.sqlite.jobs" / "long.progress").exists, "it runs")
        assert running.stop() == 0
    assert children(folder, "tail.conf") == []


def test_once_runs_what_is_due_and_ends(folder: Path) -> None:
    """For cron: the job's first run now, nothing the second time; the exit status tells how it went."""
    schedule(folder, FAILING.replace('every = "1s"', 'cron = "0 0 1 1 *"\nat_start = true'))
    first = atalaia(folder, "schedule", "run", "--once")
    assert first.returncode == 2
    assert "FAILED alerts: failed (2)" in first.stderr
    second = atalaia(folder, "schedule", "run", "--once")
    assert (second.returncode, second.stdout) == (0, "")
    assert outcomes(folder) == ["failed"]


def test_once_leaves_another_scheduler_alone(folder: Path) -> None:
    """Where one runs, there is nothing to do."""
    schedule(folder, FAILING)
    with scheduler(folder) as running:
        running.says("FAILED alerts")
        done = atalaia(folder, "schedule", "run", "--once")
        assert done.returncode == 0
        assert "another scheduler runs these jobs" in done.stderr


def test_missed_times_are_made_up_for_once(folder: Path) -> None:
    """What passed while no scheduler ran is one run, and the log says for how many."""
    schedule(folder, FAILING)
    with scheduler(folder) as running:
        running.says("FAILED alerts")
    with closing(sqlite3.connect(folder / "atalaia-schedule.sqlite")) as base, base:
        base.execute("UPDATE job SET settled = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-20 seconds')")
    before = len(outcomes(folder))
    with scheduler(folder) as running:
        running.says("times passed without a run of its own (one run makes up for all)")
        running.says("FAILED alerts")
    assert len(outcomes(folder)) <= before + 3


def test_monitoring_notices_a_scheduler_that_is_gone(folder: Path) -> None:
    """Never run, and not turned for an hour: exit status 2."""
    schedule(folder, FAILING)
    assert atalaia(folder, "schedule", "list", "--check").returncode == 2
    with scheduler(folder) as running:
        running.says("FAILED alerts")
    with closing(sqlite3.connect(folder / "atalaia-schedule.sqlite")) as base, base:
        base.execute("UPDATE beat SET at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')")
        base.execute("UPDATE job SET settled = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')")
    checked = atalaia(folder, "schedule", "list", "--check")
    assert checked.returncode == 2
    assert "no scheduler has turned for 60 minutes" in checked.stdout
    assert "alerts is overdue: it was due and has not run" in checked.stdout


def test_without_a_file_the_default_jobs_are_said(folder: Path) -> None:
    """Nobody wonders what runs."""
    done = atalaia(folder, "schedule", "list")
    assert done.returncode == 0
    assert "there is no ./schedule.toml; using the default jobs: alerts" in done.stderr
    assert "no scheduler has run yet" in done.stdout
    assert list(folder.glob("atalaia-schedule*")) == []


def test_a_file_that_is_named_and_missing_is_an_error(folder: Path) -> None:
    """There is no fallback from a name that a person gave."""
    done = atalaia(folder, "schedule", "list", "--schedule", "none.toml")
    assert done.returncode == 2
    assert "cannot read the schedule in none.toml" in done.stderr
