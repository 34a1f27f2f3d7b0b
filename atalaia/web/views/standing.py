"""The alerts that stand, as the checks remember them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from analyzers.alerts import AlertState
from analyzers.analysis import State
from analyzers.language import Message, message, plural

_OLD: Final = timedelta(minutes=15)
"""A check that is older says nothing of now."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the checks remember.

    Attributes:
        state: Missed while an alert stands; unmeasured where nobody checks.
        sentence: That in words.
        alerts: What stands: the rule, and its last message, as the rule says it.
    """

    state: State
    sentence: Message
    alerts: tuple[tuple[str, str], ...] = ()


def standing(path: Path, now: datetime) -> Standing:
    """Return the alerts that stand, the latest first.

    Raises:
        AtalaiaError: When the file is there and cannot be read.
    """
    if not path.exists():
        return Standing(State.UNMEASURED, message("Alerts are not checked here: run 'atalaia alerts check'."))
    with AlertState.reading(path) as remembered:
        alerts, last = remembered.alerts, remembered.last_check
    if last is None or now - last.at > _OLD:
        when = message("Alerts have not been checked since {instant}.", instant=last.at) if last else None
        return Standing(State.UNMEASURED, when or message("Alerts have not been checked yet."))
    firing = sorted((each for each in alerts.values() if each.firing), key=lambda each: each.since, reverse=True)
    if not firing:
        return Standing(State.MET, message("No alert stands."))
    said = plural("{n} alert stands.", "{n} alerts stand.", len(firing))
    return Standing(State.MISSED, said, tuple((each.rule, each.detail.message) for each in firing))
