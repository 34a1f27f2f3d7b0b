"""What is copied at a time: one stream on one UTC day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from analyzers.store.checks import matches_stream
from analyzers.store.interface import Store, StoreError
from analyzers.store.query import BUCKET, Calendar, CalendarUnit, NamedMeasure, Query, Stored, Window

_DAY: Final = timedelta(days=1)
_COUNT: Final = "events"


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a history.

    Attributes:
        stream: The data stream.
        window: A UTC day, or what the span that is copied leaves of it.
    """

    stream: str
    window: Window

    @property
    def day(self) -> date:
        """The day, in UTC."""
        return self.window.start.date()

    @property
    def key(self) -> str:
        """How a state file names it within its stream: by its day, or by both ends where it is less than a day."""
        start, end = self.window.start, self.window.end
        whole = self.window.length == _DAY and start == start.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.day.isoformat() if whole else f"{start.isoformat()}/{end.isoformat()}"


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when a history is copied; a bound of ``None`` is open."""

    since: datetime | None = None
    until: datetime | None = None

    def of_day(self, start: datetime) -> Window:
        """Return what the span leaves of a UTC day in which it has an event."""
        end = start + _DAY
        return Window(max(start, self.since or start), min(end, self.until or end))

    def within(self, window: Window) -> Window | None:
        """Return what the span leaves of a window; ``None`` when nothing."""
        start, end = max(window.start, self.since or window.start), min(window.end, self.until or window.end)
        return Window(start, end) if start < end else None


def check_streams(store: Store, names: Iterable[str]) -> None:
    """Make sure that each name means a stream that a store has.

    Raises:
        StoreError: When one does not; the remedy lists those that there are.
    """
    there = store.streams()
    for name in names:
        if not any(matches_stream(name, stream) for stream in there):
            listed = ", ".join(there) or "no events at all"
            raise StoreError(f"{store.url} has no stream {name!r}", f"it has {listed}")


def chosen_streams(store: Store, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the streams of a store that are meant, all environments of one by ``<type>-<dataset>-*``; all by none."""
    return tuple(each for each in store.streams() if not names or any(matches_stream(name, each) for name in names))


def counts(store: Store, streams: Iterable[str], span: Span) -> dict[Part, int]:
    """Return how many documents a store has in each part that has some, by stream and day, whatever they weigh."""
    found: dict[Part, int] = {}
    for stream in streams:
        extent = store.extent(stream)
        window = None if extent is None else span.within(extent)
        if window is not None:
            found.update(_counts(store, stream, window, span))
    return found


def _counts(store: Store, stream: str, window: Window, span: Span) -> Mapping[Part, int]:
    days = Calendar(CalendarUnit.DAY, "UTC")
    result = store.query(Query(stream, window, (NamedMeasure(_COUNT, Stored()),), (days,)))
    found: dict[Part, int] = {}
    for row in result.rows:
        start, count = row[BUCKET], row[_COUNT]
        if isinstance(start, datetime) and isinstance(count, int):
            found[Part(stream, span.of_day(start.astimezone(UTC)))] = count
    return found
