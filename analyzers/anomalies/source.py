"""Where detectors get their counts from: a store, or what was read of it before (``recording``), with equal answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from analyzers.anomalies.cells import MEASURES, Cell, cell_of, summed
from analyzers.anomalies.scope import Scope
from analyzers.store.calendar import bucket_edges
from analyzers.store.interface import Store
from analyzers.store.query import BUCKET, Calendar, CalendarUnit, Query, Window
from analyzers.store.result import Row
from analyzers.store.zones import load_zone

_PASTS: Final = 4
"""So many are kept: who judges the past over again asks for one hour after the other."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the time before an instant.

    Attributes:
        hours: The requests of each hour of the scope's zone that has some, by its UTC start.
        days: The same by local dates.
        first: When the first of those hours begins; ``None`` when there is none.
        edges: When hours begin, with or without requests, ascending, in milliseconds since 1970; the last ends one.
    """

    hours: Mapping[datetime, Cell]
    days: Mapping[date, Cell]
    first: datetime | None
    edges: Sequence[int]


class Source(Protocol):
    """The requests of one scope, as counts."""

    @property
    def scope(self) -> Scope:
        """Whose events these are."""
        ...

    @property
    def store(self) -> Store:
        """The store, for what is asked only where something was found."""
        ...

    def past(self, window: Window) -> Past:
        """Return the requests of a window of whole local hours from a local midnight on.

        Hours and days outside the window may be there too, but ``first`` is of the window.
        """
        ...

    def cell(self, window: Window) -> Cell:
        """Return the requests of a window of whole minutes."""
        ...


class StoreSource:
    """Asks a store: one query for each call, and none for a past that was asked for before.

    Args:
        store: The store.
        scope: Whose events.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope
        self._pasts: dict[Window, Past] = {}

    @property
    def scope(self) -> Scope:
        """Whose events these are."""
        return self._scope

    @property
    def store(self) -> Store:
        """The store."""
        return self._store

    def past(self, window: Window) -> Past:
        """Return the requests of a window by local hours and days, by one query."""
        if window not in self._pasts:
            hours = self._hours(window)
            days = summed_by_day(hours.items(), load_zone(self._scope.zone))
            if len(self._pasts) >= _PASTS:
                self._pasts.clear()
            self._pasts[window] = Past(hours, days, min(hours, default=None), hour_edges(self._scope, window))
        return self._pasts[window]

    def cell(self, window: Window) -> Cell:
        """Return the requests of a window, by one query."""
        query = Query(self._scope.stream, window, MEASURES, (), self._scope.where)
        return cell_of(self._store.query(query).rows[0])

    def _hours(self, window: Window) -> Mapping[datetime, Cell]:
        by = (Calendar(CalendarUnit.HOUR, self._scope.zone),)
        rows = self._store.query(Query(self._scope.stream, window, MEASURES, by, self._scope.where)).rows
        return {bucket_of(row): cell_of(row) for row in rows}


def hour_edges(scope: Scope, window: Window) -> Sequence[int]:
    """Return when the local hours of a window begin, and when the last ends, in milliseconds since 1970."""
    return bucket_edges(Calendar(CalendarUnit.HOUR, scope.zone), window)


def summed_by_day(hours: Iterable[tuple[datetime, Cell]], zone: ZoneInfo) -> Mapping[date, Cell]:
    """Return the sums of hours by local date."""
    days: dict[date, list[Cell]] = {}
    for start, cell in hours:
        days.setdefault(start.astimezone(zone).date(), []).append(cell)
    return {day: summed(cells) for day, cells in days.items()}


def bucket_of(row: Row) -> datetime:
    """Return the UTC start of a row's bucket.

    Raises:
        TypeError: When the store broke its promise that buckets are instants.
    """
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"the bucket {start!r} is not an instant")
    return start.astimezone(UTC)
