"""One process, as much of it as may be told: never its arguments, which hold secrets."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

from logging_lib.metrics.sample import MetricValue


@dataclass(frozen=True, slots=True)
class Seen:
    """What is cheap to know of a process: two small files of ``/proc``.

    Attributes:
        process: To ask for more.
        name: Of the program, at most 15 bytes where the kernel cuts it.
        status: psutil's word for its state.
        parent: The process that started it.
        started: When, in seconds since 1970; with the pid it tells one process from a later one.
        cpu_seconds: Processor time used since it began, in user and kernel mode.
        rss: Bytes of memory it occupies.
    """

    process: psutil.Process
    name: str
    status: str
    parent: int
    started: float
    cpu_seconds: float
    rss: int

    @property
    def key(self) -> tuple[int, float]:
        """Who it is, for as long as the machine runs."""
        return self.process.pid, self.started


def look(process: psutil.Process) -> Seen | None:
    """Return what is cheap to know of a process, or ``None`` when it has ended or may not be seen."""
    try:
        with process.oneshot():
            times = process.cpu_times()
            return Seen(
                process=process,
                name=process.name(),
                status=process.status(),
                parent=process.ppid(),
                started=process.create_time(),
                cpu_seconds=times.user + times.system,
                rss=process.memory_info().rss,
            )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def details(process: psutil.Process) -> dict[str, MetricValue] | None:
    """Return threads, open files, user and command of a process; ``None`` when it has ended meanwhile.

    Only root and a process's own user may count its open files: they are left out for others.
    """
    try:
        with process.oneshot():
            told: dict[str, MetricValue] = {"num_threads": process.num_threads(), "username": process.username()}
            command = first_word(command_line(process))
        if command:
            told["cmdline"] = command
        opened = _open_files(process)
    except psutil.NoSuchProcess:
        return None
    return told if opened is None else told | {"fd": {"open": opened}}


def command_line(process: psutil.Process) -> list[str]:
    """Return a process's arguments, for matching only; none where they may not be read or it has ended."""
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return []


def first_word(arguments: list[str]) -> str:
    """Return the command without its arguments, also where a program has written a title of several words over it."""
    words = arguments[0].split(maxsplit=1) if arguments else []
    return words[0] if words else ""


def _open_files(process: psutil.Process) -> int | None:
    try:
        return process.num_fds()
    except psutil.AccessDenied:
        return None
