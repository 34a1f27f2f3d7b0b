"""Who uses the help desk: invented people, each with one browser and one address."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

_WEBKIT: Final = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS: Final = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/129.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
    f"Mozilla/5.0 (Linux; Android 14; SM-A546E) {_WEBKIT} Chrome/129.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person: account number, browser and address."""

    user_id: int
    user_agent: str
    ip_address: str


def visitors(count: int, seed: int) -> tuple[Visitor, ...]:
    """Return people with the account numbers 1 to ``count``; the same seed gives the same people."""
    chance = random.Random(f"visitors {seed}")  # noqa: S311 - invented people
    return tuple(
        Visitor(number, chance.choice(BROWSERS), f"192.168.{chance.randint(1, 8)}.{chance.randint(2, 250)}")
        for number in range(1, count + 1)
    )
