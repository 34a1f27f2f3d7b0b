"""Detectors as what the alert engine runs: a signal for all that was judged, and for every alert that still stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from analyzers.alerts.remembering import remembered
from analyzers.alerts.signal import Evaluate, Signal, Standing
from analyzers.anomalies.clients import StoreClients
from analyzers.anomalies.detecting import find_anomalies
from analyzers.anomalies.finding import Finding
from analyzers.anomalies.floods import find_floods, find_scans
from analyzers.anomalies.scope import Scope
from analyzers.anomalies.settings import AnomalySettings, FloodSettings, ScanSettings, SilenceSettings
from analyzers.anomalies.silence import find_silence
from analyzers.anomalies.source import StoreSource
from analyzers.anomalies.wording import spoken
from analyzers.store.interface import Store
from analyzers.thresholds import Severity

MEASURE = "measure"
"""The label by which the signals of an anomaly rule differ: ``rate``, ``errors``, ``latency``, ``error-drift``, …."""


def anomaly_rule(name: str, settings: AnomalySettings) -> Evaluate:
    """Return a rule about rate, errors, latency and drifts: a signal for each kind, labelled ``measure``."""

    def evaluate(store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        found = find_anomalies(_source(store, settings.scope), settings, instant)
        labelled = [replace(each, labels={**each.labels, MEASURE: each.kind.value}) for each in found]
        return tuple(_signals(name, labelled, standing))

    return evaluate


def flood_rule(name: str, settings: FloodSettings) -> Evaluate:
    """Return a rule about floods: a signal for each client (``client.ip``) or network (``client.network``) that floods.

    Where nobody does, there is one of the whole, without labels.
    """
    return _of_clients(name, lambda store, instant: find_floods(_clients(store, settings.scope), settings, instant))


def scan_rule(name: str, settings: ScanSettings) -> Evaluate:
    """Return a rule about scans: a signal for each client (``client.ip``) that scans, as :func:`flood_rule`."""
    return _of_clients(name, lambda store, instant: find_scans(_clients(store, settings.scope), settings, instant))


def silence_rule(name: str, settings: SilenceSettings) -> Evaluate:
    """Return a rule about the silence of a stream: one signal, without labels."""

    def evaluate(store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        found = find_silence(_source(store, settings.scope), settings, instant)
        return tuple(_signals(name, [found], standing))

    return evaluate


def _source(store: Store, scope: Scope) -> StoreSource:
    return remembered(store, (StoreSource, scope), lambda: StoreSource(store, scope))


def _clients(store: Store, scope: Scope) -> StoreClients:
    return remembered(store, (StoreClients, scope), lambda: StoreClients(store, scope))


def _of_clients(name: str, find: Callable[[Store, datetime], Iterable[Finding]]) -> Evaluate:
    def evaluate(store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        return tuple(_signals(name, find(store, instant), standing))

    return evaluate


def _signals(name: str, findings: Iterable[Finding], standing: Standing) -> Iterator[Signal]:
    """Yield the findings as signals, and for what stands and was not found again that it is over.

    A client that is not found any more has stopped; but where nothing could be judged, that is not known either.
    """
    judged = list({tuple(sorted(each.labels.items())): each for each in reversed([*findings])}.values())[::-1]
    yield from (_signal(name, each) for each in judged)
    named = [dict(each.labels) for each in judged]
    for labels in standing:
        if dict(labels) not in named and judged:
            yield _over(name, labels, judged[0])


def _signal(name: str, finding: Finding) -> Signal:
    limits = {} if finding.expected is None else {"warning": finding.expected[finding.direction != "below"]}
    return Signal(
        rule=name,
        labels=finding.labels,
        severity=finding.severity,
        window=finding.window,
        value=finding.observed,
        events=finding.events,
        message=finding.sentence,
        explanation=finding.explanation,
        limits={key: value for key, value in limits.items() if value != float("inf")},
    )


def _over(name: str, labels: Mapping[str, str], judged: Finding) -> Signal:
    who, window = " ".join(labels.values()), judged.window
    if judged.severity is Severity.UNMEASURED:
        return Signal(name, labels, Severity.UNMEASURED, window, None, None, judged.sentence)
    return Signal(
        name, labels, Severity.OK, window, None, None, f"no {judged.kind} by {who} any more, {spoken(window)}"
    )
