"""Evidence from raw events, and the slices that they make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final, cast

from analyzers.fields import HTTP_ROUTE, RESPONSE_TIME, SERVICE_NAME
from analyzers.jobs.job import FAILED
from analyzers.sampling import STORED, Sampling, sampling_of
from analyzers.sla.contract.model import EVERY
from analyzers.sla.evidence import Counts
from analyzers.sla.ledger.edges import EDGES
from analyzers.sla.ledger.gathering import HOUR, MINUTE, Ask, minutes_of, rows_by_window, start_of
from analyzers.sla.ledger.reading import NO_SUMS, HourSums, Seen, SliceKey, counts_of, tally_of, whole
from analyzers.sla.ledger.slices import DATASET, EVENT_ACTION, Tally
from analyzers.sla.ledger.spans import DAWN, DUSK
from analyzers.store.document import Document
from analyzers.store.instants import from_millis
from analyzers.store.interface import Store
from analyzers.store.query import (
    EVERYTHING,
    And,
    Count,
    CountIf,
    Equals,
    Exists,
    Field,
    Histogram,
    In,
    NamedMeasure,
    Predicate,
    Query,
    Range,
    Window,
)
from analyzers.store.selection import Selection, place_of

_TOTAL: Final = NamedMeasure("total", Count())
_ERRORS: Final = NamedMeasure("errors", CountIf(FAILED))
_REQUESTS: Final = (_TOTAL, _ERRORS, NamedMeasure("measured", CountIf(Exists(RESPONSE_TIME))))
_LATENCY: Final = NamedMeasure("latency", Histogram(RESPONSE_TIME, tuple(edge / 1_000 for edge in EDGES)))
"""The quotient is the double that a record's text of the same seconds is read as: both are the nearest."""


class RawEvents:
    """The raw events of one service in one environment.

    Args:
        store: Where they are.
        service: ``service.name``; ``*`` for the events of every service, and of none.
        environment: The last part of the data streams' names.
        zone: Whose hours most windows begin and end with.
    """

    def __init__(self, store: Store, service: str, environment: str, zone: str = "UTC") -> None:
        self._store = store
        self._service: Predicate = EVERYTHING if service == EVERY else Equals(SERVICE_NAME, service)
        self._environment = environment
        self._zone = zone
        self.requests = f"logs-web.request-{environment}"
        self.messages = f"logs-app.event-{environment}"

    @cached_property
    def start(self) -> datetime | None:
        """The minute from which on no request has expired; ``None`` where there is none left.

        Before it, what other streams still have must not make a minute known: its requests may be gone.
        """
        extent = self._store.extent(self.requests)
        return None if extent is None else extent.start.replace(second=0, microsecond=0)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """All streams of the environment that are not requests, nor the ledger."""
        return tuple(
            stream
            for stream in self._store.streams()
            if (parts := stream.split("-", 2))[2] == self._environment and parts[1] != DATASET
            if stream != self.requests
        )

    def known(self, windows: Sequence[Window]) -> tuple[Window, ...]:
        """Return the parts of windows of which no request has expired."""
        if self.start is None:
            return ()
        return tuple(Window(max(window.start, self.start), window.end) for window in windows if self.start < window.end)

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Sequence[Counts]:
        """Return the requests of each window."""
        under = [NamedMeasure(f"under {edge}", CountIf(Range(RESPONSE_TIME, lt=edge / 1_000))) for edge in thresholds]
        more = () if route is None else (Equals(HTTP_ROUTE, route),)
        ask = self._asking(self.requests, (*_REQUESTS, *under), *more)
        names = {edge: (f"under {edge}",) for edge in thresholds}
        return [counts_of(rows, names) for rows in rows_by_window(ask, windows, self._zone)]

    def minutes(self, windows: Sequence[Window], route: str | None) -> Mapping[datetime, Seen]:
        """Return the minutes with any event of the service; none from which requests may have expired."""
        known = self.known(windows)
        chosen = EVERYTHING if route is None else Equals(HTTP_ROUTE, route)
        measures = (
            NamedMeasure("total", CountIf(chosen)),
            NamedMeasure("errors", CountIf(And((chosen, FAILED)))),
        )
        found = {minute: Seen(0, 0) for minute in self.beside(known)}
        for minute, row in minutes_of(self._asking(self.requests, measures), known).items():
            found[minute] = Seen(whole(row, "total"), whole(row, "errors"))
        return found

    def beside(self, windows: Sequence[Window]) -> Mapping[datetime, int]:
        """Return how many events of the service there were beside its requests, by minute."""
        seen: Counter[datetime] = Counter()
        for stream in self.others:
            for minute, row in minutes_of(self._asking(stream, (_TOTAL,)), windows).items():
                seen[minute] += whole(row, "total")
        return seen

    def slices(self, window: Window) -> Mapping[SliceKey, Tally]:
        """Return the slices of a window of whole minutes."""
        by = (MINUTE, Field(HTTP_ROUTE))
        asked = Query(self.requests, window, (_TOTAL, _ERRORS, _LATENCY), by, self._service)
        return {
            (start_of(row), cast("str | None", row[HTTP_ROUTE])): tally_of(row, cast("tuple[int, ...]", row["latency"]))
            for row in self._store.query(asked).rows
        }

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed."""
        return [instant_of(each) for each in self.backup_events(window, (action,))]

    def backup_events(
        self, window: Window, actions: Sequence[str], *, newest_first: bool = False
    ) -> Iterator[Document]:
        """Yield the events that say that a backup is complete."""
        where = And((self._service, In(EVENT_ACTION, tuple(actions))))
        return self._store.documents(Selection(self.messages, window, where, newest_first=newest_first))

    def sums(self, window: Window, actions: Sequence[str]) -> Mapping[datetime, HourSums]:
        """Return cheap sums by hour, in UTC."""
        found: defaultdict[datetime, HourSums] = defaultdict(lambda: NO_SUMS)
        for row in self._asking(self.requests, _REQUESTS)(window, (HOUR,)):
            total, errors, measured = (whole(row, name) for name in ("total", "errors", "measured"))
            found[start_of(row)] = HourSums(total, errors, measured, total, 0)
        for stream in self.others:
            saying = stream == self.messages and actions
            backups = (NamedMeasure("backups", CountIf(In(EVENT_ACTION, tuple(actions)))),) if saying else ()
            for row in self._asking(stream, (_TOTAL, *backups))(window, (HOUR,)):
                said = whole(row, "backups") if saying else 0
                found[start_of(row)] = found[start_of(row)].plus(HourSums(0, 0, 0, whole(row, "total"), said))
        return found

    def sampling(self, window: Window) -> Sampling | None:
        """Return what the requests of a window were sampled from; ``None`` where each stands for itself."""
        query = Query(self.requests, window, (_TOTAL, STORED), (), self._service)
        row = self._store.query(query).rows[0]
        counts = whole(row, _TOTAL.name), whole(row, STORED.name)
        return sampling_of(self._store, self.requests, window, self._service, counts)

    def has_events(self) -> bool:
        """Tell whether there is any event of the service."""
        ever = Window(DAWN, DUSK)
        streams = (self.requests, *self.others)
        return any(whole(self._asking(stream, (_TOTAL,))(ever, ())[0], "total") for stream in streams)

    def _asking(self, stream: str, measures: tuple[NamedMeasure, ...], *more: Predicate) -> Ask:
        """Return what asks for measures of a stream's events of the service."""
        where = And((self._service, *more))
        return lambda window, by: self._store.query(Query(stream, window, measures, by, where)).rows


def instant_of(document: Document) -> datetime:
    """Return when a stored document happened, to the millisecond."""
    return from_millis(place_of(document).instant)
