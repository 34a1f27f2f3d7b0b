"""The documented thresholds as rules, for whoever has not written any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from analyzers.alerts import measures
from analyzers.alerts.evaluation import evaluate_host, evaluate_stored
from analyzers.alerts.host import HostSample, Sampler
from analyzers.alerts.signal import Rule, Signal, Standing
from analyzers.store.interface import Store
from analyzers.store.query import Window


def as_rules(watched: Iterable[measures.Rule], sampler: Sampler | None) -> tuple[Rule, ...]:
    """Return rules that judge what is watched; their labels name the measure.

    Args:
        watched: Measures and their thresholds.
        sampler: Looks at this machine, once for each check; ``None`` for evaluations of another time than the present,
            in which the machine's measures are unmeasured.
    """
    host = None if sampler is None else _Host(sampler)
    return tuple(_rule(each, host) for each in watched)


@dataclass(slots=True)
class _Host:
    """Looks at the machine once for all rules of a check."""

    sampler: Sampler
    instant: datetime | None = None
    sample: HostSample | None = None

    def at(self, instant: datetime) -> HostSample:
        """Return the machine's load at the instant of a check."""
        if self.sample is None or self.instant != instant:
            self.instant, self.sample = instant, self.sampler()
        return self.sample


def _rule(watched: measures.Rule, host: _Host | None) -> Rule:
    def evaluate(store: Store, instant: datetime, _standing: Standing) -> tuple[Signal, ...]:
        window = Window(instant - watched.window, instant)
        if watched.measure.of_host:
            found = evaluate_host(watched, window, None if host is None else host.at(instant))
        else:
            found = evaluate_stored(store, watched, window)
        limits = {"warning": float(watched.limit.warning), "critical": float(watched.limit.critical)}
        signal = Signal(
            watched.name, {}, found.severity, window, found.value, found.events, found.message, limits=limits
        )
        return (signal,)

    return Rule(watched.name, evaluate, labels={"measure": watched.measure.value})
