"""The same jobs for cron and systemd."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from atalaia.scheduler.cron import FIELDS, Cron
from atalaia.scheduler.schedule import Every, Job, Missed, Schedule

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_SYSTEMD_DAYS: Final = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the jobs run.

    Attributes:
        folder: The working directory.
        program: The command ``atalaia``, by its whole path.
        locks: Where locks are kept.
    """

    folder: Path
    program: Path
    locks: Path


def cron_examples(schedule: Schedule, place: Place) -> str:
    """Return lines for a crontab; what cron cannot do is a comment that says so."""
    lines = [
        "# For crontab -e. CRON_TZ is known to cronie (Fedora, RHEL, Arch); Debian's cron ignores it and uses the",
        "# system's zone: there, set that zone or use systemd timers. Missed times are not made up for.",
        f"CRON_TZ={schedule.zone.key}",
    ]
    for job in schedule.jobs:
        lines += ["", f"# {job.name}", *_cron(job, place)]
    run = f"cd {_quoted(place.folder)} && {_quoted(place.program)} schedule run --once"
    lines += ["", "# Or all of them, with missed times, timeouts and locks as in the schedule, by one line:"]
    lines += [f"# * * * * * {_percent(run)}"]
    return "\n".join(lines) + "\n"


def systemd_example(schedule: Schedule, place: Place) -> str:
    """Return the unit of a service that runs the scheduler."""
    longest = max((job.timeout for job in schedule.jobs), default=_MINUTE)
    return "\n".join(
        [
            "# /etc/systemd/system/atalaia-schedule.service",
            "# systemctl enable --now atalaia-schedule",
            "[Unit]",
            "Description=Atalaia's jobs at their times",
            "Wants=network-online.target",
            "After=network-online.target",
            "",
            "[Service]",
            "Type=exec",
            "User=atalaia",
            f"WorkingDirectory={_percented(str(place.folder))}",
            f"ExecStart={_unit(str(place.program))} schedule run",
            "Restart=always",
            "RestartSec=5",
            "# SIGTERM goes to the scheduler alone, which lets its jobs end.",
            "KillMode=mixed",
            f"TimeoutStopSec={int(min(longest, _HOUR).total_seconds()) + 30}",
            "",
            "[Install]",
            "WantedBy=multi-user.target",
            "",
        ]
    )


def systemd_timers(schedule: Schedule, place: Place) -> str:
    """Return a service and a timer for each job."""
    return "\n".join(line for job in schedule.jobs for line in _timer(job, place))


def on_calendar(cron: Cron) -> list[str]:
    """Return systemd's calendar events (systemd.time(7)) that mean a cron line: two where day or weekday will do."""
    minute, hour, day, month, _ = (_calendar(cron, index) for index in range(len(FIELDS)))
    weekdays = ",".join(_SYSTEMD_DAYS[number] for number in sorted(cron.numbers(4)))
    time = f"{hour}:{minute}:00 {cron.zone.key}"
    every_weekday, every_day = cron.fields[4].startswith("*"), cron.fields[2].startswith("*")
    named = "" if cron.fields[4] == "*" else f"{weekdays} "
    if every_weekday or every_day:
        return [f"{named}*-{month}-{day} {time}"]
    return [f"*-{month}-{day} {time}", f"{named}*-{month}-* {time}"]


def as_cron(every: Every) -> str | None:
    """Return the cron line that means the same as a length of time; ``None`` when there is none."""
    minutes, rest = divmod(every.interval, _MINUTE)
    if rest:
        return None
    if minutes == 1:
        return "* * * * *"
    if minutes < 60 and 60 % minutes == 0:  # noqa: PLR2004  # an hour
        return f"*/{minutes} * * * *"
    return "0 * * * *" if minutes == 60 else None  # noqa: PLR2004  # an hour


def _cron(job: Job, place: Place) -> Iterator[str]:
    line = " ".join(job.times.fields) if isinstance(job.times, Cron) else as_cron(job.times)
    if line is None:
        yield "# cron cannot say this interval; see the last line, or use systemd timers."
        return
    if "{scheduled}" in " ".join(job.words):
        yield "# cron does not know {scheduled}; see the last line."
        return
    lock, seconds = _quoted(place.locks / f"{job.name}.lock"), int(job.timeout.total_seconds())
    run = f"flock --nonblock {lock} timeout {seconds} {_quoted(place.program)} {shlex.join(job.words)}"
    yield f"{line} {_percent(f'cd {_quoted(place.folder)} && {run}')}"


def _timer(job: Job, place: Place) -> Iterator[str]:
    yield f"# /etc/systemd/system/atalaia-{job.name}.service"
    if "{scheduled}" in " ".join(job.words):
        yield from ("# systemd does not know {scheduled}; use: atalaia schedule examples systemd", "")
        return
    yield from ("[Unit]", f"Description=Atalaia: {_percented(shlex.join(job.words))}", "")
    yield from ("[Service]", "Type=oneshot", "User=atalaia", f"WorkingDirectory={_percented(str(place.folder))}")
    yield f"ExecStart={' '.join(map(_unit, (str(place.program), *job.words)))}"
    yield "# Status 1 says that something was missed or fires: it ran."
    yield from ("SuccessExitStatus=1", f"TimeoutStartSec={int(job.timeout.total_seconds())}", "")
    yield f"# /etc/systemd/system/atalaia-{job.name}.timer"
    yield f"# systemctl enable --now atalaia-{job.name}.timer"
    yield from ("[Unit]", f"Description=When Atalaia runs {job.name}", "", "[Timer]")
    yield from _times(job)
    yield "AccuracySec=1s"
    if job.jitter:
        yield f"RandomizedDelaySec={int(job.jitter.total_seconds())}"
    yield from ("", "[Install]", "WantedBy=timers.target", "")


def _times(job: Job) -> Iterator[str]:
    if isinstance(job.times, Cron):
        yield from (f"OnCalendar={event}" for event in on_calendar(job.times))
        yield f"Persistent={'false' if job.missed is Missed.SKIP else 'true'}"
        return
    seconds = int(job.times.interval.total_seconds())
    yield from (f"OnActiveSec={seconds}", f"OnUnitActiveSec={seconds}")


def _calendar(cron: Cron, index: int) -> str:
    """Return a field as systemd writes it: a list of numbers, or ``*``."""
    if cron.fields[index] == "*":
        return "*"
    width = 2 if index < len(FIELDS) - 1 else 1
    return ",".join(f"{number:0{width}}" for number in sorted(cron.numbers(index)))


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


def _percent(line: str) -> str:
    """Return a command as a crontab wants it: there, a percent sign is a line end."""
    return line.replace("%", "\\%")


def _percented(text: str) -> str:
    return text.replace("%", "%%")


def _unit(word: str) -> str:
    """Return a word as a unit file wants it: quoted where needed, and without specifiers and variables."""
    plain = _percented(word).replace("$", "$$")
    if plain and not any(char in plain for char in " \t\n\"'\\;"):
        return plain
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
