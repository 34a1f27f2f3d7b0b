"""Seconds that never run backwards: what rates are reckoned with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Monotonic: TypeAlias = Callable[[], float]
"""Returns seconds, as ``time.monotonic`` does."""
