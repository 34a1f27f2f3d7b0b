"""What a signal makes of an alert. Nothing here has an effect; who is told is decided in ``telling``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from analyzers.alerts.alert import Alert, Phase, identify
from analyzers.alerts.model import AlertDetail
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.signal import Rule, Signal
from analyzers.thresholds import Severity

_UNHEARD: Final = "no rule of this check says anything about it; was it renamed or removed? Then it ends at {}"


def advance(before: Alert | None, signal: Signal, rule: Rule, now: datetime, settings: EngineSettings) -> Alert:
    """Return what a signal makes of an alert.

    Where the data leave a doubt it is held against health: nothing measured leaves a pending breach pending, and begins
    the time anew for which all must be well before a firing alert resolves.

    Args:
        before: What the last check left; ``None`` when there was nothing.
        signal: What the rule says now.
        rule: The rule.
        now: The instant of the check.
        settings: What flapping is.
    """
    alert = before or _new(signal, rule, now)
    if signal.severity is Severity.UNMEASURED:
        return _settled(_unmeasured(alert, signal.message, now), now, settings)
    alert = replace(alert, seen=now, group=rule.group or rule.name, unmeasured_since=None, unmeasured_told=False)
    alert = _breached(alert, signal, rule, now, settings) if signal.severity.breached else _well(alert, rule, now)
    if signal.severity.breached or not alert.firing:  # while it still fires, what is told of it is the breach
        alert = replace(alert, detail=_detail(signal, rule, alert.since))
    return _settled(alert, now, settings)


def as_of(alert: Alert, now: datetime) -> Alert:
    """Return an alert none of whose instants is in the future: a clock that was set back would hold all of it up."""

    def past(instant: datetime | None) -> datetime | None:
        return None if instant is None else min(instant, now)

    return replace(
        alert,
        detail=replace(alert.detail, since=min(alert.detail.since, now)),
        since=min(alert.since, now),
        seen=min(alert.seen, now),
        changed=min(alert.changed, now),
        well_since=past(alert.well_since),
        unmeasured_since=past(alert.unmeasured_since),
        announced_at=past(alert.announced_at),
        told_at=past(alert.told_at),
        fires=tuple(min(each, now) for each in alert.fires),
        flapping_since=past(alert.flapping_since),
    )


def unheard(alert: Alert, now: datetime, settings: EngineSettings) -> Alert:
    """Return an alert that no rule says anything about: it is unmeasured, and after long it is over."""
    if now - alert.seen < settings.abandoned_after:
        seen, end = alert.seen, alert.seen + settings.abandoned_after
        why = _UNHEARD.format(f"{end.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
        return _settled(replace(_unmeasured(alert, why, now), seen=seen), now, settings)
    message = f"no longer checked since {alert.seen:%Y-%m-%d %H:%M} UTC; the last word was: {alert.detail.message}"
    detail = replace(alert.detail, severity=Severity.UNMEASURED, message=message)
    over = replace(alert, detail=detail, phase=Phase.OK, unmeasured_since=None, flapping_since=None, fires=(), ack=None)
    return replace(over, changed=now)


def forgettable(alert: Alert) -> bool:
    """Return whether nothing is left to remember."""
    counts = alert.fires or alert.unmeasured_since is not None or alert.flapping_since is not None
    return alert.phase is Phase.OK and not alert.told and not counts


def _new(signal: Signal, rule: Rule, now: datetime) -> Alert:
    detail = _detail(signal, rule, now)
    return Alert(detail, rule.group or rule.name, Phase.OK, Severity.OK, since=now, seen=now, changed=now)


def _detail(signal: Signal, rule: Rule, since: datetime) -> AlertDetail:
    return AlertDetail(
        id=identify(signal.rule, signal.labels),
        rule=signal.rule,
        labels=dict(signal.labels),
        severity=signal.severity,
        message=signal.message,
        explanation=signal.explanation,
        runbook=rule.runbook,
        since=since,
        value=signal.value,
        events=signal.events,
        limits=dict(signal.limits),
        window=signal.window,
        sorting=dict(rule.labels),
    )


def _unmeasured(alert: Alert, why: str, now: datetime) -> Alert:
    since = alert.unmeasured_since or now
    return replace(alert, seen=now, unmeasured_since=since, unmeasured_why=why, well_since=None)


def _breached(alert: Alert, signal: Signal, rule: Rule, now: datetime, settings: EngineSettings) -> Alert:
    since = now if alert.phase is Phase.OK else alert.since
    alert = replace(alert, severity=signal.severity, since=since, well_since=None)
    if alert.ack is not None and (alert.ack.severity, alert.severity) == (Severity.WARNING, Severity.CRITICAL):
        alert = replace(alert, ack=None)
    if alert.firing:
        return alert
    if now - since < rule.pending:
        return replace(alert, phase=Phase.PENDING)
    return _fired(alert, now, settings)


def _fired(alert: Alert, now: datetime, settings: EngineSettings) -> Alert:
    fires = (*_recent(alert.fires, now, settings), now)
    flapping = alert.flapping_since or (now if len(fires) > settings.flap_limit else None)
    return replace(alert, phase=Phase.FIRING, changed=now, fires=fires, flapping_since=flapping)


def _well(alert: Alert, rule: Rule, now: datetime) -> Alert:
    if not alert.firing:
        return replace(alert, phase=Phase.OK)
    since = alert.well_since or now
    if now - since < rule.keep_firing:
        return replace(alert, well_since=since)
    ack = alert.ack if alert.flapping_since else None
    return replace(alert, phase=Phase.OK, well_since=None, changed=now, ack=ack)


def _settled(alert: Alert, now: datetime, settings: EngineSettings) -> Alert:
    """Return the alert, no longer flapping when it has stayed as it is; if that is firing, it is to be told anew."""
    alert = replace(alert, fires=_recent(alert.fires, now, settings))
    if alert.flapping_since is None or now - alert.changed < settings.flap_window:
        return alert
    announced = None if alert.firing else alert.announced
    return replace(alert, flapping_since=None, flapping_told=False, fires=(), announced=announced)


def _recent(fires: tuple[datetime, ...], now: datetime, settings: EngineSettings) -> tuple[datetime, ...]:
    return tuple(each for each in fires if now - each < settings.flap_window)
