"""The live page's judgements: those of ``atalaia alerts check`` without a file, as of now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from analyzers.alerts import HostSample, Rule, Signal
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.machine import HostRule
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.alerts.rules.threshold import ThresholdRule
from analyzers.analysis import State
from analyzers.store.interface import Store
from atalaia.web.snapshot import Judgement


def judge(store: Store | None, at: datetime, machine: HostSample, profile: str) -> tuple[Judgement, ...]:
    """Judge the recent requests and this machine by the documented thresholds.

    Args:
        store: Where the requests are; ``None`` where there is no store yet.
        at: The instant.
        machine: This machine's load then.
        profile: Whose thresholds.

    Raises:
        StoreError: When the store cannot answer.
    """
    around = Surroundings(clock=lambda: at, sampler=lambda: machine, host=True)
    return tuple(_judgement(rule, store, at) for rule in default_rules(profile, around=around).rules)


def verdict(judgements: tuple[Judgement, ...]) -> tuple[State, str]:
    """Return the state of all together, and what decides it in words."""
    for state in (State.MISSED, State.UNMEASURED):
        sentences = [each.sentence for each in judgements if each.state is state]
        if sentences:
            return state, "; ".join(sentences)
    return State.MET, "every measure is below its warning threshold"


def _judgement(rule: Rule, store: Store | None, at: datetime) -> Judgement:
    signal = _signal(rule, store, at)
    return Judgement(rule.name, signal.severity, signal.value, signal.limits, signal.message)


def _signal(rule: Rule, store: Store | None, at: datetime) -> Signal:
    match rule.evaluate:
        case HostRule() as host:
            return host.look(at)
        case ThresholdRule() as threshold if store is not None:
            # Explanations are for messages: they cost queries, and the page has the endpoints beside it.
            return next(iter(replace(threshold, explain=None)(store, at, ())))
        case ThresholdRule() as threshold:
            return threshold.unmeasured(at, "nothing has been stored yet")
        case _:
            raise TypeError(f"{rule.name} is no threshold")
