"""Deliver what is to be told: in order, again after a failure, and never given up in silence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final, TypeAlias

from analyzers.alerts.channels import DeliveryError
from analyzers.alerts.engine import Outgoing, Policy
from analyzers.alerts.model import Delivered, Failed, Kind, Notice
from analyzers.alerts.notices import announce
from analyzers.alerts.posting import post
from analyzers.alerts.records import Waiting
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.state import AlertState
from analyzers.numbers import counted
from analyzers.thresholds import Severity
from logging_lib.clock import Clock

Jitter: TypeAlias = Callable[[], float]
"""Gives a number from 0 to 1."""

_DOUBLINGS: Final = 30
"""More than enough to reach the longest wait; keeps the arithmetic small."""
_FARTHEST: Final = timedelta(days=2)
"""No attempt is put off for so long; one that is was noted by a clock that was wrong, and is due."""
_UNTRIED: Final = "not tried: no time was left, or an earlier notice of this group waits"


def random_jitter() -> float:
    """Return a random number from 0 to 1."""
    return SystemRandom().random()


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What became of the notices.

    Attributes:
        sent: What channels took.
        failed: What is still to be delivered, and why it was not.
        given_up: What will not be tried again.
    """

    sent: tuple[Delivered, ...]
    failed: tuple[Failed, ...]
    given_up: tuple[Failed, ...]


def deliver(state: AlertState, policy: Policy, clock: Clock, jitter: Jitter) -> Deliveries:
    """Deliver what is due; give up what has waited too long, and tell the other channels of that.

    Args:
        state: The queue, entered.
        policy: The channels, and how often to try.
        clock: The instant of attempts.
        jitter: Spreads the attempts of many hosts.
    """
    sent = _attempt_due(state, policy, clock, jitter)
    given_up = _give_up(state, policy, clock())
    if given_up:
        sent += _attempt_due(state, policy, clock, jitter)
    failed = tuple(_failed(each, policy) for each in state.waiting if each.given_up is None)
    return Deliveries(sent, failed, given_up)


def retry_at(attempts: int, now: datetime, settings: EngineSettings, jitter: Jitter) -> datetime:
    """Return when to try again: after a wait that doubles with each failure, less up to half of it.

    Args:
        attempts: How many have failed, at least one.
        now: When the last one did.
        settings: The first and the longest wait.
        jitter: Spreads the attempts of many hosts.
    """
    doubled: timedelta = settings.retry_first * 2 ** min(attempts - 1, _DOUBLINGS)
    return now + min(settings.retry_most, doubled) * (1 - jitter() / 2)


def _attempt_due(state: AlertState, policy: Policy, clock: Clock, jitter: Jitter) -> tuple[Delivered, ...]:
    channels = {route.channel.name: route.channel for route in policy.routes}
    due: dict[tuple[str, str], Waiting] = {}
    for each in _due(state.waiting, channels, clock()):
        due[each.channel, each.notice.id] = each
    batches: dict[str, list[Notice]] = {}
    for each in due.values():
        batches.setdefault(each.channel, []).append(each.notice)
    sent: list[Delivered] = []

    def posted(channel: str, notice: Notice, error: DeliveryError | None) -> None:
        waiting, now = due[channel, notice.id], clock()
        if error is None:
            state.delivered(waiting, now)
            sent.append(Delivered(notice, channel))
        else:
            state.failed(waiting, str(error), _again(waiting, error, now, policy.settings, jitter))

    post(batches, channels, policy.settings.channel_budget, posted)
    return tuple(sent)


def _again(waiting: Waiting, error: DeliveryError, now: datetime, settings: EngineSettings, jitter: Jitter) -> datetime:
    """Return when to try again: late where only a person can mend it, and never before the receiver wants it."""
    attempts = _DOUBLINGS if error.permanent else waiting.attempts + 1
    again = retry_at(attempts, now, settings, jitter)
    return again if error.retry_after is None else max(again, now + error.retry_after)


def _due(waiting: Sequence[Waiting], channels: Collection[str], now: datetime) -> Iterator[Waiting]:
    """Yield what may be tried now; what stands behind a notice of its group that may not, waits its turn."""
    blocked: set[tuple[str, str]] = set()
    for each in waiting:
        line = (each.channel, each.notice.group)
        if each.given_up is not None or each.channel not in channels or line in blocked:
            continue
        if each.next_attempt is not None and now < each.next_attempt <= now + _FARTHEST:
            blocked.add(line)
            continue
        yield each


def _give_up(state: AlertState, policy: Policy, now: datetime) -> tuple[Failed, ...]:
    """Give up what channels have not taken for too long, and queue one notice for each of them to all others."""
    limit = now - policy.settings.give_up_after
    old = [each for each in state.waiting if each.given_up is None and each.created <= limit]
    lost: dict[str, list[Waiting]] = {}
    for each in old:
        lost.setdefault(each.channel, []).append(each)
    outgoing = [told for name, those in lost.items() if (told := _undelivered(name, those, policy, now)) is not None]
    if old:
        state.give_up(old, outgoing, now)
    return tuple(_failed(each, policy) for each in old)


def _undelivered(name: str, lost: Sequence[Waiting], policy: Policy, now: datetime) -> Outgoing | None:
    """Return what the other channels are told; a notice of that kind which is itself given up is not told of again."""
    told = [each for each in lost if each.notice.kind is not Kind.UNDELIVERED]
    others = tuple(each.channel.name for each in policy.routes if each.channel.name != name and not each.escalation)
    if not told or not others:
        return None
    first, reason = told[0], told[-1].reason or "it is not among the channels of the checks"
    message = (
        f"{name} has not taken {counted(len(told), 'notice')} since {first.created:%Y-%m-%d %H:%M} UTC ({reason}); "
        f"given up, the first: {first.notice.subject}"
    )
    severity = (
        Severity.CRITICAL if any(each.notice.severity is Severity.CRITICAL for each in told) else Severity.WARNING
    )
    return Outgoing(announce(policy.new_id(), Kind.UNDELIVERED, severity, now, message), others)


def _failed(waiting: Waiting, policy: Policy) -> Failed:
    known = {route.channel.name for route in policy.routes}
    if waiting.channel not in known:
        reason = "this channel is not among those of this check"
    else:
        reason = waiting.reason or _UNTRIED
    return Failed(waiting.notice, waiting.channel, reason, waiting.attempts, waiting.next_attempt)
