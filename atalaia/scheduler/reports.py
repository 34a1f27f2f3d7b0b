"""``[[report]]`` tables of ``schedule.toml``: the documented report configuration, as jobs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Final, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from analyzers.language import LANGUAGES
from analyzers.reports.document import Kind
from analyzers.reports.summary import FIGURES
from atalaia.scheduler.cron import Cron
from atalaia.scheduler.errors import ScheduleError
from atalaia.scheduler.schedule import Job

CheckCommand: TypeAlias = Callable[[Sequence[str]], None]

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day; write 08:00")
    return text


def _figure(name: str) -> str:
    if name not in FIGURES:
        raise ValueError(f"there is no figure {name!r}; there are {', '.join(FIGURES)}")
    return name


def _language(name: str) -> str:
    if name not in LANGUAGES:
        raise ValueError(f"there is no language {name!r}; there are {', '.join(LANGUAGES)}")
    return name


class ReportTable(BaseModel):
    """One ``[[report]]``: what, when, to whom, in which formats."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    name: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]{0,62})?$")
    time: Annotated[str, AfterValidator(_time)] = "08:00"
    weekday: _Weekday | None = None
    day: Annotated[int, Field(ge=1, le=28)] | None = None
    recipients: tuple[str, ...] = ()
    format: Annotated[tuple[Literal["html", "pdf", "json"], ...], Field(min_length=1)] = ("html",)
    metrics: tuple[Annotated[str, AfterValidator(_figure)], ...] = ()
    output: str | None = Field(default=None, min_length=1)
    language: Annotated[str, AfterValidator(_language)] = LANGUAGES[0]
    enabled: bool = True

    @model_validator(mode="after")
    def _says_when_and_where(self) -> Self:
        if self.weekday is not None and self.kind is not Kind.WEEKLY:
            raise ValueError("weekday is for weekly reports")
        if self.day is not None and self.kind is not Kind.MONTHLY:
            raise ValueError("day is for monthly reports")
        if self.output is None and not self.recipients:
            raise ValueError("say where it goes: output, recipients, or both")
        return self

    @property
    def title(self) -> str:
        """The name of its job."""
        return self.name or f"report-{self.kind}"


def report_job(table: ReportTable, zone: ZoneInfo, check: CheckCommand) -> Job:
    """Return the job of a table.

    Args:
        table: What was said.
        zone: Whose time it is, and whose days the report is about.
        check: Refuses what is no command line.

    Raises:
        ScheduleError: When a recipient or a path cannot be meant; the message names the report.
    """
    words = _words(table, zone)
    try:
        check(words)
    except ScheduleError as error:
        raise ScheduleError(f"report {table.title!r}: {error.message}", error.remedy) from error
    return Job(table.title, words, Cron(_line(table), zone))


def _words(table: ReportTable, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the command line: ``report daily --tz … --format … --output … --mail …``."""
    output = () if table.output is None else (f"--output={table.output.rstrip('/')}/",)
    return (
        "report",
        table.kind.value,
        f"--tz={zone.key}",
        f"--lang={table.language}",
        *(f"--format={each}" for each in table.format),
        *(f"--metric={each}" for each in table.metrics),
        *output,
        *(f"--mail={each}" for each in table.recipients),
    )


def _line(table: ReportTable) -> str:
    """Return the cron line: each day, a weekday (Monday), or a day of the month (the first)."""
    hour, minute = map(int, table.time.split(":"))
    match table.kind:
        case Kind.DAILY:
            return f"{minute} {hour} * * *"
        case Kind.WEEKLY:
            return f"{minute} {hour} * * {table.weekday or 'mon'}"
        case Kind.MONTHLY:
            return f"{minute} {hour} {table.day or 1} * *"
