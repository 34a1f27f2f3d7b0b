"""Event identifiers: UUIDv7 (RFC 9562), which sort by the time of the event."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import uuid6

RandomBits: TypeAlias = Callable[[int], int]
"""Returns an integer of that many random bits, as ``random.Random.getrandbits`` does."""


def event_id(instant: datetime, random_bits: RandomBits = secrets.randbits) -> str:
    """Return a new UUIDv7 whose first 48 bits are the instant's Unix time in milliseconds.

    Args:
        instant: When the event began; aware.
        random_bits: Where the other bits come from. A seeded generator's ``getrandbits`` makes ids repeatable.
    """
    milliseconds = int(instant.timestamp() * 1000)
    return str(uuid6.UUID(int=(milliseconds << 80) | random_bits(80), version=7))
