"""Which days a store lets go, by the ``data_retention`` that its streams' templates give Elasticsearch.

Elasticsearch counts from when an index was rolled over, not from the events' own time: an old log that is read today
stays as long as today's. So a day goes once both its end and its last write are older than the retention.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from analyzers.store.embedded.layout import day_of
from analyzers.store.embedded.records import Segment
from analyzers.store.instants import from_millis

Retention: TypeAlias = Callable[[str], timedelta | None]
"""How long the events of a stream are kept; ``None`` for ever."""


@dataclass(frozen=True, slots=True)
class StoredDay:
    """What a store has of one stream and one UTC day; it goes whole or stays whole."""

    stream: str
    day: date
    segments: tuple[Segment, ...]

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(segment.rows for segment in self.segments)

    @property
    def end(self) -> datetime:
        """The first instant after the day."""
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)

    @property
    def complete(self) -> datetime:
        """The instant from which a retention counts: the day's end, or its last write when that was later."""
        return max(self.end, from_millis(max(segment.written for segment in self.segments)))


def days_of(segments: Sequence[Segment]) -> tuple[StoredDay, ...]:
    """Return all days that the segments are of, by stream and day."""
    days: dict[tuple[str, date], list[Segment]] = {}
    for segment in segments:
        days.setdefault((segment.stream, day_of(segment.path)), []).append(segment)
    return tuple(StoredDay(stream, day, tuple(members)) for (stream, day), members in sorted(days.items()))


def expired(segments: Sequence[Segment], retention: Retention, now: datetime) -> tuple[StoredDay, ...]:
    """Return the days that are past their stream's retention."""
    return tuple(
        day for day in days_of(segments) if (kept := retention(day.stream)) is not None and day.complete + kept <= now
    )


def older(segments: Sequence[Segment], age: timedelta, now: datetime) -> tuple[StoredDay, ...]:
    """Return the days whose every event is older than an age by its own time, whenever it was written."""
    return tuple(day for day in days_of(segments) if day.end + age <= now)
