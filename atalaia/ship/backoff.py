"""How long to wait before lines are sent again."""

from __future__ import annotations

import random
from typing import Final

_FIRST: Final = 0.5
_LONGEST: Final = 60.0
_DOUBLINGS: Final = 7


def backoff(attempt: int) -> float:
    """Return seconds: half a second doubled with each attempt after the first, a minute at most, less up to half of it.

    The chance in it spreads the load of many shippers whose receiver comes back ("equal jitter").
    """
    longest = min(_FIRST * float(1 << min(attempt - 1, _DOUBLINGS)), _LONGEST)
    return longest / 2 + random.uniform(0, longest / 2)  # noqa: S311 - spreads load, keeps no secret
