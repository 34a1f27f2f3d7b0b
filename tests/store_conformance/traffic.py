"""Traffic around changes of the clock and the ends of months, quarters and years: the same events at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.store.document import Document, JsonValue
from tests.store_conformance.events import document

DAY, HOUR, MINUTE, MILLI = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(milliseconds=1)
REACH: Final = 4 * DAY
WEEKS: Final = 4
"""How many weeks before had the same hour of traffic."""

ROUTES: Final = ("/api/chamados", "/api/chamados/<int:id>", "/login", "/relatorios", "/é", None)
STATUSES: Final = (*(200,) * 12, 201, 302, 401, 404, 499, 500, 503, None)
SECONDS: Final = (0.0, 0.009, 0.01, 0.1, 0.5, 1.999, 2.0, 2.001, 4.999, 5.0, 119.999, 120.0, None, None)
"""Response times at the thresholds, just below and just above them; absent at times."""
ADDRESSES: Final = (
    "192.0.2.1",
    "192.0.2.77",
    "198.51.100.9",
    "2001:db8::1",
    "2001:db8:0:ffff::1",
    "2001:db8:1::1",
    None,
)
VERSIONS, USERS = ("1.4.0", "1.5.0", None), ("u1", "u2", "10", "9", "Ana", None)
BROWSERS, SYSTEMS, METHODS = ("Firefox", "Chrome", None), ("Linux", None), ("GET", "POST", None)
WEIGHTS: Final = (*(1,) * 8, 3, 10, 1000)


@dataclass(frozen=True)
class Hit:
    """A request, as plain values; ``None`` is absent. ``seconds`` is its response time."""

    number: int
    at: datetime
    status: int | None = 200
    seconds: float | None = 0.1
    route: str | None = "/api/chamados"
    user: str | None = None
    address: str | None = "192.0.2.1"
    version: str | None = "1.4.0"
    browser: str | None = None
    system: str | None = None
    method: str | None = "GET"
    weight: int = 1
    path: str = "/"
    mine: bool = True
    """Whether it is of the service that is judged."""

    def document(self, environment: str) -> Document:
        """Return it as it is stored."""
        values: dict[str, JsonValue] = {
            "http.response.status_code": self.status,
            "response_time": self.seconds,
            "http.route": self.route,
            "user.id": self.user,
            "client.ip": self.address,
            "service.version": self.version,
            "user_agent.name": self.browser,
            "user_agent.os.name": self.system,
            "http.request.method": self.method,
            "http.request.id": f"request-{self.number}",
            "url.path": self.path,
            "service.name": environment if self.mine else f"{environment}-other",
        }
        if self.weight > 1:
            values |= {"sample_weight": self.weight, "_doc_count": self.weight}
        present = {name: value for name, value in values.items() if value is not None}
        return document(f"logs-web.request-{environment}", f"hit-{self.number}", stamp(self.at), present)


@dataclass(frozen=True)
class Statement:
    """A slow SQL statement."""

    number: int
    at: datetime
    operation: str | None
    text: str
    seconds: float
    route: str | None
    error: str | None

    def document(self, environment: str) -> Document:
        """Return it as it is stored."""
        values: dict[str, JsonValue] = {
            "sql.operation": self.operation,
            "sql.text": self.text,
            "sql.duration.sec": self.seconds,
            "sql.endpoint": self.route,
            "sql.error": self.error,
            "sql.database": "tickets",
        }
        present = {name: value for name, value in values.items() if value is not None}
        return document(f"logs-sql.query-{environment}", f"sql-{self.number}", stamp(self.at), present)


@dataclass(frozen=True)
class Scene:
    """A zone, an instant at which its clock or its year changes, and the traffic of eight days around it."""

    name: str
    zone: str
    change: datetime

    @property
    def now(self) -> datetime:
        """The instant everything is asked at, half an hour into an hour."""
        return self.change.replace(minute=30) + REACH

    @property
    def live(self) -> datetime:
        """An instant of its own years later: the overview asks for all environments, and so for other tests'."""
        return self.now.replace(year=2039)

    def local(self, instant: datetime) -> datetime:
        """Return an instant by the zone's clock."""
        return instant.astimezone(ZoneInfo(self.zone))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


SCENES: Final = (
    Scene("midnight skipped in Sao Paulo, month end", "America/Sao_Paulo", _at("2018-11-04T03:00:00Z")),
    Scene("spring in Lisbon, quarter end", "Europe/Lisbon", _at("2024-03-31T01:00:00Z")),
    Scene("autumn in New York, month end", "America/New_York", _at("2024-11-03T06:00:00Z")),
    Scene("half an hour back on Lord Howe, quarter end", "Australia/Lord_Howe", _at("2024-04-06T15:00:00Z")),
    Scene("leap day in New York", "America/New_York", _at("2024-02-29T05:00:00Z")),
    Scene("year end in Sao Paulo, at daylight time", "America/Sao_Paulo", _at("2019-01-01T02:00:00Z")),
)


def stamp(instant: datetime) -> str:
    """Return an instant as a record says it."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def edges(scene: Scene) -> list[datetime]:
    """Return the midnights of the eight days, and the half hours and minutes next to the change."""
    days = [scene.local(scene.change).date() + step * DAY for step in range(-3, 4)]
    midnights = [_midnight(day, scene.zone) for day in days]
    near = [scene.change + step * 30 * MINUTE for step in range(-6, 7)]
    return sorted({*midnights, *near, *(scene.change + step * MINUTE for step in range(-3, 4))})


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hits(scene: Scene) -> tuple[list[Hit], list[Hit]]:
    """Return the requests that come in time, and those that come after the first sealing."""
    dice, numbers = random.Random(scene.name), count()  # noqa: S311  # the same traffic at every run
    first = Hit(next(numbers), scene.now - WEEKS * 7 * DAY - 2 * HOUR)
    found = [
        first,
        *(_drawn(dice, numbers, edge + step) for edge in edges(scene) for step in (-MILLI, 0 * MILLI, MILLI)),
    ]
    found += [_drawn(dice, numbers, scene.change + _some(dice, -REACH, REACH)) for _ in range(250)]
    for week in range(WEEKS, -1, -1):
        found += _hour(scene, dice, numbers, week)
    found += [_drawn(dice, numbers, scene.live - _some(dice, 0 * DAY, 20 * MINUTE)) for _ in range(40)]
    late = [_drawn(dice, numbers, scene.change + _some(dice, -REACH, REACH - DAY)) for _ in range(40)]
    late += [_drawn(dice, numbers, edge) for edge in edges(scene)[::3]]
    return found, late


def _hour(scene: Scene, dice: random.Random, numbers: Iterator[int], week: int) -> list[Hit]:
    """Return the hour before now of some week: in this one with errors of one route, a flood and a scan."""
    end = (scene.local(scene.now) - week * 7 * DAY).astimezone(UTC)  # the same hour of the clock
    found = [replace(_drawn(dice, numbers, end - _some(dice, MILLI, HOUR)), weight=1) for _ in range(45)]
    if week:
        return [replace(each, status=200, seconds=0.2) if each.number % 9 else each for each in found]
    found = [replace(each, status=503, seconds=3.0) if each.route == "/relatorios" else each for each in found]
    found += [
        Hit(next(numbers), end - _some(dice, MINUTE, HOUR), 500, 2.5, "/relatorios", version="1.5.0") for _ in range(40)
    ]
    near = [end - _some(dice, MINUTE, 9 * MINUTE) for _ in range(80)]
    found += [Hit(next(numbers), at, address="2001:db8:9::9") for at in near]
    return found + [
        Hit(next(numbers), at, 404, route=None, address="203.0.113.9", path=f"/{place}")
        for place, at in enumerate(near[:18])
    ]


def _drawn(dice: random.Random, numbers: Iterator[int], at: datetime) -> Hit:
    seconds = dice.choice(SECONDS) if dice.random() < 0.5 else float(f"{dice.lognormvariate(-1, 1):.3g}")
    return Hit(
        next(numbers), at, dice.choice(STATUSES), seconds, dice.choice(ROUTES), dice.choice(USERS),
        dice.choice(ADDRESSES), dice.choice(VERSIONS), dice.choice(BROWSERS), dice.choice(SYSTEMS),
        dice.choice(METHODS), dice.choice(WEIGHTS), f"/{dice.randrange(9)}", dice.random() < 0.9,
    )  # fmt: skip


def _some(dice: random.Random, least: timedelta, most: timedelta) -> timedelta:
    return dice.randrange(least // MILLI, most // MILLI) * MILLI


def statements(scene: Scene) -> list[Statement]:
    """Return slow statements at the edges and between them; times that add up to the same in any order."""
    dice = random.Random(scene.name)  # noqa: S311  # the same traffic at every run
    instants = [edge + step for edge in edges(scene)[::2] for step in (-MILLI, 0 * MILLI)]
    instants += [scene.now - _some(dice, MILLI, 2 * HOUR) for _ in range(40)]
    return [
        Statement(
            number, at, dice.choice(("SELECT", "UPDATE", None)), f"SELECT {dice.randrange(4)}",
            dice.randrange(1, 400) / 64,
            dice.choice(ROUTES), dice.choice((None, None, "timeout")),
        )
        for number, at in enumerate(instants)
    ]  # fmt: skip


def beside(scene: Scene, environment: str) -> list[Document]:
    """Return backups at midnights, messages, and samples of two machines."""
    mine: dict[str, JsonValue] = {"service.name": environment}
    found = [
        document(f"logs-app.event-{environment}", f"app-{place}", stamp(at), mine | {"event.action": action})
        for place, at in enumerate(edges(scene))
        for action in ["backup.completed" if place % 3 == 0 else "cache.cleared"]
    ]
    for number in range(60):
        values: dict[str, JsonValue] = {"metricset.name": "system", "host.name": f"web-{number % 2}"}
        values |= {"system.cpu.total.norm.pct": 0.5 + number / 128, "system.memory.actual.used.pct": number / 64}
        if number % 3 == 0:
            values = {"metricset.name": "filesystem", "host.name": "web-0", "system.filesystem.mount_point": "/"}
            values["system.filesystem.used.pct"] = 0.5 + number / 128
        at = stamp(scene.now - (number + 1) * MINUTE)
        found.append(document(f"metrics-host.system-{environment}", f"sample-{number}", at, mine | values))
    return found
