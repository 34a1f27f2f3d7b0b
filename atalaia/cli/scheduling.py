"""``atalaia schedule``: jobs at their times."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from datetime import UTC, timedelta
from pathlib import Path
from typing import Final, TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from analyzers.selection import parse_duration, parse_zone
from atalaia.cli.command_lines import check_command, command_exists
from atalaia.cli.options import TABLE_OR_JSON, stacked
from atalaia.cli.render.safe import printable
from atalaia.cli.render.schedule import print_schedule, schedule_json
from atalaia.cli.runtime import PROGRAM, ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.scheduler.defaults import default_schedule
from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.examples import Place, cron_examples, systemd_example, systemd_timers
from atalaia.scheduler.file import read_schedule
from atalaia.scheduler.locks import trying
from atalaia.scheduler.running import Stop, jobs_folder, lock_path, run_once, run_until_asked, wait_for_lock
from atalaia.scheduler.runs import Outcome
from atalaia.scheduler.schedule import Schedule
from atalaia.scheduler.scheduler import Scheduler
from atalaia.scheduler.state import ScheduleState
from atalaia.scheduler.watching import look_at

DEFAULT_FILE: Final = "./schedule.toml"
DEFAULT_STATE: Final = "./atalaia-schedule.sqlite"
_STATUS: Final = {Outcome.OK: ExitStatus.OK, Outcome.BREACH: ExitStatus.BREACH}

_FILE: Final = click.option(
    "--schedule",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SCHEDULE",
    show_envvar=True,
    help=f"The file of jobs. [default: {DEFAULT_FILE} where there is one, else a default schedule]",
)
_STATE: Final = click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SCHEDULE_STATE",
    default=DEFAULT_STATE,
    show_default=True,
    show_envvar=True,
    help="The file that remembers what has run; locks and outputs are beside it.",
)
_TZ: Final = click.option(
    "--tz",
    "zone",
    metavar="ZONE",
    envvar="ATALAIA_TZ",
    default="UTC",
    show_default=True,
    show_envvar=True,
    help="The time zone of cron lines, where the file of jobs names none.",
)


class Common(TypedDict):
    """The options that all commands share, as click passes them."""

    file: Path | None
    state: Path
    zone: str


class Running(Common):
    """The options of ``schedule run``."""

    once: bool
    grace: str


class Listing(Common):
    """The options of ``schedule list``."""

    check: bool
    form: str


class Exemplary(Common):
    """The options of ``schedule examples``."""

    kind: str


class _Log:
    """Jobs' lines go to stdout with their name, the scheduler's own words to stderr."""

    def __init__(self, runtime: Runtime) -> None:
        self._clock = runtime.clock

    def printed(self, job: str, line: str) -> None:
        """Pass a line on."""
        sys.stdout.write(f"{self._clock().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ} {job} | {printable(line.rstrip())}\n")
        sys.stdout.flush()

    def said(self, text: str) -> None:
        """Say something."""
        note(printable(text))

    def complained(self, text: str) -> None:
        """Say something that somebody should look at."""
        note(printable(f"FAILED {text}"))


@click.group("schedule", short_help="Run jobs at their times, each once")
def schedule() -> None:
    """Run jobs at their times, each once."""


@schedule.command(
    "run",
    cls=Command,
    short_help="Run the jobs of a schedule until it is stopped",
    examples=("atalaia schedule run", "atalaia schedule run --schedule /etc/atalaia/schedule.toml --once"),
)
@stacked(_FILE, _STATE, _TZ)
@click.option("--once", is_flag=True, help="Run what is due now and end: for cron.")
@click.option(
    "--grace", metavar="DURATION", default="30s", show_default=True, help="How long runs may end by themselves."
)
@click.pass_obj
def run(runtime: Runtime, /, **typed: Unpack[Running]) -> int:
    """Run the jobs of a schedule, each run in a process of its own, until SIGTERM or Ctrl-C.

    A second scheduler of the same state stands by and takes over when the first ends, however it ends. What passed
    while none ran is made up for as each job says. What jobs print goes to stdout with the job's name; a run that
    failed, or evaluated nothing (exit status 2), is told on stderr.

    Exit status: 0 stopped; with --once 0 all ran well, 1 a job found a breach, 2 a job failed, or a mistake.
    """
    known, log, stop = _schedule(typed), _Log(runtime), Stop()
    grace = _elapsed(typed["grace"])
    with stop.listening():
        if typed["once"]:
            return _once(runtime, typed["state"], known, log, stop)
        lock = wait_for_lock(lock_path(typed["state"]), stop, log)
        if lock is None:
            return ExitStatus.OK
        try:
            state = ScheduleState(typed["state"])
            log.said(f"{len(known.jobs)} jobs of {known.source}; zone {known.zone.key}")
            run_until_asked(_scheduler(runtime, known, state, typed["state"], log), stop, grace, log)
            state.close()
        finally:
            os.close(lock)
    return ExitStatus.OK


@schedule.command(
    "list",
    cls=Command,
    short_help="Show each job's last and next run",
    examples=("atalaia schedule list", "atalaia schedule list --check"),
)
@stacked(_FILE, _STATE, _TZ)
@click.option("--check", is_flag=True, help="Say by the exit status whether all is as it should be.")
@TABLE_OR_JSON
@click.pass_obj
def list_jobs(runtime: Runtime, /, **typed: Unpack[Listing]) -> int:
    """Show each job's state, last run, failures in a row and next run.

    Exit status: 0; with --check 1 when a job's last run failed, 2 when a job is overdue or no scheduler turns; or a
    mistake.
    """
    known, path, now = _schedule(typed), typed["state"], runtime.clock()
    state = ScheduleState(path if path.exists() else Path(":memory:"))
    view = look_at(known, state, jobs_folder(path), now, socket.gethostname())
    state.close()
    if typed["form"] == "json":
        sys.stdout.write(schedule_json(view, known, now) + "\n")
    else:
        print_schedule(view, known, now, sys.stdout)
    if not typed["check"]:
        return ExitStatus.OK
    return ExitStatus.ERROR if view.overdue else ExitStatus.BREACH if view.failing else ExitStatus.OK


@schedule.command(
    "examples",
    cls=Command,
    short_help="Print the same jobs for cron or systemd",
    examples=("atalaia schedule examples cron", "atalaia schedule examples systemd-timer --tz Europe/Lisbon"),
)
@click.argument("kind", type=click.Choice(("cron", "systemd", "systemd-timer")))
@stacked(_FILE, _STATE, _TZ)
def examples(**typed: Unpack[Exemplary]) -> int:
    """Print the jobs of this schedule as crontab lines, as a systemd service, or as systemd timers.

    They are written for the present directory and this atalaia.
    """
    known = _schedule(typed)
    program = Path(shutil.which(PROGRAM) or Path(sys.executable).with_name(PROGRAM)).absolute()
    place = Place(Path.cwd(), program, jobs_folder(typed["state"]).absolute())
    write = {"cron": cron_examples, "systemd": systemd_example, "systemd-timer": systemd_timers}[typed["kind"]]
    sys.stdout.write(write(known, place))
    return ExitStatus.OK


def _once(runtime: Runtime, path: Path, known: Schedule, log: _Log, stop: Stop) -> ExitStatus:
    with trying(lock_path(path)) as held:
        if not held:
            log.said("another scheduler runs these jobs; nothing to do")
            return ExitStatus.OK
        state = ScheduleState(path)
        scheduler = _scheduler(runtime, known, state, path, log)
        run_once(scheduler, stop)
        state.close()
    return _STATUS.get(scheduler.worst, ExitStatus.ERROR)


def _scheduler(runtime: Runtime, known: Schedule, state: ScheduleState, path: Path, log: _Log) -> Scheduler:
    return Scheduler(known, state, jobs_folder(path), runtime.clock, log, socket.gethostname())


def _schedule(typed: Common) -> Schedule:
    """Return the jobs: of the file that is named, of the default file, or the default ones, which is said."""
    zone: ZoneInfo = parse_zone(typed["zone"])
    if typed["file"] is not None:
        return read_schedule(typed["file"], zone, check_command)
    if Path(DEFAULT_FILE).exists():
        return read_schedule(Path(DEFAULT_FILE), zone, check_command)
    known = default_schedule(zone, command_exists)
    note(f"there is no {DEFAULT_FILE}; using the default jobs: {', '.join(job.name for job in known.jobs)}")
    return known


def _elapsed(text: str) -> timedelta:
    length = parse_duration(text)
    if length.days:
        raise ScheduleError(f"a grace of {text} is too long", "give seconds, minutes or hours")
    return length.elapsed
