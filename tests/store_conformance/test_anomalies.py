"""Detectors find the same in every store, over weeks with a change of clocks, weights, and clients."""

from __future__ import annotations

from datetime import timedelta

from analyzers.anomalies import (
    AnomalySettings,
    FloodSettings,
    Kind,
    ScanSettings,
    Scope,
    SilenceSettings,
)
from analyzers.anomalies.clients import StoreClients
from analyzers.anomalies.detecting import find_anomalies
from analyzers.anomalies.finding import Finding
from analyzers.anomalies.floods import find_floods, find_scans
from analyzers.anomalies.silence import find_silence
from analyzers.anomalies.source import StoreSource
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.store.document import Document
from analyzers.store.interface import Store
from analyzers.store.memory.store import MemoryStore
from analyzers.store.query import Window
from tests.analyzers.anomalies.traffic import local, spread, weeks_before

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = local("2025-04-09T11:00")
"""Ten days after the clocks of Lisbon went forward."""


def history(stream: str) -> list[Document]:
    """Return five weeks of an hour a day, and an hour of errors, slowness, a flood and a scan."""
    found: list[Document] = []
    for then in weeks_before(NOW - HOUR, 5):
        for day in range(7):
            found += spread(then + timedelta(days=day), HOUR, 30, client="192.0.2.1", stream=stream)
        found += spread(then, HOUR, 3, seconds=0.7, weight=3, stream=stream)
    found += spread(NOW - HOUR, HOUR, 40, status=503, seconds=1.3, stream=stream)
    found += spread(NOW - HOUR, HOUR, 10, weight=4, stream=stream)
    found += spread(NOW - 9 * MINUTE, 8 * MINUTE, 350, client="2001:db8::9", stream=stream)
    found += spread(NOW - 9 * MINUTE, 8 * MINUTE, 16, client="203.0.113.9", status=404, path="/{}", stream=stream)
    return found


def settings(stream: str) -> Detectors:
    """Return all detectors over one stream."""
    scope = Scope(stream, zone="Europe/Lisbon")
    return Detectors(
        AnomalySettings(scope=scope),
        FloodSettings(scope=scope),
        ScanSettings(scope=scope),
        SilenceSettings(scope=scope),
    )


def alone(store: Store, stream: str) -> list[Finding]:
    """Return what single evaluations find."""
    chosen = settings(stream)
    assert chosen.anomalies is not None
    assert chosen.floods is not None
    assert chosen.scans is not None
    assert chosen.silence is not None
    scope = chosen.anomalies.scope
    return [
        *find_anomalies(StoreSource(store, scope), chosen.anomalies, NOW),
        find_silence(StoreSource(store, scope), chosen.silence, NOW),
        *find_floods(StoreClients(store, scope), chosen.floods, NOW),
        *find_scans(StoreClients(store, scope), chosen.scans, NOW),
    ]


def test_every_store_finds_the_same(store: Store, stream: str) -> None:
    """All findings are equal to those of the store in memory, one by one and in a sweep, and they are what was made."""
    documents = history(stream)
    store.append(documents)
    found = alone(store, stream)
    assert found == alone(MemoryStore(documents), stream)
    breached = {each.kind for each in found if each.severity.breached}
    assert breached == {Kind.RATE, Kind.ERRORS, Kind.FLOOD, Kind.SCAN}
    span = Window(NOW - 15 * MINUTE, NOW)
    swept = list(Sweep(store, settings(stream), span, lambda _done, _total: None))
    assert swept[-1] == (NOW, tuple(found))
