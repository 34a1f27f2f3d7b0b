"""The table of ``docs/anomalies-table.md``: what was planted, what was found, and what was said for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from statistics import median_high
from typing import Final

from analyzers.anomalies.finding import Kind
from benchmarks.anomalies.incidents import WARM_UP, Incident
from benchmarks.anomalies.scoring import Trial

TUNED_ON: Final = (1, 2, 3)
"""Seeds whose histories were looked at while the detectors were made."""
REPORTED: Final = (11, 12, 13, 14, 15)
"""Seeds that nobody had looked at: the table is about these."""
DAYS: Final = 90

_HEAD: Final = """# What the anomaly detectors find, and what they say for nothing

Made by `python -m benchmarks.anomalies > docs/anomalies-table.md`; `tests/benchmarks/anomalies` makes a part of it
anew and compares. How the detectors work is in [anomalies.md](anomalies.md).
"""
_ABOUT: Final = """Each history is of a small team's help desk: {warm_up} days that are not judged, then {days} days
with some 2,500 requests a working day, with weekends, holidays, month ends, growth, Monday mornings of up to twice the
usual requests, a job that is slow and fails every Sunday night, and single failures: none of these is an incident.
Into each, {incidents} incidents are planted, at times that the seed decides. All detectors judge with their default
settings, every quarter of an hour (clients every five minutes), by events before that instant alone. The detectors were
made while looking at the seeds {tuned}; what stands here is of the seeds {reported}, not looked at before."""


def document(trials: Sequence[Trial]) -> str:
    """Return the whole document."""
    return "\n".join([_HEAD, *_lines(trials)])


def said_of(one: Trial) -> tuple[str, ...]:
    """Return the lines about one history's incidents and false alarms."""
    return about_incidents(_of_one(one))


def about_incidents(lines: Iterable[str]) -> tuple[str, ...]:
    """Return the lines about incidents and false alarms."""
    beginnings = (*(f"| {each} |" for each in Incident), "- ")
    return tuple(line for line in lines if line.startswith(beginnings))


def _lines(trials: Sequence[Trial]) -> Iterator[str]:
    yield _ABOUT.format(
        warm_up=WARM_UP.days,
        days=DAYS,
        incidents=len(Incident),
        tuned=listed(TUNED_ON),
        reported=listed(tuple(one.seed for one in trials)),
    )
    yield ""
    yield from _totals(trials)
    yield from _false_alarms(trials)
    for one in trials:
        yield from _of_one(one)


def _totals(trials: Sequence[Trial]) -> Iterator[str]:
    yield "## Found"
    yield ""
    yield "| incident | what happens | found | delay: median, longest | told by |"
    yield "| --- | --- | --- | --- | --- |"
    for incident in Incident:
        outcomes = [each for one in trials for each in one.outcomes if each.planted.incident is incident]
        delays = [each.delay for each in outcomes if each.delay is not None]
        by = Counter(kind for each in outcomes for kind in each.found_by)
        told = ", ".join(f"{kind} {count}" for kind, count in by.most_common())
        yield f"| {incident} | {incident.description} | {len(delays)} of {len(outcomes)} | {spread(delays)} | {told} |"
    found = sum(each.delay is not None for one in trials for each in one.outcomes)
    yield ""
    yield f"Together {found} of {sum(len(one.outcomes) for one in trials)}."
    yield ""


def _false_alarms(trials: Sequence[Trial]) -> Iterator[str]:
    weeks = sum(one.days for one in trials) / 7
    counts = Counter(each.worst.kind for one in trials for each in one.false_alarms)
    yield "## Said for nothing"
    yield ""
    yield f"Findings that belong to no incident, over {weeks:.0f} weeks (findings that follow each other are one):"
    yield ""
    yield "| detector | false alarms | per week |"
    yield "| --- | --- | --- |"
    for kind in Kind:
        yield f"| {kind} | {counts[kind]} | {counts[kind] / weeks:.2f} |"
    total = sum(counts.values())
    yield f"| together | {total} | {total / weeks:.2f} |"
    yield ""


def _of_one(one: Trial) -> Iterator[str]:
    yield f"## Seed {one.seed}"
    yield ""
    yield "| incident | began (UTC) | found after | told by |"
    yield "| --- | --- | --- | --- |"
    for each in one.outcomes:
        began = f"{each.planted.window.start:%Y-%m-%d %H:%M}"
        yield f"| {each.planted.incident} | {began} | {told_after(each.delay)} | {', '.join(each.found_by) or '—'} |"
    yield ""
    if not one.false_alarms:
        yield "No false alarm."
    for alarm in one.false_alarms:
        yield f"- false alarm at {alarm.found:%Y-%m-%d %H:%M} UTC: {alarm.worst.sentence}"
    yield ""


def told_after(delay: timedelta | None) -> str:
    """Return how long after its beginning an incident was told, or that it was not."""
    return "**not found**" if delay is None else spoken(delay)


def spread(delays: Iterable[timedelta | None]) -> str:
    """Return the median and the longest of the delays of what was found: ``12 min, 1 h 35 min``."""
    found = sorted(each for each in delays if each is not None)
    return f"{spoken(median_high(found))}, {spoken(found[-1])}" if found else "—"


def spoken(length: timedelta) -> str:
    """Return a length of time: ``12 min``, ``1 h 35 min``, ``7 d``."""
    minutes = round(length.total_seconds() / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = ((days, "d"), (hours, "h"), (rest, "min"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def listed(seeds: Sequence[int]) -> str:
    """Return seeds as text: ``1, 2 and 3``."""
    return f"{', '.join(map(str, seeds[:-1]))} and {seeds[-1]}" if len(seeds) > 1 else ", ".join(map(str, seeds))
