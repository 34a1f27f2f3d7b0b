"""What the views of one help desk share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import abort, current_app, session

from atalaia.demo.helpdesk.incident import Incident
from atalaia.demo.helpdesk.tickets import Tickets

STATE_KEY: Final = "helpdesk"


@dataclass(frozen=True, slots=True)
class State:
    """The tickets and the fault of one help desk."""

    tickets: Tickets
    incident: Incident


def state() -> State:
    """Return the state of the help desk that serves the present request."""
    found = current_app.extensions[STATE_KEY]
    if not isinstance(found, State):
        raise TypeError(f"{STATE_KEY} holds {type(found).__name__}")
    return found


def signed_in() -> int:
    """Return the id of the user who asks, or answer 401."""
    user = session.get("user_id")
    if not isinstance(user, int):
        abort(401)
    return user


def strike() -> None:
    """Let a planted incident fail the present request."""
    state().incident.strike()
