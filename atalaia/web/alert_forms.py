"""The forms of the page of the alerts: what they say, and doing it; a word of people, in the state of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias

from analyzers.alerts import AlertState
from analyzers.alerts.mutes import RULE, parse_matchers
from analyzers.alerts.people import NoSuchSilenceError, acknowledge, end_silence, silence
from analyzers.language import Message, message
from analyzers.selection import parse_duration
from analyzers.selection.errors import SelectionError
from atalaia.web.site import Site
from atalaia.web.views.alerts import seen_of
from logging_lib.errors import AtalaiaError

Form: TypeAlias = Mapping[str, str]
DURATIONS: Final = ("30m", "1h", "2h", "8h", "1d", "1w")
"""What the form of a silence offers."""
MOST: Final = 500
"""The longest name, reason or comment, in characters."""


@dataclass(frozen=True)
class RefusedError(Exception):
    """A form that was not done.

    Attributes:
        reason: Why, in words.
        status: The status of the answer.
    """

    reason: Message
    status: HTTPStatus


def acknowledge_alert(site: Site, form: Form) -> None:
    """Acknowledge one alert, as it was seen.

    Raises:
        RefusedError: When a name is missing, the alert fires no more, it has got worse, or somebody was faster.
        AtalaiaError: When the state cannot be opened or written.
    """
    by, comment, now = _required(form, "by", _NAME), _text(form, "comment"), site.clock()
    with _opened(site) as state:
        alert = state.alerts.get(form.get("alert", ""))
        if alert is None or not alert.firing:
            raise RefusedError(message("This alert does not fire any more."), HTTPStatus.CONFLICT)
        if seen_of(alert) != form.get("seen"):
            raise RefusedError(_changed(alert.ack.by if alert.ack else None), HTTPStatus.CONFLICT)
        acknowledge(state, (alert.id,), now, by, comment)


def make_silence(site: Site, form: Form) -> None:
    """Make a silence.

    Raises:
        RefusedError: When the form says not what, how long, why or who.
        AtalaiaError: When the state cannot be opened or written.
    """
    reason, by, now = _required(form, "reason", _REASON), _required(form, "by", _NAME), site.clock()
    until, typed = _until(site, form, now), None if "alert" in form else _matchers(form.get("about", ""))
    with _opened(site) as state:
        silence(state, _of_alert(state, form["alert"]) if typed is None else typed, (now, until), reason, by)


def stop_silence(site: Site, form: Form) -> None:
    """End a silence.

    Raises:
        RefusedError: When it is over already.
        AtalaiaError: When the state cannot be opened or written.
    """
    with _opened(site) as state:
        try:
            end_silence(state, form.get("silence", ""), site.clock())
        except NoSuchSilenceError as error:
            raise RefusedError(message("This silence is over already."), HTTPStatus.CONFLICT) from error


def _of_alert(state: AlertState, identity: str) -> Mapping[str, str]:
    """Return what a silence of exactly one alert is about."""
    alert = state.alerts.get(identity)
    if alert is None:
        raise RefusedError(message("This alert is over already."), HTTPStatus.CONFLICT)
    return {**alert.labels, RULE: alert.rule}


def _matchers(text: str) -> Mapping[str, str]:
    """Read what a person typed, a line each."""
    try:
        return parse_matchers(tuple(line.strip() for line in text.splitlines() if line.strip()))
    except AtalaiaError as error:
        reason = message("This does not say what to silence: write rule=NAME or LABEL=VALUE, one a line.")
        raise RefusedError(reason, HTTPStatus.BAD_REQUEST) from error


_NAME: Final = message("Say who you are.")
_REASON: Final = message("Say why nobody is to be told.")


def _opened(site: Site) -> AlertState:
    """Return the state of the checks; a form never makes one, or people would believe that somebody checks."""
    if not site.alert_state.exists():
        raise RefusedError(message("Alerts are not checked here: nothing can be changed."), HTTPStatus.CONFLICT)
    return AlertState(site.alert_state)


def _changed(by: str | None) -> Message:
    if by is not None:
        return message("{name} has acknowledged it meanwhile; look again.", name=by)
    return message("It has changed meanwhile; look again.")


def _until(site: Site, form: Form, now: datetime) -> datetime:
    typed = form.get("other", "").strip() or form.get("duration", "")
    try:
        until = parse_duration(typed).after(now, site.zone)
    except SelectionError as error:
        raise RefusedError(message("Say how long: 90m, 4h, 2d or 1w."), HTTPStatus.BAD_REQUEST) from error
    if until <= now:
        raise RefusedError(message("Say how long: 90m, 4h, 2d or 1w."), HTTPStatus.BAD_REQUEST)
    return until


def _required(form: Form, name: str, missing: Message) -> str:
    found = _text(form, name)
    if not found:
        raise RefusedError(missing, HTTPStatus.BAD_REQUEST)
    return found


def _text(form: Form, name: str) -> str:
    found = form.get(name, "").strip()
    if len(found) > MOST:
        raise RefusedError(message("A text is longer than {most} characters.", most=MOST), HTTPStatus.BAD_REQUEST)
    return found
