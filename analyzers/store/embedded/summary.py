"""What there is in a store, in numbers, without reading a single event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from analyzers.store.embedded.commits import CommitLog
from analyzers.store.embedded.compaction import all_merges, due_merges
from analyzers.store.embedded.layout import FORMAT, check_version
from analyzers.store.embedded.lock import writing_process
from analyzers.store.embedded.records import Loss, Segment
from analyzers.store.embedded.retention import StoredDay, days_of
from analyzers.store.embedded.settings import Settings
from analyzers.store.instants import from_millis
from analyzers.store.lifecycle import retention_of


@dataclass(frozen=True, slots=True)
class Expiry:
    """The next day that goes.

    Attributes:
        day: A UTC day.
        events: How many events it has.
        at: From when on a writer lets it go.
    """

    day: date
    events: int
    at: datetime


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """One data stream.

    Attributes:
        stream: Its name.
        events: How many.
        first: The instant of the first.
        last: The instant of the last.
        days: UTC days with events.
        segments: Files.
        size: Their bytes.
        retention: How long events are kept; ``None`` for ever.
        expiry: What goes next; ``None`` when everything is kept for ever.
    """

    stream: str
    events: int
    first: datetime
    last: datetime
    days: int
    segments: int
    size: int
    retention: timedelta | None
    expiry: Expiry | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Small segments.

    Attributes:
        due: How many a writer merges by itself with its next commits.
        mergeable: How many a compaction would merge.
        into: How many it would leave of these.
    """

    due: int
    mergeable: int
    into: int


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """A store as of one commit.

    Attributes:
        format: The format's version.
        commit: The number of the newest commit; 0 when there is none.
        checkpoint: The number of the newest checkpoint; 0 when there is none.
        writer: The process that is writing now.
        streams: By name.
        positions: Source to the offset up to which it has been read.
        losses: What the disk has damaged.
        waiting: Small segments.
    """

    format: int
    commit: int
    checkpoint: int
    writer: int | None
    streams: tuple[StreamSummary, ...]
    positions: Mapping[str, int]
    losses: tuple[Loss, ...]
    waiting: Waiting


def summarized(root: Path) -> StoreSummary:
    """Look at a store, also while another process writes it.

    Raises:
        StoreError: When the directory is no store, or its commits are damaged.
        QueryError: When there is no template for a stream that it has.
    """
    check_version(root)
    log = CommitLog(root)
    segments = log.refresh()
    streams: dict[str, list[StoredDay]] = {}
    for day in days_of(segments):
        streams.setdefault(day.stream, []).append(day)
    return StoreSummary(
        format=FORMAT,
        commit=log.last,
        checkpoint=log.summed_up,
        writer=writing_process(root),
        streams=tuple(_stream(name, days) for name, days in streams.items()),
        positions=dict(log.positions),
        losses=tuple(log.losses),
        waiting=_waiting(segments, log.last),
    )


def _stream(stream: str, days: Sequence[StoredDay]) -> StreamSummary:
    segments = [segment for day in days for segment in day.segments]
    kept = retention_of(stream)
    return StreamSummary(
        stream=stream,
        events=sum(day.events for day in days),
        first=from_millis(min(segment.first for segment in segments)),
        last=from_millis(max(segment.last for segment in segments)),
        days=len(days),
        segments=len(segments),
        size=sum(segment.size for segment in segments),
        retention=kept,
        expiry=None if kept is None else _expiry(days, kept),
    )


def _expiry(days: Sequence[StoredDay], kept: timedelta) -> Expiry:
    day = min(days, key=lambda each: each.complete)
    return Expiry(day.day, day.events, day.complete + kept)


def _waiting(segments: Sequence[Segment], last: int) -> Waiting:
    merges = list(all_merges(segments, Settings()))
    due = sum(len(merge) for merge in due_merges(segments, last, Settings()))
    return Waiting(due, sum(len(merge) for merge in merges), len(merges))
