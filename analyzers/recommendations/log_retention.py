"""``log-retention``: logs that will fill their disk before their retention lets the first of them go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path, PurePath
from typing import Final, Protocol, runtime_checkable

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, Message, message, plural
from analyzers.recommendations.machines import HOST
from analyzers.recommendations.measuring import ENOUGH, samples, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Gap, Rule, Suggestion
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.retention import StoredDay, days_of
from analyzers.store.interface import Store
from analyzers.store.lifecycle import retention_of
from analyzers.store.query import Count, Max, Measure, Min
from analyzers.store.result import Row
from analyzers.thresholds import load_thresholds

NAME: Final = "log-retention"
PAGE: Final = "runbooks/disk-full.md"
RECENT: Final = 7
"""Complete days, of which the mean is what a day brings: a whole week, as weekends bring less."""
LEAST_DAYS: Final = 3
"""Complete days; with fewer there is no growth to judge."""
FOREVER: Final = timedelta(days=365)
"""How far is looked ahead where a stream is kept for ever."""
_MOUNT: Final = "system.filesystem.mount_point"
_DAY: Final = timedelta(days=1)


@runtime_checkable
class _TellsSizes(Protocol):
    """A store whose files can be listed with their sizes: the embedded one."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The files."""
        ...


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a stream takes.

    Attributes:
        stream: Its name.
        size: Bytes now.
        daily: Bytes of a day.
        retention: For how long its events are kept.
    """

    stream: str
    size: int
    daily: Fraction
    retention: timedelta

    @property
    def full(self) -> Fraction:
        """Bytes once as much is let go as comes, but never fewer than now."""
        return max(self.daily * Fraction(self.retention / _DAY), Fraction(self.size))


def judge(asked: Asked) -> Finding:
    """Reckon how large the store gets with its retention, and compare it with the file system it lies on."""
    if not isinstance(asked.store, _TellsSizes):
        return Finding(gaps=(_untold(asked.store),))
    disk = _disk(asked)
    if disk is None:
        why = message("how full the file system of the store is was not sampled, or by more than one machine")
        return Finding(gaps=(Gap(why, ("atalaia metrics run --directory /var/log/atalaia",)),))
    streams = _streams(asked, asked.store.segments)
    used, size = total(disk, "used"), total(disk, "used") + total(disk, "available")
    growth = sum((each.full - each.size for each in streams), Fraction(0))
    bound = size * Fraction(load_thresholds("production").disk.warning) / 100
    if not streams or used + growth <= bound:
        return Finding()
    worst = max(streams, key=lambda each: (each.full - each.size, each.stream))
    spare = bound - used - (growth - (worst.full - worst.size))
    return Finding((_suggestion(asked, worst, disk, (growth, spare)),))


RULE: Final = Rule(NAME, message("How long logs are kept, and the disk"), judge)


def _untold(store: Store) -> Gap:
    why = message("how large it is was not asked of this kind of store")
    if not store.url.startswith("http"):
        return Gap(why)
    return Gap(why, (f"curl -s '{store.url}/_cat/indices/.ds-*?v&h=index,docs.count,store.size&s=store.size:desc'",))


def _disk(asked: Asked) -> Row | None:
    """Return the file system that the store lies on, where samples of one machine alone can tell."""
    measures: dict[str, Measure] = {
        "samples": Count(),
        "used": Max("system.filesystem.used.bytes"),
        "available": Min("system.filesystem.available"),
    }
    rows = samples(asked, "host.system", "filesystem", measures, (HOST, _MOUNT))
    place = PurePath(Path(asked.store.url).absolute())
    holding = [row for row in rows if place.is_relative_to(text(row, _MOUNT))]
    if len({row[HOST] for row in rows}) != 1 or not holding:
        return None
    found = max(holding, key=lambda row: len(text(row, _MOUNT)))
    return found if total(found, "samples") >= ENOUGH else None


def _streams(asked: Asked, segments: Sequence[Segment]) -> tuple[_Kept, ...]:
    """Return the streams of which there are enough complete days before the window's end."""
    days: dict[str, list[StoredDay]] = defaultdict(list)
    for day in days_of(segments):
        days[day.stream].append(day)
    found = []
    for stream, stored in days.items():
        recent = [_size(day) for day in stored if day.end <= asked.window.end][-RECENT:]
        if len(recent) >= LEAST_DAYS:
            daily = Fraction(sum(recent), len(recent))
            found.append(_Kept(stream, sum(map(_size, stored)), daily, retention_of(stream) or FOREVER))
    return tuple(found)


def _size(day: StoredDay) -> int:
    return sum(segment.size for segment in day.segments)


def _suggestion(asked: Asked, kept: _Kept, disk: Row, room: tuple[Fraction, Fraction]) -> Suggestion:
    growth, spare = room
    used, size = total(disk, "used"), total(disk, "used") + total(disk, "available")
    days = max(1, int((kept.size + spare) // kept.daily))
    command = f"atalaia store expire {asked.store.url} --older-than {days}d --stream {kept.stream}"
    advice = Advice(
        rule=NAME,
        title=message("Keep {stream} for {days}, or get a larger disk", stream=kept.stream, days=_days(days)),
        evidence=(
            message(
                "{stream} takes {size} and grows by {daily} a day; it is kept for {days}",
                stream=kept.stream,
                size=Amount(kept.size, Unit.BYTES),
                daily=Amount(kept.daily, Unit.BYTES),
                days=_days(kept.retention // _DAY),
            ),
            message(
                "its file system {mount} has {used} of {whole} in use, and all logs together will want {growth} more",
                mount=text(disk, _MOUNT),
                used=Amount(used, Unit.BYTES),
                whole=Amount(size, Unit.BYTES),
                growth=Amount(growth, Unit.BYTES),
            ),
        ),
        gain=message(
            "No full disk, as long as no day brings more than the mean of the last {n} did: with the retention as it "
            "is, the disk grows beyond {bound}. Look at the first command's list before the second deletes it; no "
            "other process may write meanwhile. What is deleted cannot be asked about any more; the SLA ledger stays.",
            n=RECENT,
            bound=Amount(Fraction(load_thresholds("production").disk.warning) / 100, Unit.RATIO),
        ),
        commands=(f"{command} --dry-run", f"{command} --yes"),
        page=PAGE,
    )
    return Suggestion(advice, Aim.NO_FAILURE, share(used + growth, size))


def _days(number: int) -> Message:
    return plural("{n} day", "{n} days", number)
