"""Who is to be told what about an alert, and that it has been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analyzers.alerts.alert import ANYBODY, Alert, Phase
from analyzers.alerts.model import AlertDetail, Kind
from analyzers.alerts.routing import Route
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.signal import Rule
from analyzers.thresholds import Severity


def due(alert: Alert, rule: Rule | None, now: datetime, settings: EngineSettings) -> Kind | None:
    """Return what is to be told about an alert now: where it stands against what was told last.

    Args:
        alert: After this check's signal.
        rule: Its rule; ``None`` when that is gone.
        now: The instant of the check.
        settings: When what is unmeasured is told.
    """
    if alert.muted is not None:
        return None
    if (change := _change(alert)) is not None:
        return change
    if _long(alert.unmeasured_since, settings.unmeasured_after, now) and not alert.unmeasured_told:
        return Kind.UNMEASURED
    if rule is None or not alert.firing or alert.announced is None or alert.ack is not None:
        return None
    return _insisting(alert, rule, now)


def targets(kind: Kind, alert: Alert, routes: Sequence[Route]) -> tuple[str, ...]:
    """Return the names of the channels that are to be told.

    What has resolved is told where it was told that it fires, also to channels that this check does not have. Has it
    none of them (they were renamed), those that would be told of the breach now are told, too: somebody must be.
    """
    if kind is Kind.RESOLVED and ANYBODY not in alert.told:
        here = {each.channel.name for each in routes}
        renamed = () if alert.told & here else targets(Kind.FIRING, alert, routes)
        return tuple(sorted(alert.told.union(renamed)))
    severity = Severity.UNMEASURED if kind is Kind.UNMEASURED else alert.severity
    routes = [each for each in routes if each.takes(severity)]
    if kind is Kind.UNACKNOWLEDGED:
        return tuple(each.channel.name for each in routes if each.escalation)
    return tuple(each.channel.name for each in routes if not each.escalation or each.channel.name in alert.told)


def told(alert: Alert, kind: Kind, channels: Sequence[str], now: datetime) -> Alert:
    """Return the alert after channels were told of it."""
    if kind is Kind.RESOLVED:
        return replace(alert, announced=None, announced_at=None, told=frozenset(), told_at=None, escalated=False)
    if kind is Kind.UNMEASURED:
        return replace(alert, unmeasured_told=True)
    alert = replace(alert, told=alert.told | set(channels), told_at=now)
    if kind is Kind.UNACKNOWLEDGED:
        return replace(alert, escalated=True)
    if kind is Kind.REPEATED:
        return alert
    flapping = alert.flapping_told or kind is Kind.FLAPPING
    return replace(alert, announced=alert.severity, announced_at=now, escalated=False, flapping_told=flapping)


def shown(alert: Alert, kind: Kind) -> AlertDetail:
    """Return an alert as a notice of a kind tells of it."""
    since = alert.unmeasured_since
    if kind is not Kind.UNMEASURED or since is None:
        return alert.detail
    message = f"{alert.rule} unmeasured since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {alert.unmeasured_why}"
    if alert.firing:
        message += f"; it fires since {alert.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return replace(alert.detail, severity=Severity.UNMEASURED, message=message, since=since, value=None)


def _change(alert: Alert) -> Kind | None:
    if alert.flapping_since is not None and not alert.flapping_told:
        return Kind.FLAPPING
    if alert.firing and alert.worse_than_told:
        return Kind.ESCALATED
    if alert.flapping_since is not None:
        return None
    if alert.firing:
        return Kind.FIRING if alert.announced is None else None
    return Kind.RESOLVED if alert.told and alert.phase is Phase.OK else None


def _insisting(alert: Alert, rule: Rule, now: datetime) -> Kind | None:
    if _long(alert.announced_at, rule.escalate, now) and not alert.escalated:
        return Kind.UNACKNOWLEDGED
    calm = alert.flapping_since is None
    return Kind.REPEATED if calm and _long(alert.told_at, rule.repeat, now) else None


def _long(since: datetime | None, length: timedelta | None, now: datetime) -> bool:
    return since is not None and length is not None and now - since >= length
