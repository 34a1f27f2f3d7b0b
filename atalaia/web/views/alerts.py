"""What the page of the alerts shows: what stands, what is quiet, what could not be told, what was told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from analyzers.alerts import Alert, AlertState, Phase
from analyzers.alerts.alert import Ack
from analyzers.alerts.mutes import Silence
from analyzers.alerts.notices import told_apart
from analyzers.alerts.records import Waiting
from analyzers.alerts.rules.mutes import Mute
from analyzers.alerts.runbooks import Runbook, packaged_runbook
from analyzers.analysis import State
from analyzers.blocks import Table
from analyzers.language import Message, message
from analyzers.thresholds import Severity
from atalaia.web.views.alert_tables import history, mutes, undelivered
from atalaia.web.views.standing import Standing, standing

HISTORY: Final = 200
"""So many deliveries are looked at for what was told."""
_LINKS: Final = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Card:
    """One alert as the page shows it.

    Attributes:
        id: Its short name.
        about: Its rule and labels.
        severity: How bad it is.
        state: How that looks: missed, unmeasured, or met while only its end is to be told.
        since: When it began.
        group: Whose notices it is told in.
        sentence: What happened, in the reader's language.
        text: Its last measurement in words, as the rule says it (English).
        explanation: Further lines, likewise.
        words: What else is true of it: pending, flapping, muted, acknowledged.
        runbook: What its rule says to do, an address or a text; ``None`` where it says nothing.
        is_link: Whether that is an address of a page.
        page: The page of this site that it is, where it comes with the program.
        told: The channels that have taken all notices about it.
        failed: What channels have not taken, in words.
        firing: Whether it can be acknowledged.
        seen: What a form must still find when it comes.
    """

    id: str
    about: str
    severity: Message
    state: State
    since: datetime
    group: str
    sentence: Message
    text: str
    explanation: tuple[str, ...]
    words: tuple[Message, ...]
    runbook: str | None
    is_link: bool
    page: Runbook | None
    told: str
    failed: tuple[Message, ...]
    firing: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """A silence that is not over."""

    id: str
    about: str
    until: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """The page.

    Attributes:
        standing: The verdict.
        is_kept: Whether alerts are checked here at all; without that nothing can be changed.
        cards: What stands, the worst and then the latest first.
        silences: The silences that are not over.
        mutes: Silences and maintenance of the rules' file and of the contract.
        undelivered: What channels have not taken.
        history: What was told.
    """

    standing: Standing
    is_kept: bool
    cards: tuple[Card, ...]
    silences: tuple[Quiet, ...]
    mutes: Table
    undelivered: Table
    history: Table


def alerts(path: Path, planned: Sequence[Mute], now: datetime) -> Alerts:
    """Return what the page shows.

    Args:
        path: The file that remembers alerts.
        planned: The silences and maintenance of the rules' file.
        now: The present instant.

    Raises:
        AtalaiaError: When the file is there and cannot be read.
    """
    verdict = standing(path, now)
    if not path.exists():
        return Alerts(verdict, False, (), (), mutes(planned, now), undelivered(()), history(()))
    with AlertState.reading(path) as state:
        found, silences = tuple(state.alerts.values()), state.silences
        waiting, told = state.waiting, state.history(HISTORY)
    shown = sorted(filter(_is_shown, found), key=lambda each: (-_RANK[severity_of(each)], -each.since.timestamp()))
    return Alerts(
        standing=verdict,
        is_kept=True,
        cards=tuple(_card(each, waiting) for each in shown),
        silences=tuple(_quiet(each) for each in silences if each.until > now),
        mutes=mutes(planned, now),
        undelivered=undelivered(waiting),
        history=history(told),
    )


def severity_of(alert: Alert) -> Severity:
    """Return what an alert is shown as: what is not in breach and not measured is not well."""
    quiet = alert.phase is Phase.OK and not alert.told
    return Severity.UNMEASURED if quiet and alert.unmeasured_since is not None else alert.severity


def seen_of(alert: Alert) -> str:
    """Return what somebody has seen of an alert: that it is this breach, this bad, and who looks after it."""
    ack = "" if alert.ack is None else alert.ack.at.isoformat()
    return f"{alert.since.isoformat()} {alert.severity} {ack}"


_RANK: Final = {Severity.OK: 0, Severity.UNMEASURED: 1, Severity.WARNING: 2, Severity.CRITICAL: 3}
_SEVERITIES: Final = {
    Severity.OK: message("over"),
    Severity.UNMEASURED: message("unmeasured"),
    Severity.WARNING: message("warning"),
    Severity.CRITICAL: message("critical"),
}
_STATES: Final = {
    Severity.OK: State.MET,
    Severity.UNMEASURED: State.UNMEASURED,
    Severity.WARNING: State.MISSED,
    Severity.CRITICAL: State.MISSED,
}


def _is_shown(alert: Alert) -> bool:
    """Whether there is anything to say of an alert; a quiet one is kept only because it may flap."""
    return severity_of(alert) is Severity.UNMEASURED or any(_words(alert)) or alert.phase is not Phase.OK


def _card(alert: Alert, waiting: Sequence[Waiting]) -> Card:
    severity, detail = severity_of(alert), alert.detail
    is_unmeasured = alert.unmeasured_since is not None
    missed = [each for each in waiting if alert.id in {about.id for about in each.notice.alerts}]
    return Card(
        id=alert.id,
        about=told_apart(alert.rule, alert.labels),
        severity=_SEVERITIES[severity],
        state=_STATES[severity],
        since=(alert.unmeasured_since if severity is Severity.UNMEASURED else None) or alert.since,
        group=alert.group,
        sentence=_happened(alert.rule, severity),
        text=alert.unmeasured_why if is_unmeasured else detail.message,
        explanation=detail.explanation,
        words=tuple(_words(alert)),
        runbook=detail.runbook,
        is_link=detail.runbook is not None and detail.runbook.startswith(_LINKS),
        page=packaged_runbook(detail.runbook),
        told=", ".join(sorted(alert.told - {each.channel for each in missed})),
        failed=tuple(map(_failed, missed)),
        firing=alert.firing,
        seen=seen_of(alert),
    )


def _happened(rule: str, severity: Severity) -> Message:
    match severity:
        case Severity.OK:
            return message("What the rule {rule} watches is well again.", rule=rule)
        case Severity.UNMEASURED:
            return message("What the rule {rule} watches was not measured, so nobody knows how it is.", rule=rule)
        case Severity.WARNING:
            return message("What the rule {rule} watches has reached its limit for a warning.", rule=rule)
        case Severity.CRITICAL:
            return message("What the rule {rule} watches has reached its critical limit.", rule=rule)


def _words(alert: Alert) -> Iterator[Message]:
    if alert.phase is Phase.PENDING:
        yield message("not yet for as long as its rule demands")
    if alert.flapping_since is not None:
        yield message("flapping since {instant}", instant=alert.flapping_since)
    if alert.unmeasured_since is not None and severity_of(alert) is not Severity.UNMEASURED:
        yield message("unmeasured since {instant}", instant=alert.unmeasured_since)
    if alert.phase is Phase.OK and alert.told:
        yield message("its end is not told yet")
    if alert.muted is not None:
        yield message("muted: {reason}", reason=alert.muted)
    if alert.ack is not None:
        yield _acknowledged(alert.ack)


def _acknowledged(ack: Ack) -> Message:
    if not ack.comment:
        return message("acknowledged by {name} on {instant}", name=ack.by, instant=ack.at)
    return message("acknowledged by {name} on {instant}: {comment}", name=ack.by, instant=ack.at, comment=ack.comment)


def _failed(waiting: Waiting) -> Message:
    if waiting.given_up is not None:
        return message("{channel} was not told; given up", channel=waiting.channel)
    return message("{channel} has not been told yet", channel=waiting.channel)


def _quiet(silence: Silence) -> Quiet:
    about = ", ".join(f"{name}={value}" for name, value in silence.matchers.items())
    return Quiet(silence.id, about, silence.until, silence.by, silence.reason)
