"""What people do with alerts: acknowledge them, silence them, end a silence. The command line and the site share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from analyzers.alerts.alert import Ack, Alert
from analyzers.alerts.engine import new_id
from analyzers.alerts.mutes import Silence
from analyzers.alerts.state import AlertState
from logging_lib.errors import AtalaiaError

_ID_LENGTH: Final = 8


class NoSuchAlertError(AtalaiaError):
    """What was named does not fire."""


class NoSuchSilenceError(AtalaiaError):
    """There is no such silence, or it is over."""


class NoEndError(AtalaiaError):
    """A silence would end before it begins."""


def acknowledge(state: AlertState, names: Iterable[str], now: datetime, by: str, comment: str) -> tuple[Alert, ...]:
    """Acknowledge firing alerts, all of them or none.

    Args:
        state: The open state.
        names: Ids of alerts; the name of a rule means all of its alerts.
        now: The present instant.
        by: Who looks after them.
        comment: What else others should know; may be empty.

    Raises:
        NoSuchAlertError: When one of the names means no alert that fires.
    """
    firing = [each for each in state.alerts.values() if each.firing]
    found = {alert.id: alert for name in names for alert in _named(name, firing)}
    acked = tuple(replace(each, ack=Ack(now, by, comment, each.severity)) for each in found.values())
    state.put(acked)
    return acked


def silence(
    state: AlertState, about: Mapping[str, str], span: tuple[datetime, datetime], reason: str, by: str
) -> Silence:
    """Make a silence.

    Args:
        state: The open state.
        about: ``rule`` and labels, and what each must be.
        span: The present instant, and the first instant after the silence.
        reason: Why.
        by: Who makes it.

    Raises:
        NoEndError: When it would end before it begins.
    """
    start, until = span
    if until <= start:
        raise NoEndError(f"the silence would end at {until.isoformat()}, before it begins", "give a later end")
    made = Silence(new_id()[:_ID_LENGTH], about, start, until, reason.strip(), by)
    state.silence(made)
    return made


def end_silence(state: AlertState, identity: str, now: datetime) -> Silence:
    """End a silence now; alerts that still fire are told at the next check.

    Raises:
        NoSuchSilenceError: When there is none of this id, or it is over.
    """
    found = next((each for each in state.silences if each.id == identity and each.until > now), None)
    if found is None:
        raise NoSuchSilenceError(f"there is no silence {identity}", "see 'atalaia alerts silence --list'")
    ended = replace(found, until=now)
    state.silence(ended)
    return ended


def _named(name: str, firing: Sequence[Alert]) -> list[Alert]:
    found = [each for each in firing if name in {each.id, each.rule}]
    if not found:
        known = ", ".join(f"{each.id} ({each.rule})" for each in firing) or "none"
        raise NoSuchAlertError(f"no alert {name!r} fires", f"those that fire: {known}")
    return found
