"""Thirty days of a help desk's requests, made up but always the same, fast enough not to be what is measured.

Any block of events can be made without those before it. Traffic follows the day, from 0.6 times the mean at midnight to
2.5 times at noon; a record is written when its request ends, so that timestamps, the starts, are slightly out of order.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final, NamedTuple

from analyzers.store.document import Document
from analyzers.store.query import Window
from benchmarks.records import AGENTS
from benchmarks.store.templates import STREAM, Agent, Gaps, Template, agent_of, template

DAYS: Final = 30
START: Final = datetime(2024, 1, 1, tzinfo=UTC)
WHOLE: Final = Window(START, START + timedelta(days=DAYS))
HOUR: Final = Window(WHOLE.end - timedelta(hours=4), WHOLE.end - timedelta(hours=3))
"""An hour near the end, for the question that is asked of a short and a long history."""

BLOCK: Final = 1_000

_DAY_MILLIS: Final = 86_400_000
_SPAN_MILLIS: Final = DAYS * _DAY_MILLIS
_START_MILLIS: Final = int(START.timestamp()) * 1_000
_SWING: Final = 0.6
_HEX_AN_EVENT: Final = 84
_VISITORS: Final = 5_000
_KNOWN: Final = 0.85
_LEAST_MICROS: Final = 150  # below 100 microseconds a float's text has an exponent
_STATUSES: Final = ((200, 900), (201, 40), (302, 30), (404, 20), (500, 8), (503, 2))
"""Status and how many of a thousand requests have it."""


class _Route(NamedTuple):
    """A route of the application: how often it is asked for, and its median time in microseconds."""

    method: str
    route: str
    path: str
    weight: int
    median: int


_ROUTES: Final = (
    _Route("GET", "/api/chamados", "/api/chamados", 22, 90_000),
    _Route("POST", "/api/chamados", "/api/chamados", 6, 160_000),
    _Route("GET", "/api/chamados/<int:id>", "/api/chamados/{}", 25, 60_000),
    _Route("PUT", "/api/chamados/<int:id>", "/api/chamados/{}", 5, 140_000),
    _Route("GET", "/api/usuarios/<int:id>", "/api/usuarios/{}", 9, 40_000),
    _Route("GET", "/login", "/login", 3, 20_000),
    _Route("POST", "/login", "/login", 3, 280_000),
    _Route("GET", "/painel", "/painel", 8, 320_000),
    _Route("GET", "/relatorios/<int:id>", "/relatorios/{}", 2, 1_300_000),
    _Route("GET", "/static/<path:filename>", "/static/app.{}.js", 17, 1_500),
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of request: its route's median, and its template with a user and without."""

    status: int
    route: _Route
    known: Template
    anonymous: Template


class _Visitor(NamedTuple):
    user: int | None
    address: str
    agent: Agent


class Event(NamedTuple):
    """One event: the template and what fills it, and what a typed table of events has."""

    template: Template
    gaps: Gaps
    identity: str
    millis: int
    micros: int
    status: int
    method: str
    route: str
    user: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Block:
    """Some events that follow each other."""

    events: tuple[Event, ...]

    def lines(self) -> bytes:
        """Return the records as the application writes them."""
        return b"".join([event.template.line % event.gaps for event in self.events])

    def documents(self) -> list[Document]:
        """Return the documents as the pipeline hands them to a store."""
        return [Document.encoded(STREAM, event.identity, event.template.document % event.gaps) for event in self.events]


class History:
    """All events.

    Args:
        events: How many there are in the 30 days.
    """

    def __init__(self, events: int) -> None:
        self.events = events
        self.blocks = -(-events // BLOCK)

    def blocks_from(self, first: int = 0) -> Iterator[Block]:
        """Yield the blocks from one on."""
        return (self.block(number) for number in range(first, self.blocks))

    def block(self, number: int) -> Block:
        """Make one block."""
        dice = random.Random(number)  # noqa: S311 - the same events every time, nothing secret
        first = number * BLOCK
        count = min(BLOCK, self.events - first)
        digits = dice.randbytes(count * _HEX_AN_EVENT // 2).hex()
        return Block(
            tuple(
                self._event(dice, first + place, digits[place * _HEX_AN_EVENT : (place + 1) * _HEX_AN_EVENT])
                for place in range(count)
            )
        )

    def _event(self, dice: random.Random, number: int, digits: str) -> Event:
        kinds, visitors = self._kinds, self._visitors
        kind = kinds[int(dice.random() * len(kinds))]
        user, address, agent = visitors[int(dice.random() ** 2 * len(visitors))]
        micros = max(_LEAST_MICROS, int(kind.route.median * math.exp(0.8 * dice.gauss())))
        ended = self._millis((number + dice.random()) / self.events)
        millis = max(_START_MILLIS, ended - micros // 1_000)
        database = dice.random()
        identity = _uuid7(millis, digits)
        gaps: Gaps = {
            b"nanos": micros * 1_000,
            b"seconds": _text(micros / 1_000_000),
            b"instant": _instant(millis),
            b"ingested": _instant(ended + 2_000),
            b"id": identity.encode(),
            b"request": digits[20:36].encode(),
            b"trace": digits[36:68].encode(),
            b"span": digits[68:84].encode(),
            b"address": address.encode(),
            b"number": int(dice.random() * 50_000),
            b"bytes": int(200 + 20_000 * dice.random()),
            b"db": _text(int(micros * database / 10 + 100) / 1_000_000),
            b"queries": int(database * 9),
            b"agent": agent.text,
            b"parsed": agent.parsed,
        }
        if user is not None:
            gaps[b"user"] = user
        chosen = kind.anonymous if user is None else kind.known
        route = kind.route
        return Event(chosen, gaps, identity, millis, micros, kind.status, route.method, route.route, user, address)

    def _millis(self, share: float) -> int:
        """Return when so much of all traffic has passed."""
        turns = 2 * math.pi * DAYS
        return _START_MILLIS + int(_SPAN_MILLIS * (share + _SWING * math.sin(turns * share) / turns))

    @cached_property
    def _kinds(self) -> tuple[_Kind, ...]:
        """Kinds of requests, each as often as it is among a hundred thousand."""
        kinds: list[_Kind] = []
        for route in _ROUTES:
            for status, weight in _STATUSES:
                made = [
                    template(route.method, route.route, route.path, status, anonymous=anonymous)
                    for anonymous in (False, True)
                ]
                kinds.extend([_Kind(status, route, *made)] * (route.weight * weight))
        return tuple(kinds)

    @cached_property
    def _visitors(self) -> tuple[_Visitor, ...]:
        dice = random.Random(-1)  # noqa: S311 - the same visitors every time, nothing secret
        agents = [agent_of(text) for text in AGENTS]
        return tuple(
            _Visitor(
                dice.randrange(1, 2_000) if dice.random() < _KNOWN else None,
                f"10.{dice.randrange(4)}.{dice.randrange(256)}.{dice.randrange(1, 255)}",
                dice.choice(agents),
            )
            for _ in range(_VISITORS)
        )


def _text(seconds: float) -> bytes:
    return repr(seconds).encode()


def _instant(millis: int) -> bytes:
    """Return an instant as RFC 3339 text."""
    day, rest = divmod(millis - _START_MILLIS, _DAY_MILLIS)
    seconds, thousandths = divmod(rest, 1_000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return b"%bT%02d:%02d:%02d.%03dZ" % (_DATES[day], hour, minute, second, thousandths)


def _uuid7(millis: int, digits: str) -> str:
    """Return a UUIDv7 (RFC 9562, section 5.7) of an instant and 20 hexadecimal digits of chance."""
    time = f"{millis:012x}"
    return f"{time[:8]}-{time[8:]}-7{digits[:3]}-{'89ab'[int(digits[3], 16) % 4]}{digits[4:7]}-{digits[7:19]}"


_DATES: Final = tuple((START + timedelta(days=day)).date().isoformat().encode() for day in range(DAYS + 1))
