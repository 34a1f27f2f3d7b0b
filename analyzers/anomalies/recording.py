"""Counts that were read before: many instants judged over one read, with the answers of one evaluation each.

Hours are read as far back as a baseline reaches, minutes only of the span whose instants are judged; both by the week,
so that no answer of a store is larger than some ten thousand groups.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from ipaddress import ip_address
from typing import Final, TypeAlias

from analyzers.anomalies.cells import MEASURES, NOTHING, Cell, cell_of, summed
from analyzers.anomalies.clients import Clients, Doing, Sent, StoreClients, client_of, sent_of
from analyzers.anomalies.scope import Scope
from analyzers.anomalies.source import Past, bucket_of, hour_edges, summed_by_day
from analyzers.fields import CLIENT_IP
from analyzers.jobs.job import REQUESTS
from analyzers.sampling import STORED
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import Calendar, CalendarUnit, Field, Query, Window
from analyzers.store.zones import first_instant, load_zone

LOOK_BACK: Final = timedelta(days=3)
"""No judgement asks for minutes earlier than this: a window is a day at most, and the day it begins in counts."""

Progress: TypeAlias = Callable[[float, float], None]
"""Told how much is done, and of how much."""

_WEEK: Final = timedelta(days=7)


class RecordedSource:
    """The requests of a scope around a span of instants. Reads them when it is made.

    Args:
        store: The store.
        scope: Whose events.
        span: The instants that will be judged: those after its start, and its end.
        weeks: How many weeks the baselines reach back.
        progress: Told about the reading.

    Raises:
        StoreError: When the store cannot answer.
    """

    def __init__(self, store: Store, scope: Scope, span: Window, weeks: int, progress: Progress) -> None:
        self._store = store
        self._scope = scope
        self._zone = load_zone(scope.zone)
        oldest = span.start.astimezone(self._zone).date() - timedelta(days=7 * (weeks + 1))
        past = Window(from_millis(first_instant(self._zone, oldest)), span.end)
        self._edges = hour_edges(scope, past)
        self._near = Window(span.start - LOOK_BACK, span.end)
        self._hours = self._read(CalendarUnit.HOUR, past, lambda done: progress(done / 2, 1))
        self._minutes = self._read(CalendarUnit.MINUTE, self._near, lambda done: progress((1 + done) / 2, 1))

    @property
    def scope(self) -> Scope:
        """Whose events these are."""
        return self._scope

    @property
    def store(self) -> Store:
        """The store."""
        return self._store

    def past(self, window: Window) -> Past:
        """Return the hours and days that were read."""
        place = bisect_left(self._starts, window.start)
        first = self._starts[place] if place < len(self._starts) and self._starts[place] < window.end else None
        return Past(self._hours, self._days, first, self._edges)

    def cell(self, window: Window) -> Cell:
        """Return the requests of a window of whole minutes, by adding up what was read.

        Raises:
            ValueError: When the window reaches outside of the minutes that were read, or has parts of minutes.
        """
        _hold_within(window, self._near)
        known = self._known[bisect_left(self._known, window.start) : bisect_left(self._known, window.end)]
        return summed([self._minutes[start] for start in known])

    @cached_property
    def _starts(self) -> list[datetime]:
        return sorted(self._hours)

    @cached_property
    def _known(self) -> list[datetime]:
        return sorted(self._minutes)

    @cached_property
    def _days(self) -> Mapping[date, Cell]:
        return summed_by_day(self._hours.items(), self._zone)

    def _read(self, unit: CalendarUnit, window: Window, progress: Callable[[float], None]) -> Mapping[datetime, Cell]:
        found: dict[datetime, Cell] = {}
        for part in weeks_of(window):
            by = (Calendar(unit, self._scope.zone),)
            for row in self._store.query(Query(self._scope.stream, part, MEASURES, by, self._scope.where)).rows:
                start = bucket_of(row)
                found[start] = found.get(start, NOTHING) + cell_of(row)  # a bucket may lie in two parts
            progress((part.end - window.start) / window.length)
        return found


class RecordedClients(StoreClients):
    """The clients of a scope in a span, by the minute. Reads them when it is made.

    Args:
        store: The store.
        scope: Whose events.
        span: The span that windows lie in.
        progress: Told about the reading.

    Raises:
        StoreError: When the store cannot answer.
    """

    def __init__(self, store: Store, scope: Scope, span: Window, progress: Progress) -> None:
        super().__init__(store, scope)
        self._span = span
        kinds = [*Doing]
        self._minutes = {
            doing: self._read(doing, partial(_advance, progress, place, len(kinds)))
            for place, doing in enumerate(kinds)
        }
        self._known = {doing: sorted(minutes) for doing, minutes in self._minutes.items()}

    def busiest(self, doing: Doing, window: Window, most: int) -> Clients:
        """Return the busiest clients of a window, by adding up what was read.

        Raises:
            ValueError: When the window reaches outside of the span, or has parts of minutes.
        """
        _hold_within(window, self._span)
        known, sums = self._known[doing], dict[str, Sent]()
        for start in known[bisect_left(known, window.start) : bisect_left(known, window.end)]:
            for client, sent in self._minutes[doing][start].items():
                sums[client] = sums.get(client, Sent(0, 0)) + sent
        ranked = sorted(sums.items(), key=lambda item: (-item[1].requests, ip_key(item[0])))
        return dict(ranked[:most])

    def _read(self, doing: Doing, progress: Callable[[float], None]) -> Mapping[datetime, dict[str, Sent]]:
        found: dict[datetime, dict[str, Sent]] = {}
        by = (Calendar(CalendarUnit.MINUTE), Field(CLIENT_IP))
        for part in weeks_of(self._span):
            query = Query(self.scope.stream, part, (REQUESTS, STORED), by, self.where(doing))
            for row in self._store.query(query).rows:
                clients = found.setdefault(bucket_of(row), {})
                clients[client_of(row)] = clients.get(client_of(row), Sent(0, 0)) + sent_of(row)
            progress((part.end - self._span.start) / self._span.length)
        return found


def weeks_of(window: Window) -> Iterator[Window]:
    """Yield a window in parts of a week, the last one shorter."""
    start = window.start
    while start < window.end:
        yield Window(start, min(start + _WEEK, window.end))
        start += _WEEK


def ip_key(address: str) -> bytes:
    """Return what orders addresses as stores do: as IPv6, those of IPv4 mapped into it."""
    parsed = ip_address(address)
    return parsed.packed if parsed.version == 6 else b"\0" * 10 + b"\xff\xff" + parsed.packed  # noqa: PLR2004 - IPv6


def _advance(progress: Progress, place: int, of: int, done: float) -> None:
    progress((place + done) / of, 1)


def _hold_within(window: Window, span: Window) -> None:
    whole = not (window.start.second or window.end.second or window.start.microsecond or window.end.microsecond)
    if window.start < span.start or window.end > span.end or not whole:
        raise ValueError(f"{window} is not of whole minutes within {span}")
