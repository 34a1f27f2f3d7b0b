"""Months of invented requests of a small team, with noise that is no incident, and with incidents that are.

Noise: Poisson counts over the rhythm of ``atalaia.demo.profile``; busier and slower days;
growth; Monday mornings of up to twice the requests; month ends; holidays; a job on Sunday night that is slow and fails
at times; failures that come three at once; a branch office behind one address; people who type wrong passwords.

Every hour draws from a generator of its own, so the same seed gives the same documents.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from analyzers.store.document import Document, JsonValue
from atalaia.demo.profile import OFFICE_ZONE, SATURDAY, USAGE, WEEKEND_SHARE, Usage, expected_requests
from atalaia.demo.visitors import visitors
from benchmarks.anomalies.incidents import Incident, Planted

STREAM: Final = "logs-web.request-production"
SERVICE: Final = "osn-helpdesk"
BROKEN_ROUTE: Final = "/api/chamados/<int:ticket_id>/fechar"
WORKING_DAY: Final = 2500

_HOUR: Final = timedelta(hours=1)
_PEOPLE: Final = 60
_WEIGHTS: Final = [usage.weight for usage in USAGE]
_GROWTH_A_DAY: Final = 0.0015
_LEAK_A_DAY: Final = 1.03
_BRANCH: Final = ("198.51.100.7", 0.2)
"""The address of a branch office, and the share of requests that come from it."""
_BLIPS_A_DAY: Final = 0.1
_BLIP: Final = 3
"""How many requests of a blip fail."""
_MORNING: Final = range(8, 12)
_MISTYPED: Final = 0.012
_REFUSED: Final = 0.06
_NOT_FOUND: Final = 404
_SUNDAY: Final = 6
_JOB_HOUR: Final = 3
_BYTE: Final = 256


@dataclass(frozen=True, slots=True)
class Day:
    """What kind of day a local date is.

    Attributes:
        factor: How many times the usual requests it has.
        slowness: How many times the usual response times.
        monday: How many times the requests of a Monday's morning; 1 on other days.
        holiday: Whether it is a working day on which nobody works.
    """

    factor: float
    slowness: float
    monday: float
    holiday: bool


def documents(start: datetime, days: int, seed: int, incidents: tuple[Planted, ...]) -> Iterator[Document]:
    """Yield the request events of a history, hour by hour.

    Args:
        start: The first instant; a whole hour.
        days: How many days.
        seed: The same seed gives the same documents.
        incidents: What is planted.
    """
    addresses = [visitor.ip_address for visitor in visitors(_PEOPLE, seed)]
    for number in range(24 * days):
        hour = start + number * _HOUR
        yield from _Hour(hour, number / 24, seed, incidents, addresses).documents()


def day_of(day: date, seed: int) -> Day:
    """Return what kind of day a date is."""
    chance = random.Random(f"day {seed} {day}")  # noqa: S311 - invented history
    factor, slowness = chance.lognormvariate(0, 0.08), chance.lognormvariate(0, 0.03)
    monday = min(2.2, max(1.0, chance.lognormvariate(0.25, 0.3))) if day.weekday() == 0 else 1.0
    if (day + timedelta(days=3)).month != day.month:
        factor *= 1.35
    holiday = day.weekday() < SATURDAY and day.day == _holiday(day, seed)
    return Day(factor, slowness, monday, holiday)


def _holiday(day: date, seed: int) -> int:
    return random.Random(f"holiday {seed} {day.year} {day.month}").randint(2, 27)  # noqa: S311 - invented history


class _Hour:
    """One hour's events.

    Args:
        hour: When it begins.
        age: Days since the history's start.
        seed: Of the history.
        incidents: All that are planted.
        addresses: Of the people.
    """

    def __init__(
        self, hour: datetime, age: float, seed: int, incidents: tuple[Planted, ...], addresses: list[str]
    ) -> None:
        self._hour, self._addresses, self._age = hour, addresses, age
        self._chance = random.Random(f"{seed} {hour.isoformat()}")  # noqa: S311 - invented history
        self._local = hour.astimezone(OFFICE_ZONE)
        self._day = day_of(self._local.date(), seed)
        self._incidents = [each for each in incidents if each.window.start < hour + _HOUR and each.window.end > hour]
        self._blip = self._chance.random() < _BLIPS_A_DAY / 24
        self._number = 0

    def documents(self) -> Iterator[Document]:
        """Yield the events in no order."""
        count = self._poisson(self._mean())
        for number in range(count):
            instant = self._somewhen(self._hour, self._hour + _HOUR)
            if not self._silent(instant):
                yield self._ordinary(instant, blip=self._blip and number < _BLIP)
        for planted in self._incidents:
            yield from self._attack(planted)

    def _mean(self) -> float:
        mean = expected_requests(self._hour, WORKING_DAY) * self._day.factor * (1 + _GROWTH_A_DAY * self._age)
        if self._local.hour in _MORNING:
            mean *= self._day.monday
        return mean * (WEEKEND_SHARE if self._day.holiday else 1.0)

    def _poisson(self, mean: float) -> int:
        limit, product, count = math.exp(-min(mean, 500)), self._chance.random(), 0
        while product > limit:
            product *= self._chance.random()
            count += 1
        return count

    def _silent(self, instant: datetime) -> bool:
        silences = (Incident.SILENCE, Incident.NIGHT_SILENCE)
        return any(each.incident in silences and each.has(instant) for each in self._incidents)

    def _ordinary(self, instant: datetime, *, blip: bool) -> Document:
        usage = self._chance.choices(USAGE, weights=_WEIGHTS)[0]
        seconds = usage.median * self._chance.lognormvariate(0, usage.spread) * self._slowness(instant)
        failed = self._chance.random() < self._failures(usage, instant) or blip
        address = _BRANCH[0] if self._chance.random() < _BRANCH[1] else self._chance.choice(self._addresses)
        status, path = (500, usage.template) if failed else self._answer(usage)
        return self._document(instant, status, seconds, (usage.template, path), address)

    def _answer(self, usage: Usage) -> tuple[int, str]:
        draw = self._chance.random()
        if usage.names_ticket and draw < _MISTYPED:
            return 404, usage.path(self._chance.randint(900, 1800))
        if usage.signs_in and draw < _REFUSED:
            return 401, usage.template
        return usage.status, usage.path(self._chance.randint(1, 900))

    def _slowness(self, instant: datetime) -> float:
        slowness = self._day.slowness * (3.0 if self._job() else 1.0)
        for planted in self._incidents:
            if planted.incident is Incident.OUTAGE and planted.has(instant):
                slowness *= 9
            if planted.incident is Incident.LEAK and planted.has(instant):
                slowness *= _LEAK_A_DAY ** (1 + (instant - planted.window.start) // timedelta(days=1))
        return slowness

    def _failures(self, usage: Usage, instant: datetime) -> float:
        share = 0.05 if self._job() else 0.0005
        for planted in self._incidents:
            if planted.has(instant):
                share = max(share, _FAILING.get(planted.incident, 0.0))
                if planted.incident is Incident.RELEASE and usage.template == BROKEN_ROUTE:
                    share = 0.7
        return share

    def _job(self) -> bool:
        return self._local.weekday() == _SUNDAY and self._local.hour == _JOB_HOUR

    def _attack(self, planted: Planted) -> Iterator[Document]:
        attack = _ATTACKS.get(planted.incident)
        if attack is None:
            return
        start, end = max(self._hour, planted.window.start), min(self._hour + _HOUR, planted.window.end)
        share = (end - start) / planted.window.length
        for number in range(round(attack.requests * share)):
            instant = self._somewhen(start, end)
            path = f"/old/{number}.php" if attack.status == _NOT_FOUND else attack.route
            yield self._document(instant, attack.status, 0.05, (attack.route, path), attack.address(self._chance))

    def _somewhen(self, start: datetime, end: datetime) -> datetime:
        return start + timedelta(milliseconds=self._chance.randrange((end - start) // timedelta(milliseconds=1)))

    def _document(
        self, instant: datetime, status: int, seconds: float, place: tuple[str, str], address: str
    ) -> Document:
        self._number += 1
        body: dict[str, JsonValue] = {
            "@timestamp": instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "http": {"route": place[0], "response": {"status_code": status}},
            "url": {"path": place[1]},
            "client": {"ip": address},
            "response_time": round(max(seconds, 0.001), 6),
            "service": {"name": SERVICE},
        }
        return Document(STREAM, f"{self._hour:%Y%m%d%H}-{self._number}", body)


@dataclass(frozen=True, slots=True)
class _Attack:
    """Requests that come besides the ordinary ones.

    Attributes:
        requests: How many in all.
        route: Which route they ask for.
        status: How they are answered.
        addresses: From how many addresses they come.
    """

    requests: int
    route: str
    status: int
    addresses: int

    def address(self, chance: random.Random) -> str:
        """Return one of the addresses."""
        number = chance.randrange(self.addresses)
        return f"203.0.{number}.{number % 250 + 1}" if number < _BYTE else f"203.1.{number - _BYTE}.9"


_FAILING: Final = {Incident.OUTAGE: 0.4, Incident.BURST: 0.2}
_ATTACKS: Final = {
    Incident.FLOOD: _Attack(15 * 60 * 4, "/api/chamados", 200, 1),
    Incident.SWARM: _Attack(30 * 60 * 3, "/api/chamados", 200, 400),
    Incident.SCAN: _Attack(60, "(unmatched)", 404, 1),
    Incident.GUESSING: _Attack(50, "/login", 401, 1),
}
