"""``[[report]]`` tables: the documented report configuration."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from atalaia.cli.command_lines import check_command
from atalaia.scheduler.cron import Cron
from atalaia.scheduler.file import read_schedule
from atalaia.scheduler.schedule import Schedule
from logging_lib.errors import AtalaiaError

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
DAILY = '[[report]]\nkind = "daily"\n'
TO = 'recipients = ["ops@example.org"]\n'


def read(folder: Path, text: str) -> Schedule:
    """Return the schedule of a file with this text, on a machine in Sao Paulo."""
    path = folder / "schedule.toml"
    path.write_text(text, encoding="utf-8")
    return read_schedule(path, SAO_PAULO, check_command)


def test_the_documented_configuration_is_one_job(tmp_path: Path) -> None:
    """At 08:00 in the zone, in three formats, with the documented metrics, to everybody, into a folder."""
    text = (
        DAILY
        + 'time = "08:00"\nrecipients = ["ops@example.org", "chefe@example.org"]\nformat = ["html", "pdf", "json"]\n'
        + 'metrics = ["avg_response_time", "total_requests", "error_rate", "db_connections_peak", "cache_hit_ratio"]\n'
        + 'output = "reports"\nlanguage = "pt_BR"\n'
    )
    (job,) = read(tmp_path, text).jobs
    assert (job.name, job.times) == ("report-daily", Cron("0 8 * * *", SAO_PAULO))
    assert job.words == (
        *(
            "report",
            "daily",
            "--tz=America/Sao_Paulo",
            "--lang=pt_BR",
            "--format=html",
            "--format=pdf",
            "--format=json",
        ),
        *("--metric=avg_response_time", "--metric=total_requests", "--metric=error_rate"),
        *("--metric=db_connections_peak", "--metric=cache_hit_ratio", "--output=reports/"),
        *("--mail=ops@example.org", "--mail=chefe@example.org"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (DAILY + TO, "0 8 * * *"),
        (DAILY.replace("daily", "weekly") + TO, "0 8 * * mon"),
        (DAILY.replace("daily", "weekly") + TO + 'weekday = "fri"\ntime = "17:30"', "30 17 * * fri"),
        (DAILY.replace("daily", "monthly") + TO, "0 8 1 * *"),
        (DAILY.replace("daily", "monthly") + TO + "day = 2", "0 8 2 * *"),
    ],
)
def test_each_kind_has_its_time(tmp_path: Path, text: str, line: str) -> None:
    """Each morning, on Mondays, on the first; or when the table says."""
    (job,) = read(tmp_path, text).jobs
    assert job.times == Cron(line, SAO_PAULO)


def test_a_report_that_is_switched_off_is_none(tmp_path: Path) -> None:
    """Its table is kept, and still checked."""
    assert read(tmp_path, DAILY + TO + "enabled = false").jobs == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (DAILY, "say where it goes"),
        (DAILY + TO + 'time = "8 am"', "no time of day"),
        (DAILY + TO + 'time = "24:00"', "no time of day"),
        (DAILY + TO + 'metrics = ["cache"]', "there is no figure 'cache'"),
        (DAILY + TO + 'format = ["docx"]', "format"),
        (DAILY + TO + "format = []", "format"),
        (DAILY + TO + 'weekday = "mon"', "weekday is for weekly reports"),
        (DAILY + TO + "day = 1", "day is for monthly reports"),
        (DAILY.replace("daily", "monthly") + TO + "day = 31", "day"),
        (DAILY + TO + 'language = "de"', "there is no language 'de'"),
        (DAILY.replace("daily", "yearly") + TO, "kind"),
        (DAILY + TO + 'recipient = ["x@example.org"]', "did you mean 'recipients'?"),
        (DAILY + TO + DAILY + TO, "two jobs are called 'report-daily'"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    """No key is read and ignored."""
    with pytest.raises(AtalaiaError) as refused:
        read(tmp_path, text)
    assert complaint in str(refused.value)
