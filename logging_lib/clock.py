"""Where time comes from: a function, so that tests and replays can pass their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Returns the present instant as an aware datetime in UTC."""


def system_clock() -> datetime:
    """Return the present instant, aware, in UTC, to the microsecond."""
    return datetime.now(tz=UTC)
