"""One step of the alerts: from what is remembered and what the rules say now to what is remembered and told next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeAlias
from uuid import uuid4

from analyzers.alerts.alert import Alert, identify
from analyzers.alerts.model import Kind, Notice
from analyzers.alerts.mutes import Mute
from analyzers.alerts.notices import compose
from analyzers.alerts.routing import Route
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.signal import Rule, Signal
from analyzers.alerts.telling import due, shown, targets, told
from analyzers.alerts.transitions import advance, as_of, forgettable, unheard
from analyzers.thresholds import Severity
from logging_lib.errors import AtalaiaError

Alerts: TypeAlias = Mapping[str, Alert]
"""What is remembered, by the alerts' ids."""

_RANK: Final = (Severity.OK, Severity.UNMEASURED, Severity.WARNING, Severity.CRITICAL)


def new_id() -> str:
    """Return an id that no other notice has."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Policy:
    """How alerts are handled and who is told.

    Attributes:
        routes: Whom to tell.
        mutes: When not to tell.
        settings: Flapping and the like.
        new_id: Makes the ids of notices.
    """

    routes: Sequence[Route] = ()
    mutes: Sequence[Mute] = ()
    settings: EngineSettings = field(default_factory=EngineSettings)
    new_id: Callable[[], str] = new_id


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A notice, and the names of the channels that are to get it."""

    notice: Notice
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a step comes to.

    Attributes:
        alerts: What is remembered from now on.
        outgoing: What is to be told.
    """

    alerts: Alerts
    outgoing: tuple[Outgoing, ...]


@dataclass(frozen=True, slots=True)
class _Due:
    kind: Kind
    alert: Alert
    channels: tuple[str, ...]


def step(before: Alerts, signals: Sequence[Signal], rules: Sequence[Rule], now: datetime, policy: Policy) -> Step:
    """Return what the signals of one check come to; nothing is written or sent.

    Args:
        before: What is remembered.
        signals: What the rules say now.
        rules: The rules; those of the signals are among them.
        now: The instant of the check.
        policy: How alerts are handled.

    Raises:
        AtalaiaError: When two rules have one name, or a signal is of none of the rules.
    """
    known = named(rules)
    before = {identity: as_of(alert, now) for identity, alert in before.items()}
    alerts = _moved(before, _worst(signals), known, now, policy)
    dues = [found for alert in alerts.values() if (found := _due(alert, known, now, policy)) is not None]
    for each in dues:
        alerts[each.alert.id] = told(each.alert, each.kind, each.channels, now)
    kept = {identity: alert for identity, alert in alerts.items() if not forgettable(alert)}
    return Step(kept, _grouped(dues, now, policy))


def named(rules: Sequence[Rule]) -> dict[str, Rule]:
    """Return the rules by their names.

    Raises:
        AtalaiaError: When two have one name.
    """
    known = {rule.name: rule for rule in rules}
    if len(known) < len(rules):
        raise AtalaiaError("two alert rules have the same name", "give each rule a name of its own")
    return known


def _worst(signals: Sequence[Signal]) -> dict[str, Signal]:
    """Return one signal for each alert: the worst where a rule says two things about it."""
    found: dict[str, Signal] = {}
    for signal in signals:
        identity = identify(signal.rule, signal.labels)
        other = found.get(identity)
        if other is None or _RANK.index(signal.severity) > _RANK.index(other.severity):
            found[identity] = signal
    return found


def _moved(
    before: Alerts,
    signals: Mapping[str, Signal],
    rules: Mapping[str, Rule],
    now: datetime,
    policy: Policy,
) -> dict[str, Alert]:
    settings = policy.settings
    alerts = {identity: unheard(alert, now, settings) for identity, alert in before.items() if identity not in signals}
    for identity, signal in signals.items():
        if signal.rule not in rules:
            raise AtalaiaError(f"a signal is of the rule {signal.rule!r}, which is none of this check", "report a bug")
        alerts[identity] = advance(before.get(identity), signal, rules[signal.rule], now, settings)
    return {identity: replace(alert, muted=_muted(alert, now, policy.mutes)) for identity, alert in alerts.items()}


def _muted(alert: Alert, now: datetime, mutes: Sequence[Mute]) -> str | None:
    labels = {**alert.detail.sorting, **alert.labels}
    return next((mute.reason for mute in mutes if mute.covers(alert.rule, labels, now)), None)


def _due(alert: Alert, rules: Mapping[str, Rule], now: datetime, policy: Policy) -> _Due | None:
    kind = due(alert, rules.get(alert.rule), now, policy.settings)
    if kind is None:
        return None
    channels = targets(kind, alert, policy.routes)
    return _Due(kind, alert, channels) if channels else None


def _grouped(dues: Sequence[_Due], now: datetime, policy: Policy) -> tuple[Outgoing, ...]:
    """Return one notice for each group, kind and set of alerts that channels are told of."""
    bundles: dict[tuple[str, Kind, str], list[Alert]] = {}
    for each in dues:
        for channel in each.channels:
            bundles.setdefault((each.alert.group, each.kind, channel), []).append(each.alert)
    notices: dict[tuple[str, Kind, tuple[str, ...]], list[str]] = {}
    members: dict[tuple[str, ...], list[Alert]] = {}
    for (group, kind, channel), alerts in bundles.items():
        ids = tuple(alert.id for alert in alerts)
        notices.setdefault((group, kind, ids), []).append(channel)
        members[ids] = alerts
    return tuple(
        Outgoing(
            compose(policy.new_id(), kind, group, now, [shown(alert, kind) for alert in members[ids]]),
            tuple(channels),
        )
        for (group, kind, ids), channels in notices.items()
    )
