"""What is known of a service as of one moment: from the ledger where it is sealed, else from raw events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from analyzers.sampling import Sampling
from analyzers.sla.contract.model import EVERY, Contract
from analyzers.sla.evidence import Counts, Evidence, Minute, Provenance, Restatement
from analyzers.sla.ledger.combining import CombinedEvidence
from analyzers.sla.ledger.raw import RawEvents, instant_of
from analyzers.sla.ledger.reading import Reading, Seen, added
from analyzers.sla.ledger.sealed import SealedSlices
from analyzers.sla.ledger.spans import DAWN, Spans, common, hull, united, without
from analyzers.store.interface import Store
from analyzers.store.query import Window

_MINUTE: Final = timedelta(minutes=1)


def evidence_of(store: Store, ledger: Store | None, contract: Contract, as_of: datetime) -> Evidence:
    """Return what is known of a contract's service as of a moment.

    Args:
        store: The raw events.
        ledger: What holds the ledger; may be the same store; ``None`` where nothing has been sealed.
        contract: Whose service, environment and zone. With the environment ``*`` all of them are added up.
        as_of: Only slices sealed until then count, and where nothing is sealed, events before it.

    Raises:
        StoreError: When a store cannot answer; so do the methods of what is returned.
    """
    if contract.environment != EVERY:
        return _of_environment(store, ledger, contract, contract.environment, as_of)
    names = environments_of(store, ledger)
    parts = [_of_environment(store, ledger, contract, name, as_of) for name in names]
    together = LedgerEvidence(RawEvents(store, contract.service, EVERY), None, as_of)
    return CombinedEvidence(parts, as_of, together.sampling)


def environments_of(*stores: Store | None) -> tuple[str, ...]:
    """Return the environments of the streams of some stores, sorted."""
    streams = [stream for store in stores if store is not None for stream in store.streams()]
    return tuple(sorted({stream.split("-", 2)[2] for stream in streams}))


def _of_environment(
    store: Store, ledger: Store | None, contract: Contract, environment: str, as_of: datetime
) -> LedgerEvidence:
    raw = RawEvents(store, contract.service, environment, contract.zone)
    sealed = None if ledger is None else SealedSlices(ledger, contract.service, environment, contract.zone, as_of)
    return LedgerEvidence(raw, sealed, as_of)


class LedgerEvidence:
    """The evidence of one service in one environment; satisfies :class:`analyzers.sla.evidence.Evidence`.

    Args:
        raw: The raw events.
        ledger: The slices that were sealed as of the moment, if there are any.
        as_of: The moment.
    """

    def __init__(self, raw: RawEvents, ledger: SealedSlices | None, as_of: datetime) -> None:
        self._raw = raw
        self._ledger = ledger
        self._as_of = as_of
        self._asked: Window | None = None
        self._sealed: Spans = ()

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Sum the requests of several disjoint windows."""
        found = Counts(0, 0, 0, dict.fromkeys(thresholds, 0))
        for _, counts in self.series(united(windows), route, thresholds):
            found = added(found, counts)
        return found

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Return the requests of each window, in their order, by few queries."""
        found = [Counts(0, 0, 0, dict.fromkeys(thresholds, 0)) for _ in windows]
        for reading, spans in self._parts(windows):
            pieces = [(place, part) for place, each in enumerate(windows) for part in common(each, spans)]
            counted = reading.counts([part for _, part in pieces], route, thresholds)
            for (place, _), counts in zip(pieces, counted, strict=True):
                found[place] = added(found[place], counts)
        return list(zip(windows, found, strict=True))

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the minutes of which something is known, ascending."""
        found: dict[datetime, Seen] = {}
        for reading, spans in self._parts([window]):
            found |= reading.minutes(spans, route)
        return [Minute(start, seen.total, seen.errors) for start, seen in sorted(found.items())]

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed, ascending; of the time before the window only the last one."""
        unsealed = without(window, self._watched(window, action))
        past = common(Window(DAWN, self._as_of), unsealed)
        found = {each for span in past for each in self._raw.backups(span, action)}
        if self._ledger is not None:
            found |= {each for span in self._coverage(window) for each in self._ledger.backups(span, action)}
        last = self._last_backup(window.start, action)
        return [*([] if last is None else [last]), *sorted(found)]

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Return the sealed parts whose backups of an action were not sealed, and whose raw events have expired."""
        watched = self._watched(window, action)
        blind = tuple(part for span in self._coverage(window) for part in without(span, watched))
        raw = self._raw.known(blind)
        return [part for span in blind for part in without(span, raw)]

    def provenance(self, window: Window) -> Provenance:
        """Return where the numbers of a window come from; of the time after the moment there are none."""
        if window.start >= self._as_of:
            return Provenance((), (), (), ())
        window = Window(window.start, min(window.end, self._as_of))
        sealed = self._coverage(window)
        unsealed = without(window, sealed)
        raw = united(self._raw.known(unsealed))
        missing = tuple(part for span in unsealed for part in without(span, raw))
        return Provenance(sealed, raw, missing, self._restatements(sealed))

    def sampling(self, window: Window) -> Sampling | None:
        """Return what the requests of a window were sampled from, by the raw events of before the moment."""
        end = min(window.end, self._as_of)
        return self._raw.sampling(Window(window.start, end)) if window.start < end else None

    def _restatements(self, sealed: Spans) -> tuple[Restatement, ...]:
        if self._ledger is None or not sealed:
            return ()
        found = self._ledger.restatements(hull(sealed))
        return tuple(each for each in found if any(span.start <= each.minute < span.end for span in sealed))

    def _last_backup(self, before: datetime, action: str) -> datetime | None:
        """Return the last backup before an instant; one that arrived too late counts from when it is sealed."""
        sealed = None if self._ledger is None else self._ledger.last_backup(before, action)
        start, end = sealed or DAWN, min(before, self._as_of)
        if start >= end:
            return sealed
        for event in self._raw.backup_events(Window(start, end), (action,), newest_first=True):
            instant = instant_of(event)
            minute = instant.replace(second=0, microsecond=0)
            if not self._watched(Window(minute, minute + _MINUTE), action):
                return instant
        return sealed

    def _parts(self, windows: Sequence[Window]) -> Iterator[tuple[Reading, Spans]]:
        """Yield what is to be asked of the ledger, and what of raw events."""
        if not windows:
            return
        sealed = self._coverage(hull(windows))
        asked = united(windows)
        if self._ledger is not None and (parts := _within(asked, sealed)):
            yield self._ledger, parts
        past = [Window(each.start, min(each.end, self._as_of)) for each in asked if each.start < self._as_of]
        if unsealed := tuple(part for each in past for part in without(each, sealed)):
            yield self._raw, unsealed

    def _watched(self, window: Window, action: str) -> Spans:
        """Return the parts of a window that are sealed with the backups of an action."""
        if self._ledger is None:
            return ()
        watched = self._ledger.watched(window, action)
        return tuple(part for span in self._ledger.coverage(window) for part in common(span, watched))

    def _coverage(self, window: Window) -> Spans:
        """Return the parts of a window that are sealed; what was found out once is not asked again."""
        if self._ledger is None:
            return ()
        if self._asked is None or not (self._asked.start <= window.start and window.end <= self._asked.end):
            self._asked = window if self._asked is None else hull((self._asked, window))
            self._sealed = self._ledger.coverage(self._asked)
        return common(window, self._sealed)


def _within(windows: Spans, spans: Spans) -> Spans:
    return tuple(part for window in windows for part in common(window, spans))
