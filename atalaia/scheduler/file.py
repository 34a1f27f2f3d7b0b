"""``schedule.toml``, strictly."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from analyzers.selection import parse_duration, parse_zone
from analyzers.selection.errors import SelectionError
from analyzers.strict_toml import read_toml
from atalaia.scheduler.cron import Cron
from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.reports import ReportTable, report_job
from atalaia.scheduler.schedule import Every, Job, Missed, Schedule

CheckCommand: TypeAlias = Callable[[Sequence[str]], None]
"""Raises an ``AtalaiaError`` when words are no atalaia command line."""

_PROGRAM: Final = "atalaia"


def _length(value: object) -> object:
    """Read ``90s``, ``5m`` or ``4h``; what is no text is left for pydantic to refuse."""
    if not isinstance(value, str):
        return value
    try:
        length = parse_duration(value)
    except SelectionError as error:
        raise ValueError(str(error)) from error
    if length.days:
        raise ValueError(f"{value} depends on the calendar; write hours, or a cron line such as '0 6 * * *'")
    return length.elapsed


def _zone(name: str) -> str:
    try:
        parse_zone(name)
    except SelectionError as error:
        raise ValueError(str(error)) from error
    return name


_Length: TypeAlias = Annotated[timedelta, BeforeValidator(_length)]


class _JobTable(BaseModel):
    """One ``[[job]]``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    command: str = Field(min_length=1)
    cron: str | None = None
    every: _Length | None = None
    missed: Missed = Missed.ONCE
    missed_limit: int = Field(default=10, ge=1, le=1000)
    timeout: _Length = timedelta(hours=1)
    jitter: _Length = timedelta(0)
    at_start: bool = False
    enabled: bool = True

    @model_validator(mode="after")
    def _one_kind_of_times(self) -> Self:
        if (self.cron is None) == (self.every is None):
            raise ValueError("say either cron or every")
        return self


def _distinct(jobs: tuple[_JobTable, ...]) -> tuple[_JobTable, ...]:
    _unique([job.name for job in jobs])
    return jobs


def _unique(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two jobs are called {twice[0]!r}; give each a name of its own")


class _File(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zone: Annotated[str, AfterValidator(_zone)] | None = None
    job: Annotated[tuple[_JobTable, ...], AfterValidator(_distinct)] = ()
    report: tuple[ReportTable, ...] = ()

    @model_validator(mode="after")
    def _has_jobs(self) -> Self:
        if not self.job and not self.report:
            raise ValueError("there is nothing to run; write a [[job]] or a [[report]]")
        _unique([*(each.name for each in self.job), *(each.title for each in self.report)])
        return self


def read_schedule(path: Path, zone: ZoneInfo, check: CheckCommand) -> Schedule:
    """Return what a file says; every command line is checked without running it.

    Args:
        path: The file.
        zone: Whose clock its cron lines follow when it names no zone.
        check: Refuses what is no command line.

    Raises:
        TomlError: When the file cannot be read or says something that cannot be meant.
        ScheduleError: When a cron line or a command line is none; the message names the job.
    """
    file = read_toml(path, _File, "schedule")
    zone = zone if file.zone is None else ZoneInfo(file.zone)
    jobs = (_job(each, zone, check) for each in file.job if each.enabled)
    reports = (report_job(each, zone, check) for each in file.report if each.enabled)
    return Schedule(zone, (*jobs, *reports), str(path))


def job_words(command: str, check: CheckCommand) -> tuple[str, ...]:
    """Return the words of a command line after ``atalaia``, checked.

    Raises:
        ScheduleError: When it is none.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ScheduleError(f"the command cannot be split into words: {error}", "balance its quotes") from error
    words = words[1:] if words[:1] == [_PROGRAM] else words
    check([word.replace("{scheduled}", "2024-01-15T10:30:00Z") for word in words])
    return tuple(words)


def _job(table: _JobTable, zone: ZoneInfo, check: CheckCommand) -> Job:
    try:
        times = Every(table.every) if table.every is not None else Cron(table.cron or "", zone)
        words = job_words(table.command, check)
    except ScheduleError as error:
        raise ScheduleError(f"job {table.name!r}: {error.message}", error.remedy) from error
    return Job(
        name=table.name,
        words=words,
        times=times,
        missed=table.missed,
        missed_limit=table.missed_limit,
        timeout=table.timeout,
        jitter=table.jitter,
        at_start=table.at_start,
    )
