"""``schedule.toml``: what it says, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from atalaia.cli.command_lines import check_command, command_exists
from atalaia.scheduler.cron import Cron
from atalaia.scheduler.defaults import default_schedule
from atalaia.scheduler.file import read_schedule
from atalaia.scheduler.schedule import Every, Missed, Schedule
from logging_lib.errors import AtalaiaError

JOB = '[[job]]\nname = "alerts"\ncommand = "alerts check"\n'


def read(folder: Path, text: str) -> Schedule:
    """Return the schedule of a file with this text, on a machine in Lisbon."""
    path = folder / "schedule.toml"
    path.write_text(text, encoding="utf-8")
    return read_schedule(path, ZoneInfo("Europe/Lisbon"), check_command)


def test_a_job_says_what_is_meant(tmp_path: Path) -> None:
    """Every key is honoured."""
    keys = 'every = "90s"\nmissed = "all"\nmissed_limit = 3\ntimeout = "5m"\njitter = "10s"\nat_start = true\n'
    (job,) = read(tmp_path, 'zone = "America/Sao_Paulo"\n' + JOB + keys).jobs
    assert (job.name, job.words, job.times) == ("alerts", ("alerts", "check"), Every(timedelta(seconds=90)))
    assert (job.missed, job.missed_limit, job.at_start) == (Missed.ALL, 3, True)
    assert (job.timeout, job.jitter) == (timedelta(minutes=5), timedelta(seconds=10))


def test_defaults_and_the_programs_own_name(tmp_path: Path) -> None:
    """Without a zone the machine's counts; ``atalaia`` before the command may stand there; a disabled job is none."""
    text = '[[job]]\nname = "r"\ncommand = "atalaia report weekly --output \'a b/\'"\ncron = "0 6 * * mon"\n'
    (job,) = read(tmp_path, text + JOB + 'every = "1m"\nenabled = false\n').jobs
    assert job.words == ("report", "weekly", "--output", "a b/")
    assert job.times == Cron("0 6 * * mon", ZoneInfo("Europe/Lisbon"))
    assert (job.missed, job.timeout, job.at_start) == (Missed.ONCE, timedelta(hours=1), False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "job"),
        (JOB, "say either cron or every"),
        (JOB + 'every = "1m"\ncron = "* * * * *"', "say either cron or every"),
        (JOB + 'evry = "1m"', "did you mean 'every'?"),
        (JOB + 'every = "1d"', "depends on the calendar"),
        (JOB + 'every = "0s"', "not a duration"),
        (JOB + 'cron = "61 * * * *"', "job 'alerts': the minute '61'"),
        (JOB + 'every = "1m"\nmissed = "twice"', "missed"),
        (JOB + 'every = "1m"\n' + JOB + 'every = "1m"', "two jobs are called 'alerts'"),
        (JOB.replace('"alerts"', '"../x"') + 'every = "1m"', "name"),
        ('zone = "Europe/Lisboa"\n' + JOB + 'every = "1m"', "did you mean Europe/Lisbon"),
        (JOB.replace("check", "chekc") + 'every = "1m"', "job 'alerts': 'atalaia alerts chekc' is no command line"),
        (JOB.replace("check", "check --windov 5m") + 'every = "1m"', "--windov"),
        (JOB.replace("alerts check", "alerts") + 'every = "1m"', "needs the name of a command"),
        (JOB.replace("alerts check", "serve") + 'every = "1m"', "'atalaia serve' is no job"),
        (JOB.replace("alerts check", "schedule run") + 'every = "1m"', "is no job"),
        (JOB.replace("check", "check --help") + 'every = "1m"', "is no job"),
        (JOB.replace("alerts check", "report 'weekly") + 'every = "1m"', "cannot be split into words"),
        (JOB.replace("alerts check", "rm -rf x") + 'every = "1m"', "is no command line"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """Keys, times and command lines are checked when the file is read, without running anything."""
    with pytest.raises(AtalaiaError) as refused:
        read(tmp_path, text)
    assert complaint in str(refused.value)


def test_the_default_jobs_are_those_that_the_program_has() -> None:
    """The alert check and Monday's report are there; what does not exist is left out."""
    known = default_schedule(ZoneInfo("Europe/Lisbon"), command_exists)
    assert {job.name for job in known.jobs} == {"alerts", "seal", "report"}
    assert [job.times for job in known.jobs][:2] == [Every(timedelta(minutes=1)), Every(timedelta(minutes=5))]
    none = default_schedule(ZoneInfo("Europe/Lisbon"), lambda words: words[0] == "report")
    assert [(job.name, job.times) for job in none.jobs] == [("report", Cron("0 6 * * mon", ZoneInfo("Europe/Lisbon")))]
