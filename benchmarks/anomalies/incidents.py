"""The incidents that are planted in a history: what each does to the requests, and when, by the seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from analyzers.store.query import Window
from atalaia.demo.profile import OFFICE_ZONE, SATURDAY

WARM_UP: Final = timedelta(days=28)
"""Days before the history that is judged: a baseline needs three weeks at least."""


class Incident(StrEnum):
    """What goes wrong."""

    OUTAGE = "outage"
    LEAK = "slow leak"
    BURST = "error burst"
    FLOOD = "flood from one client"
    SWARM = "distributed flood"
    SCAN = "scan for paths"
    GUESSING = "password guessing"
    SILENCE = "silence"
    NIGHT_SILENCE = "silence by night"
    RELEASE = "release that breaks an endpoint"

    @property
    def description(self) -> str:
        """What happens, for the table."""
        return _WHAT[self]


_WHAT: Final = {
    Incident.OUTAGE: "40 min, 40 % of the requests fail, all are 9 times slower",
    Incident.LEAK: "14 days, each 3 % slower than the day before",
    Incident.BURST: "20 min, 20 % of the requests fail",
    Incident.FLOOD: "15 min, 4 requests a second from one address",
    Incident.SWARM: "30 min, 3 requests a second from 400 addresses",
    Incident.SCAN: "8 min, 60 paths that do not exist, from one address",
    Incident.GUESSING: "10 min, 50 refused logins from one address",
    Incident.SILENCE: "90 min in office hours, no event at all",
    Incident.NIGHT_SILENCE: "7 h from 22:00 on, no event at all",
    Incident.RELEASE: "2 days, 70 % of one endpoint's requests (4.5 % of all) fail",
}

_LASTS: Final = {
    Incident.OUTAGE: timedelta(minutes=40),
    Incident.LEAK: timedelta(days=14),
    Incident.BURST: timedelta(minutes=20),
    Incident.FLOOD: timedelta(minutes=15),
    Incident.SWARM: timedelta(minutes=30),
    Incident.SCAN: timedelta(minutes=8),
    Incident.GUESSING: timedelta(minutes=10),
    Incident.SILENCE: timedelta(minutes=90),
    Incident.NIGHT_SILENCE: timedelta(hours=7),
    Incident.RELEASE: timedelta(days=2),
}

_ANY_HOUR: Final = frozenset({Incident.FLOOD, Incident.SWARM, Incident.SCAN, Incident.GUESSING})
"""Nobody attacks in office hours only."""
_APART: Final = 4
"""Days between the end of an incident and the beginning of the next."""


@dataclass(frozen=True, slots=True)
class Planted:
    """One incident and when it is."""

    incident: Incident
    window: Window

    def has(self, instant: datetime) -> bool:
        """Whether it is at an instant."""
        return self.window.start <= instant < self.window.end


def planted(
    start: datetime, days: int, seed: int, incidents: tuple[Incident, ...] = (*Incident,)
) -> tuple[Planted, ...]:
    """Return the incidents of a history, in an order and at times that the seed decides.

    Args:
        start: The first instant that is judged.
        days: How many days are judged.
        seed: The same seed gives the same incidents.
        incidents: Which are planted, each once.
    """
    chance = random.Random(f"incidents {seed}")  # noqa: S311 - invented history
    order = chance.sample(incidents, len(incidents))
    busy = sum((_LASTS[each].days + 1 for each in order), 0)
    spare = days - 1 - busy - _APART * len(order)
    if spare < 0:
        raise ValueError(f"{days} days are too few for {len(order)} incidents")
    found, day = [], start.astimezone(OFFICE_ZONE).date()
    for incident in order:
        day += timedelta(days=chance.randint(0, spare // len(order)))
        window = _window(incident, _working_day(day), chance)
        found.append(Planted(incident, window))
        day = window.end.astimezone(OFFICE_ZONE).date() + timedelta(days=_APART - 1)
    return tuple(found)


def _working_day(day: date) -> date:
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def _window(incident: Incident, day: date, chance: random.Random) -> Window:
    if incident is Incident.NIGHT_SILENCE:
        at = time(22)
    elif incident is Incident.LEAK:
        at = time(0)
    elif incident in _ANY_HOUR:
        at = time(chance.randint(0, 23), chance.randint(0, 59))
    else:
        at = time(chance.randint(9, 15), chance.randint(0, 59))
    start = datetime.combine(day, at, OFFICE_ZONE).astimezone(UTC)
    return Window(start, start + _LASTS[incident])
