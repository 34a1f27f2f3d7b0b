"""Which planted incidents the detectors found, how soon, and what they found besides."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from analyzers.anomalies.episodes import GAP, Episode, summarize
from analyzers.anomalies.finding import Kind
from analyzers.anomalies.scope import Scope
from analyzers.anomalies.settings import AnomalySettings, FloodSettings, ScanSettings, SilenceSettings
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.store.embedded.store import EmbeddedStore
from analyzers.store.interface import Store
from analyzers.store.query import Window
from atalaia.demo.profile import OFFICE_ZONE
from benchmarks.anomalies.history import documents
from benchmarks.anomalies.incidents import WARM_UP, Incident, Planted, planted

START: Final = datetime(2025, 2, 3, 3, tzinfo=UTC)
"""The first instant that is judged: a Monday's midnight in São Paulo."""
AFTERWARDS: Final = {Incident.LEAK: timedelta(days=2), Incident.RELEASE: timedelta(days=2)}
"""What is found so much later than the end still belongs to the incident: drifts are told after whole days.

Elsewhere it is some hours: the longest window of the other detectors that can tell."""
TELLING: Final = {
    Incident.OUTAGE: {Kind.ERRORS, Kind.LATENCY},
    Incident.LEAK: {Kind.LATENCY, Kind.LATENCY_DRIFT},
    Incident.BURST: {Kind.ERRORS},
    Incident.FLOOD: {Kind.FLOOD, Kind.RATE},
    Incident.SWARM: {Kind.RATE, Kind.FLOOD},
    Incident.SCAN: {Kind.SCAN, Kind.RATE},
    Incident.GUESSING: {Kind.SCAN, Kind.RATE},
    Incident.SILENCE: {Kind.SILENCE, Kind.RATE},
    Incident.NIGHT_SILENCE: {Kind.SILENCE, Kind.RATE},
    Incident.RELEASE: {Kind.ERRORS, Kind.ERROR_DRIFT},
}
"""Which detectors tell of which incident; a finding of another kind at that time is a false alarm."""
_A_WHILE: Final = timedelta(hours=7)
_BATCH: Final = 5000


@dataclass(frozen=True, slots=True)
class Outcome:
    """One planted incident.

    Attributes:
        planted: Which, and when.
        found_by: Kinds of detectors in the order in which they found it; empty when it was not found.
        delay: From its beginning until the first finding.
    """

    planted: Planted
    found_by: tuple[str, ...]
    delay: timedelta | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one history.

    Attributes:
        seed: Which.
        days: How many days were judged.
        outcomes: The planted incidents, in their order.
        false_alarms: Episodes that belong to none.
    """

    seed: int
    days: int
    outcomes: tuple[Outcome, ...]
    false_alarms: tuple[Episode, ...]


def defaults() -> Detectors:
    """Return all detectors with the default settings, in the zone of the office."""
    scope = Scope(zone=OFFICE_ZONE.key)
    return Detectors(
        AnomalySettings(scope=scope),
        FloodSettings(scope=scope),
        ScanSettings(scope=scope),
        SilenceSettings(scope=scope),
    )


def trial(seed: int, days: int, judged: int | None = None) -> Trial:
    """Make a history, judge it with the default settings, and compare.

    Args:
        seed: Of the history.
        days: How many days the history has.
        judged: How many of its days are judged: all by default. What is not over by then is left out.
    """
    span = Window(START, START + timedelta(days=judged or days))
    every = planted(START, days, seed)
    with (
        tempfile.TemporaryDirectory(prefix="atalaia-anomalies-") as directory,
        EmbeddedStore(Path(directory) / "store", writable=True) as store,
    ):
        fill(store, seed, judged or days, every)
        found = summarize(Sweep(store, defaults(), span, lambda _done, _total: None)).episodes
    truth = tuple(each for each in every if judged is None or _until(each) <= span.end)
    over = tuple(each for each in found if judged is None or each.last < span.end - GAP)
    return compared(seed, span.length.days, every, truth, over)


def fill(store: Store, seed: int, days: int, truth: tuple[Planted, ...]) -> None:
    """Write a history and the days before it into a store."""
    begin = START - WARM_UP
    events = documents(begin, days + WARM_UP.days, seed, truth)
    while batch := tuple(islice(events, _BATCH)):
        store.append(batch)


def compared(
    seed: int, days: int, every: tuple[Planted, ...], truth: tuple[Planted, ...], found: tuple[Episode, ...]
) -> Trial:
    """Return which incidents the episodes are of, and which of none.

    Args:
        seed: Of the history.
        days: How many were judged.
        every: All incidents.
        truth: Those that are told about.
        found: The episodes.
    """
    outcomes = tuple(_outcome(each, [episode for episode in found if _is_of(episode, each)]) for each in truth)
    others = tuple(episode for episode in found if not any(_is_of(episode, each) for each in every))
    return Trial(seed, days, outcomes, others)


def _outcome(incident: Planted, found: list[Episode]) -> Outcome:
    kinds = tuple(dict.fromkeys(episode.worst.kind.value for episode in found))
    delay = max(timedelta(0), found[0].found - incident.window.start) if found else None
    return Outcome(incident, kinds, delay)


def _is_of(episode: Episode, incident: Planted) -> bool:
    told = episode.worst.kind in TELLING[incident.incident]
    return told and incident.window.start < episode.found <= _until(incident)


def _until(incident: Planted) -> datetime:
    return incident.window.end + AFTERWARDS.get(incident.incident, _A_WHILE)
