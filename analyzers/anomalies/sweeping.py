"""Judge many instants over one read, and tell what belongs together as one episode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from analyzers.anomalies.clients import ClientSource
from analyzers.anomalies.detecting import OVER_DAYS, find_anomalies
from analyzers.anomalies.finding import Finding
from analyzers.anomalies.floods import find_floods, find_scans
from analyzers.anomalies.recording import Progress, RecordedClients, RecordedSource
from analyzers.anomalies.settings import AnomalySettings, FloodSettings, ScanSettings, SilenceSettings
from analyzers.anomalies.silence import find_silence
from analyzers.anomalies.source import Source
from analyzers.store.interface import Store
from analyzers.store.query import QueryError, Window
from analyzers.store.zones import load_zone

STEP: Final = timedelta(minutes=15)
CLIENT_STEP: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Detectors:
    """Which detectors judge; ``None`` for those that do not. All are about one scope."""

    anomalies: AnomalySettings | None = None
    floods: FloodSettings | None = None
    scans: ScanSettings | None = None
    silence: SilenceSettings | None = None


class Sweep:
    """Judges instants ``step`` apart, clients more often, over counts that are read when it is made.

    Args:
        store: The store.
        detectors: What judges.
        span: The instants: those after its start, up to its end; whole minutes.
        progress: Told about reading.
        step: The time between instants.

    Raises:
        QueryError: When the span is not of whole minutes.
        StoreError: When the store cannot answer.
    """

    def __init__(
        self, store: Store, detectors: Detectors, span: Window, progress: Progress, step: timedelta = STEP
    ) -> None:
        if span.start.second or span.end.second or span.start.microsecond or span.end.microsecond:
            raise QueryError(f"the window from {span.start} to {span.end} has parts of minutes", "give whole minutes")
        self._detectors, self._span, self._step = detectors, span, step
        self._drifts: dict[date, tuple[Finding, ...]] = {}
        self._source = self._recorded(store, progress)
        self._clients = self._recorded_clients(store, progress)

    def __len__(self) -> int:
        """Return how many instants are judged."""
        return sum(1 for _ in self._instants())

    def __iter__(self) -> Iterator[tuple[datetime, tuple[Finding, ...]]]:
        """Yield instants in order, and what was found at each."""
        for instant in self._instants():
            yield instant, tuple(self._at(instant))

    def _instants(self) -> Iterator[datetime]:
        step = min(self._step, CLIENT_STEP) if self._clients else self._step
        instant = self._span.start + step
        while instant <= self._span.end:
            yield instant
            instant += step

    def _at(self, instant: datetime) -> Iterator[Finding]:
        detectors = self._detectors
        if self._source is not None and (instant - self._span.start) % self._step == timedelta(0):
            if detectors.anomalies is not None:
                yield from self._anomalies(self._source, detectors.anomalies, instant)
            if detectors.silence is not None:
                yield find_silence(self._source, detectors.silence, instant)
        if self._clients is not None and detectors.floods is not None:
            yield from find_floods(self._clients, detectors.floods, instant)
        if self._clients is not None and detectors.scans is not None:
            yield from find_scans(self._clients, detectors.scans, instant)

    def _anomalies(self, source: Source, settings: AnomalySettings, instant: datetime) -> Iterator[Finding]:
        """Yield what is found, drifts last: they are of whole days, so all instants of a day share them."""
        hourly = tuple(kind for kind in settings.kinds if kind not in OVER_DAYS)
        daily = tuple(kind for kind in settings.kinds if kind in OVER_DAYS)
        if hourly:
            yield from find_anomalies(source, replace(settings, kinds=hourly), instant)
        if daily:
            day = instant.astimezone(load_zone(settings.scope.zone)).date()
            if day not in self._drifts:
                self._drifts = {day: find_anomalies(source, replace(settings, kinds=daily), instant)}
            yield from self._drifts[day]

    def _recorded(self, store: Store, progress: Progress) -> Source | None:
        used = [each for each in (self._detectors.anomalies, self._detectors.silence) if each is not None]
        if not used:
            return None
        weeks = max(each.baseline.weeks for each in used)
        return RecordedSource(store, used[0].scope, self._span, weeks, progress)

    def _recorded_clients(self, store: Store, progress: Progress) -> ClientSource | None:
        used = [each for each in (self._detectors.floods, self._detectors.scans) if each is not None]
        if not used:
            return None
        before = max(each.window for each in used)
        return RecordedClients(store, used[0].scope, Window(self._span.start - before, self._span.end), progress)
