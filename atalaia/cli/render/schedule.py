"""Jobs and their runs, for people and for programs."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TextIO

from rich import box
from rich.table import Table
from rich.text import Text

from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for
from atalaia.scheduler.cron import Cron
from atalaia.scheduler.runs import Run
from atalaia.scheduler.schedule import Job, Schedule
from atalaia.scheduler.watching import JobView, ScheduleView

_ABSENT = "-"


def print_schedule(view: ScheduleView, schedule: Schedule, now: datetime, stream: TextIO) -> None:
    """Print whether all is well, then a line for each job, then what went wrong last."""
    console = console_for(stream)
    console.print(Text(_headline(view, now)))
    console.print(Text(f"times in {schedule.zone.key}; now {now.astimezone(schedule.zone):%Y-%m-%d %H:%M:%S}"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for name in ("job", "state", "when", "last run", "next run"):
        table.add_column(name)
    table.add_column("failures", justify="right")
    for each in view.jobs:
        table.add_row(*map(printable, _cells(each, schedule, now)))
    console.print(table)
    for each in view.jobs:
        for line in _remarks(each):
            console.print(Text(printable(line)))


def schedule_json(view: ScheduleView, schedule: Schedule, now: datetime) -> str:
    """Return it all as one JSON object."""
    return dumped(
        {
            "query": {"schedule": schedule.source, "zone": schedule.zone.key, "at": rfc3339(now.astimezone(UTC))},
            "last_turn": None if view.beat is None else rfc3339(view.beat),
            "overdue": view.overdue,
            "rows": [
                {
                    "job": each.job.name,
                    "command": shlex.join(each.job.words),
                    "when": _when(each.job),
                    "state": _state(each),
                    "overdue": each.overdue or None,
                    "failures": each.failures,
                    "next": None if each.next is None else rfc3339(each.next),
                    "last": None if each.last is None else _run(each.last),
                }
                for each in view.jobs
            ],
        }
    )


def _headline(view: ScheduleView, now: datetime) -> str:
    if view.beat is None:
        return "▨ no scheduler has run yet: start one with 'atalaia schedule run'"
    if view.silent and view.beat > now:
        return f"✘ a scheduler turned last at {rfc3339(view.beat)}, which has not come: the clock was set back"
    if view.silent:
        return f"✘ no scheduler has turned for {_ago(now, view.beat)}: start one with 'atalaia schedule run'"
    late = [each.job.name for each in view.jobs if each.overdue]
    failing = [each.job.name for each in view.jobs if each.failures]
    if late or failing:
        parts = [f"{word}: {', '.join(names)}" for word, names in (("overdue", late), ("failing", failing)) if names]
        return f"✘ {'; '.join(parts)}"
    return "✔ every job runs on time"


def _cells(each: JobView, schedule: Schedule, now: datetime) -> tuple[str, ...]:
    last = _ABSENT if each.last is None else _local(each.last.started, schedule, now)
    coming = "at once" if each.next is None else _local(each.next, schedule, now)
    return (each.job.name, _state(each), _when(each.job), last, coming, str(each.failures))


def _remarks(each: JobView) -> list[str]:
    found = [f"{each.job.name} is overdue: {each.overdue}"] if each.overdue else []
    if each.failures and each.ended is not None and each.ended.tail.strip():
        found.append(f"{each.job.name} said last: {each.ended.tail.strip().splitlines()[-1]}")
    return found


def _state(each: JobView) -> str:
    if each.running:
        return "running"
    if each.last is None:
        return "waiting"
    return "ended unseen" if each.last.outcome is None else each.last.outcome.value


def _when(job: Job) -> str:
    if isinstance(job.times, Cron):
        return job.times.text
    seconds = int(job.times.interval.total_seconds())
    for size, unit in ((3600, "h"), (60, "m")):
        if seconds % size == 0:
            return f"every {seconds // size}{unit}"
    return f"every {seconds}s"


def _run(run: Run) -> dict[str, str | int | float | None]:
    return {
        "scheduled": rfc3339(run.scheduled),
        "started": rfc3339(run.started),
        "ended": None if run.ended is None else rfc3339(run.ended),
        "outcome": None if run.outcome is None else run.outcome.value,
        "status": run.status,
        "seconds": run.seconds,
        "tail": run.tail,
    }


def _local(instant: datetime, schedule: Schedule, now: datetime) -> str:
    """Return an instant on the schedule's clock; of another day, the date instead of the seconds."""
    local = instant.astimezone(schedule.zone)
    today = local.date() == now.astimezone(schedule.zone).date()
    return f"{local:%H:%M:%S}" if today else f"{local:%b %d %H:%M}"


def _ago(now: datetime, then: datetime) -> str:
    minutes = int((now - then).total_seconds()) // 60
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"  # noqa: PLR2004  # two hours
