"""Evaluate rules once, without remembering or telling anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from analyzers.alerts.rules.mutes import Mute
from analyzers.alerts.signal import Rule, Signal
from analyzers.store.interface import Store
from analyzers.store.query import QueryError


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule said.

    Attributes:
        rule: Its name.
        signals: What it found.
        muted: For each signal why nobody would be told of it; ``None`` where somebody would.
        refused: Why it cannot be evaluated; ``None`` when it was.
    """

    rule: str
    signals: tuple[Signal, ...]
    muted: tuple[str | None, ...]
    refused: str | None


def try_rules(store: Store, rules: Iterable[Rule], mutes: Sequence[Mute], instant: datetime) -> tuple[Tried, ...]:
    """Evaluate each rule as of an instant, as if nothing stood.

    Raises:
        StoreError: When the store cannot answer.
    """
    return tuple(_tried(store, rule, mutes, instant) for rule in rules)


def _tried(store: Store, rule: Rule, mutes: Sequence[Mute], instant: datetime) -> Tried:
    try:
        signals = rule.evaluate(store, instant, ())
    except QueryError as error:
        return Tried(rule.name, (), (), str(error))
    muted = [_muted(rule, signal, mutes, instant) for signal in signals]
    return Tried(rule.name, signals, tuple(muted), None)


def _muted(rule: Rule, signal: Signal, mutes: Sequence[Mute], instant: datetime) -> str | None:
    labels = {**rule.labels, **signal.labels}
    return next((mute.words for mute in mutes if mute.covers(rule.name, labels, instant)), None)
