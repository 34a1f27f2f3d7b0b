"""Real HTTP traffic against a running help desk, from a few people at once."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from atalaia.demo.helpdesk.pages import PASSWORD
from atalaia.demo.helpdesk.tickets import CATEGORIES
from atalaia.demo.profile import USAGE, Usage
from atalaia.demo.visitors import Visitor, visitors

PAUSE: Final = 0.15
"""Mean seconds between two requests of one person."""
TIMEOUT: Final = 30.0
"""Seconds a person waits for an answer."""

_TICKETS: Final = 200
_WEIGHTS: Final = [usage.weight for usage in USAGE]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was sent.

    Attributes:
        answers: Status code -> how many answers had it.
        unanswered: Requests that got no answer (refused, timed out, cut off).
    """

    answers: Counter[int]
    unanswered: int

    @property
    def requests(self) -> int:
        """All requests that were sent."""
        return self.answers.total() + self.unanswered


def drive(
    base_url: str,
    seconds: float,
    users: int = 6,
    seed: int = 1,
    stop_event: threading.Event | None = None,
) -> Traffic:
    """Let people use the help desk for a while; return once all of them have stopped.

    Args:
        base_url: The help desk, such as ``http://127.0.0.1:8000``.
        seconds: How long.
        users: How many people at a time, each in a thread, from 1 to 40.
        seed: The same seed has each person ask for the same things in the same order.
        stop_event: Ends it early when set.
    """
    stop = stop_event or threading.Event()
    deadline = time.monotonic() + seconds
    people = visitors(users, seed)
    with _quiet_client(), ThreadPoolExecutor(max_workers=users, thread_name_prefix="visitor") as pool:
        sessions = [_Session(base_url, visitor, random.Random(f"{seed} {visitor.user_id}")) for visitor in people]  # noqa: S311 - invented clicks
        done = list(pool.map(lambda session: session.run(deadline, stop), sessions))
    return Traffic(sum((part.answers for part in done), Counter()), sum(part.unanswered for part in done))


@contextmanager
def _quiet_client() -> Iterator[None]:
    """Keep the client's own log lines out of the help desk's log where both share a process."""
    logger = logging.getLogger("httpx")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


class _Session:
    """One person with one browser."""

    def __init__(self, base_url: str, visitor: Visitor, chance: random.Random) -> None:
        self._base_url = base_url
        self._visitor = visitor
        self._chance = chance
        self._answers: Counter[int] = Counter()
        self._unanswered = 0

    def run(self, deadline: float, stop: threading.Event) -> Traffic:
        headers = {"User-Agent": self._visitor.user_agent}
        with httpx.Client(base_url=self._base_url, headers=headers, timeout=TIMEOUT) as client:
            self._send(client, "POST", "/login", data=self._credentials())
            while time.monotonic() < deadline and not stop.wait(self._chance.expovariate(1 / PAUSE)):
                self._use(client, self._chance.choices(USAGE, weights=_WEIGHTS)[0])
        return Traffic(self._answers, self._unanswered)

    def _use(self, client: httpx.Client, usage: Usage) -> None:
        path = usage.path(self._chance.randint(1, _TICKETS + 2))
        if usage.signs_in:
            self._send(client, usage.method, path, data=self._credentials())
        elif usage.method == "POST":
            categoria = self._chance.choice(CATEGORIES)
            self._send(client, usage.method, path, json={"titulo": categoria, "categoria": categoria, "horas": 2.5})
        else:
            self._send(client, usage.method, path)

    def _credentials(self) -> dict[str, str]:
        return {"usuario": f"usuario{self._visitor.user_id:02d}", "senha": PASSWORD}

    def _send(
        self,
        client: httpx.Client,
        method: str,
        path: str,
        data: dict[str, str] | None = None,
        json: dict[str, str | float] | None = None,
    ) -> None:
        try:
            answer = client.request(method, path, data=data, json=json)
        except httpx.TransportError:  # counted: a server that does not answer is part of what a visitor sees
            self._unanswered += 1
        else:
            self._answers[answer.status_code] += 1
