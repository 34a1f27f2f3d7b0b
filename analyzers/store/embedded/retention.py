"""Which days a store lets go, by the ``data_retention`` that its streams' templates give Elasticsearch.

Elasticsearch counts from when an index was rolled over, not from the events' own time: an old log that is read today
stays as long as today's. So a day goes once both its end and its last write are older than the retention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from analyzers.store.embedded.layout import day_of
from analyzers.store.embedded.records import Segment
from analyzers.store.instants import from_millis

Retention: TypeAlias = Callable[[str], timedelta | None]
"""How long the events of a stream are kept; ``None`` for ever."""


def expired(segments: Sequence[Segment], retention: Retention, now: datetime) -> tuple[Segment, ...]:
    """Return the segments of all days that are older than their stream's retention; a day goes whole or stays whole."""
    return tuple(
        segment
        for (stream, day), members in _days(segments)
        if _is_past(retention(stream), day, members, now)
        for segment in members
    )


def _days(segments: Sequence[Segment]) -> Iterator[tuple[tuple[str, date], list[Segment]]]:
    days: dict[tuple[str, date], list[Segment]] = {}
    for segment in segments:
        days.setdefault((segment.stream, day_of(segment.path)), []).append(segment)
    yield from days.items()


def _is_past(kept: timedelta | None, day: date, members: Sequence[Segment], now: datetime) -> bool:
    if kept is None:
        return False
    end = datetime.combine(day + timedelta(days=1), time(), UTC)
    written = from_millis(max(segment.written for segment in members))
    return max(end, written) + kept <= now
