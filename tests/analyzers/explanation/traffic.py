"""Histories with planted causes: the same traffic at every run, a hundred requests every ten minutes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from analyzers.store.document import Document, JsonValue
from analyzers.store.query import Window

STREAM: Final = "logs-web.request-production"
ROUTES: Final = ("/login", "/api/chamados", "/relatorios", "/busca")
VERSIONS: Final = ("2.3.0", "2.3.0", "2.3.1")
BROWSERS: Final = ("Firefox", "Chrome", "Chrome", "Safari")


@dataclass(frozen=True)
class Visit:
    """One request."""

    at: datetime
    number: int
    route: str
    user: str
    version: str
    address: str
    browser: str
    method: str = "GET"
    status: int = 200
    seconds: float = 0.1
    extra: dict[str, JsonValue] = field(default_factory=dict)

    def document(self, stream: str) -> Document:
        """Return it as it is stored."""
        body: dict[str, JsonValue] = {
            "@timestamp": self.at.isoformat(),
            "event": {"id": f"e{self.number}"},
            "http": {
                "route": self.route,
                "request": {"method": self.method, "id": f"r{self.number}"},
                "response": {"status_code": self.status},
            },
            "user": {"id": self.user},
            "service": {"name": "ti-osn", "version": self.version},
            "client": {"ip": self.address},
            "user_agent": {"name": self.browser},
            "response_time": self.seconds,
            "trace": {"id": f"t{self.number}"},
        }
        return Document(stream, f"e{self.number}", body | self.extra)


Plant: TypeAlias = Callable[[Visit, random.Random], Visit]
"""Changes a request of the window: what goes wrong there."""


def history(
    window: Window, plant: Plant, *, before: tuple[Window, ...] = (), stream: str = STREAM, each: int = 1000
) -> list[Document]:
    """Return so many requests of each window: 1 % fail as usual, those of the last window are planted."""
    dice = random.Random(7)  # noqa: S311  # the same traffic at every run
    numbers = iter(range(10**9))
    usual = [visit for past in before for visit in _visits(past, dice, numbers, each)]
    now = [plant(visit, dice) for visit in _visits(window, dice, numbers, each)]
    return [visit.document(stream) for visit in (*usual, *now)]


def failing(visit: Visit, status: int = 503) -> Visit:
    """Return a request that failed."""
    return replace(visit, status=status)


def nothing(visit: Visit, _dice: random.Random) -> Visit:
    """Plant nothing."""
    return visit


def _visits(window: Window, dice: random.Random, numbers: Iterator[int], each: int) -> Iterator[Visit]:
    step = window.length / each
    for place in range(each):
        visit = Visit(
            at=window.start + timedelta(milliseconds=int(place * step / timedelta(milliseconds=1))),
            number=next(numbers),
            route=dice.choice(ROUTES),
            user=str(dice.randrange(100)),
            version=dice.choice(VERSIONS),
            address=f"198.51.{dice.randrange(100)}.{dice.randrange(1, 255)}",
            browser=dice.choice(BROWSERS),
            method="POST" if dice.random() < 0.3 else "GET",
        )
        yield failing(visit, 500) if place % 100 == 0 else visit
