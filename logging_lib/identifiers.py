"""Identifiers: of events (UUIDv7, RFC 9562, which sort by the time of the event), of requests, traces and spans.

They must be unique, not secret, so their random bits come from a generator of this process that the system's
entropy seeds, once and again in each child of a fork. Asking the system for every id would cost a request more than all
else that its record costs.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

RandomBits: TypeAlias = Callable[[int], int]
"""Returns an integer of that many random bits, as ``random.Random.getrandbits`` does."""

_chance = random.Random()  # noqa: S311 - ids are no secrets; its own generator, so that an application's seed() spares it
os.register_at_fork(after_in_child=_chance.seed)

# RFC 9562, section 5.7: 48 bits of milliseconds, 4 of version, 12 random, 2 of variant, 62 random.
_RANDOM_BITS: Final = 80
_VERSION_AND_VARIANT: Final = 0x7000_8000_0000_0000_0000
_FREE: Final = 0x0FFF_3FFF_FFFF_FFFF_FFFF


def event_id(instant: datetime, random_bits: RandomBits = _chance.getrandbits) -> str:
    """Return a new UUIDv7 whose first 48 bits are the instant's Unix time in milliseconds.

    Args:
        instant: When the event began; aware.
        random_bits: Where the other bits come from. A seeded generator's ``getrandbits`` makes ids repeatable.
    """
    low = random_bits(_RANDOM_BITS) & _FREE | _VERSION_AND_VARIANT
    text = f"{int(instant.timestamp() * 1000) << _RANDOM_BITS | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def hexadecimal(digits: int) -> str:
    """Return so many random hexadecimal digits. That all are zero, which W3C Trace Context forbids, will not happen."""
    return f"{_chance.getrandbits(4 * digits):0{digits}x}"
