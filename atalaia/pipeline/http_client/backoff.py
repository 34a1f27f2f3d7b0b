"""How long to wait before a request is sent again. Source: logstash-output-http 6, ``sleep_for_attempt``."""

from __future__ import annotations

import random
from typing import Final

_LONGEST: Final = 60.0


def backoff(attempt: int) -> float:
    """Return seconds: the square of the attempts so far, a minute at most, less up to half of it by chance."""
    longest = min(float(attempt**2), _LONGEST)
    return longest / 2 + random.uniform(0, longest / 2)  # noqa: S311 - spreads load, keeps no secret
