"""What detectors and alert rules are asked of a place, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from analyzers.alerts import AlertReport, AlertState, Policy, Rule, check_alerts
from analyzers.alerts.replay import replay
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.signal import Signal
from analyzers.anomalies import AnomalySettings, FloodSettings, ScanSettings, Scope, SilenceSettings
from analyzers.anomalies.episodes import summarize
from analyzers.anomalies.sweeping import Detectors, Sweep
from analyzers.fields import SERVICE_NAME
from analyzers.store.query import Equals, Window
from logging_lib.clock import Clock
from tests.store_conformance.alert_rule_files import exact, rules
from tests.store_conformance.places import Place
from tests.store_conformance.telling import Told
from tests.store_conformance.traffic import HOUR, MINUTE

_SIGNAL: Final = frozenset({"value", "message", "explanation"})


def anomalies(place: Place) -> Iterator[Told]:
    """Let all detectors judge the hour of errors, and the hours of the change."""
    scope = Scope(place.stream, zone=place.scene.zone)
    flood, silence = FloodSettings(scope, floor=60), SilenceSettings(scope)
    detectors = Detectors(AnomalySettings(scope=scope), flood, ScanSettings(scope), silence)
    for end in (place.scene.now, place.scene.change + HOUR):
        span = Window(end - HOUR / 2, end)
        yield Told(f"{end}", summarize(Sweep(place.store, detectors, span, lambda _done, _total: None)))


def _rules(place: Place, folder: Path) -> Iterator[tuple[Rule, bool]]:
    """Yield rules of every kind, those of the documented thresholds too, and whether they must be exact."""
    file = rules(folder, place.environment, place.scene.now, place.environment)
    for rule in file.rules:
        yield rule, exact(file.words[rule.name])
    where = Equals(SERVICE_NAME, place.environment)
    for rule in default_rules("production", window=HOUR, where=where).rules:
        yield rule, "response" not in rule.name


def _id() -> str:
    return "id"


def _clock(instant: datetime) -> Clock:
    return lambda: instant


def _unordered(report: AlertReport) -> Sequence[Signal]:
    """Return what the groups of a rule say, whichever is the worst by an estimate and so comes with an explanation."""
    return sorted(
        (replace(each, explanation=()) for each in report.signals), key=lambda each: sorted(each.labels.items())
    )


def alerts_check(place: Place) -> Iterator[Told]:
    """Check every rule, one by one, in the hour of errors and days before."""
    with TemporaryDirectory() as folder:
        for number, (rule, sure) in enumerate(_rules(place, Path(folder))):
            for instant in (place.scene.now, place.scene.change + 30 * MINUTE):
                with AlertState(Path(folder) / f"{number}-{instant.timestamp()}.sqlite") as state:
                    report = check_alerts(place.store, [rule], state, Policy(new_id=_id), _clock(instant))
                estimated, loosely = (frozenset[str](), None) if sure else (_SIGNAL, _unordered(report))
                yield Told(f"{rule.name} {instant}", report, estimated, _SIGNAL, loosely)


def alerts_replay(place: Place) -> Iterator[Told]:
    """Tell what all rules together would have told."""
    with TemporaryDirectory() as folder:
        every = [rule for rule, _ in _rules(place, Path(folder))]
        span = Window(place.scene.now - 2 * HOUR, place.scene.now)
        moments = list(replay(place.store, every, Policy(new_id=_id), span, HOUR))
    yield Told("moments", moments, frozenset({"outgoing"}), frozenset({"outgoing"}))
