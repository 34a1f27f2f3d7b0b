"""Evidence from the slices of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar, cast

from analyzers.fields import HTTP_ROUTE, SERVICE_NAME
from analyzers.sla.evidence import Counts, Restatement
from analyzers.sla.ledger.edges import EDGES
from analyzers.sla.ledger.gathering import HOUR, MINUTE, minutes_of, rows_by_window, start_of
from analyzers.sla.ledger.raw import instant_of
from analyzers.sla.ledger.reading import HourSums, Seen, SliceKey, counts_of, tally_of, whole
from analyzers.sla.ledger.slices import (
    BAD,
    EVENT_ACTION,
    EVENTS,
    KIND,
    LATENCY,
    MEASURED,
    REVISION,
    SEAL,
    TOTAL,
    UNTIL,
    SliceKind,
    Tally,
    slice_stream,
)
from analyzers.sla.ledger.spans import DAWN, Spans, common, united
from analyzers.store.instants import from_millis, to_millis
from analyzers.store.interface import Store
from analyzers.store.query import (
    And,
    CountIf,
    Dimension,
    Equals,
    Field,
    In,
    Max,
    Min,
    NamedMeasure,
    Or,
    Predicate,
    Query,
    Range,
    Sum,
    Window,
)
from analyzers.store.result import Row
from analyzers.store.selection import Selection

_TOTAL: Final = NamedMeasure("total", Sum(TOTAL))
_ERRORS: Final = NamedMeasure("errors", Sum(BAD))
_MEASURED: Final = NamedMeasure("measured", Sum(MEASURED))
_EVENTS: Final = NamedMeasure("events", Sum(EVENTS))
_REVISION: Final = NamedMeasure("revision", Max(REVISION))
_FIRST: Final = NamedMeasure("first", Min(REVISION))
_SEAL: Final = NamedMeasure("seal", Max(SEAL))
_UNTIL: Final = NamedMeasure("until", Max(UNTIL))
_LATE: Final = Range(REVISION, gte=2)

_Value = TypeVar("_Value")

MARKER_REACH: Final = timedelta(days=1)
"""The longest span that one marker seals."""


@dataclass(frozen=True, slots=True)
class Held(Generic[_Value]):
    """What the ledger has under a key.

    Attributes:
        value: All revisions together.
        revision: The last of them.
    """

    value: _Value
    revision: int


class SealedSlices:
    """The ledger of one service in one environment.

    Args:
        ledger: The store that holds it.
        service: ``service.name``; ``*`` for the slices that were made of the events of every service.
        environment: The last part of the data streams' names.
        zone: Whose hours most windows begin and end with.
        as_of: Only what was sealed until then; everything when absent.
    """

    def __init__(
        self, ledger: Store, service: str, environment: str, zone: str = "UTC", as_of: datetime | None = None
    ) -> None:
        self._ledger = ledger
        self._stream = slice_stream(environment)
        self._service = service
        self._zone = zone
        self._as_of = as_of

    def coverage(self, window: Window) -> Spans:
        """Return the parts of a window that have been sealed."""
        return self._marked(window, self.where(SliceKind.SEAL))

    def watched(self, window: Window, action: str) -> Spans:
        """Return the parts of a window that were sealed with the backups of an action: the contract named it."""
        return self._marked(window, self.where(SliceKind.WATCH, Equals(EVENT_ACTION, action)))

    def _marked(self, window: Window, where: Predicate) -> Spans:
        reach = Window(window.start - MARKER_REACH, window.end)

        def ask(asked: Window, by: tuple[Dimension, ...]) -> Sequence[Row]:
            return self.rows(asked, (_UNTIL,), where, by)

        markers = minutes_of(ask, [reach])
        return common(window, united(Window(start, from_millis(whole(row, "until"))) for start, row in markers.items()))

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Sequence[Counts]:
        """Return the requests of each window."""
        buckets = {edge: LATENCY[: EDGES.index(edge) + 1] for edge in thresholds}
        needed = max(buckets.values(), key=len, default=())
        measures = (_TOTAL, _ERRORS, _MEASURED, *(NamedMeasure(name, Sum(name)) for name in needed))

        def ask(window: Window, by: tuple[Dimension, ...]) -> Sequence[Row]:
            return self.rows(window, measures, self.where(SliceKind.REQUESTS, *_of_route(route)), by)

        return [counts_of(rows, buckets) for rows in rows_by_window(ask, windows, self._zone)]

    def minutes(self, windows: Sequence[Window], route: str | None) -> Mapping[datetime, Seen]:
        """Return the minutes with any event of the service."""
        requests = And((Equals(KIND, SliceKind.REQUESTS), *_of_route(route)))
        where = self.where(None, Or((Equals(KIND, SliceKind.PRESENCE), requests)))
        rows = minutes_of(lambda window, by: self.rows(window, (_TOTAL, _ERRORS), where, by), windows)
        return {minute: Seen(whole(row, "total"), whole(row, "errors")) for minute, row in rows.items()}

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed."""
        where = self.where(SliceKind.BACKUP, Equals(EVENT_ACTION, action))
        return [instant_of(each) for each in self._ledger.documents(Selection(self._stream, window, where))]

    def last_backup(self, before: datetime, action: str) -> datetime | None:
        """Return when the last backup before an instant was completed."""
        where = self.where(SliceKind.BACKUP, Equals(EVENT_ACTION, action))
        asked = Selection(self._stream, Window(DAWN, before), where, newest_first=True, limit=1)
        return next(map(instant_of, self._ledger.documents(asked)), None)

    def restatements(self, window: Window) -> tuple[Restatement, ...]:
        """Return the minutes to which late events added something that counts, ascending.

        Those are requests and backups, and any event in a minute of which nothing was known before.
        """
        measures = (_TOTAL, _ERRORS, _REVISION, _SEAL)
        where = self.where(None, In(KIND, (SliceKind.REQUESTS, SliceKind.BACKUP)), _LATE)
        rows = {**self._by_minute(window, measures, where)}
        presence = self._by_minute(window, measures, self.where(SliceKind.PRESENCE, _LATE))
        if fresh := [minute for minute in presence if minute not in rows]:
            known = self._known_at_first(Window(fresh[0], fresh[-1] + timedelta(minutes=1)))
            rows |= {minute: presence[minute] for minute in fresh if minute not in known}
        return tuple(_restatement(minute, row) for minute, row in sorted(rows.items()))

    def slices(self, window: Window) -> Mapping[SliceKey, Held[Tally]]:
        """Return what is sealed of each minute and route, and the last revision of it."""
        measures = (_TOTAL, _ERRORS, _REVISION, *(NamedMeasure(name, Sum(name)) for name in LATENCY))
        rows = self.rows(window, measures, self.where(SliceKind.REQUESTS), (MINUTE, Field(HTTP_ROUTE)))
        return {
            (start_of(row), cast("str | None", row[HTTP_ROUTE])): Held(
                tally_of(row, [whole(row, name) for name in LATENCY]), whole(row, "revision")
            )
            for row in rows
        }

    def presence(self, window: Window) -> Mapping[datetime, Held[int]]:
        """Return how many events were sealed of each minute, and the last revision of that."""
        rows = self._by_minute(window, (_EVENTS, _REVISION), self.where(SliceKind.PRESENCE))
        return {minute: Held(whole(row, "events"), whole(row, "revision")) for minute, row in rows.items()}

    def backup_ids(self, window: Window) -> frozenset[str]:
        """Return the ids of the ledger's documents of backups."""
        asked = Selection(self._stream, window, self.where(SliceKind.BACKUP))
        return frozenset(each.id for each in self._ledger.documents(asked))

    def sums(self, window: Window, actions: Sequence[str]) -> Mapping[datetime, HourSums]:
        """Return cheap sums by hour, in UTC."""
        said = And((Equals(KIND, SliceKind.BACKUP), In(EVENT_ACTION, tuple(actions))))
        backups = (NamedMeasure("backups", CountIf(said)),) if actions else ()
        measures = (_TOTAL, _ERRORS, _MEASURED, _EVENTS, *backups)
        return {
            start_of(row): HourSums(
                whole(row, "total"),
                whole(row, "errors"),
                whole(row, "measured"),
                whole(row, "events"),
                whole(row, "backups") if actions else 0,
            )
            for row in self.rows(window, measures, self.where(None), (HOUR,))
        }

    @property
    def start(self) -> datetime | None:
        """When the first document of any service in the environment is of."""
        extent = self._ledger.extent(self._stream)
        return None if extent is None else extent.start

    def _known_at_first(self, window: Window) -> frozenset[datetime]:
        where = self.where(SliceKind.PRESENCE, Range(REVISION, lte=1))
        return frozenset(self._by_minute(window, (_FIRST,), where))

    def _by_minute(
        self, window: Window, measures: tuple[NamedMeasure, ...], where: Predicate
    ) -> Mapping[datetime, Row]:
        return minutes_of(lambda asked, by: self.rows(asked, measures, where, by), [window])

    def rows(
        self, window: Window, measures: tuple[NamedMeasure, ...], where: Predicate, by: tuple[Dimension, ...]
    ) -> Sequence[Row]:
        """Ask the ledger."""
        return self._ledger.query(Query(self._stream, window, measures, by, where)).rows

    def where(self, kind: SliceKind | None, *more: Predicate) -> Predicate:
        """Return which documents are of the service and a kind, and of the time that is asked about."""
        parts: list[Predicate] = [Equals(SERVICE_NAME, self._service)]
        if kind is not None:
            parts.append(Equals(KIND, kind.value))
        if self._as_of is not None:
            parts.append(Range(SEAL, lte=to_millis(self._as_of)))
        return And((*parts, *more))


def _of_route(route: str | None) -> tuple[Predicate, ...]:
    return () if route is None else (Equals(HTTP_ROUTE, route),)


def _restatement(minute: datetime, row: Row) -> Restatement:
    sealed = from_millis(whole(row, "seal"))
    return Restatement(minute, whole(row, "revision"), whole(row, "total"), whole(row, "errors"), sealed)
