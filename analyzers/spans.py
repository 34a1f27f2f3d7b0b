"""Lengths of time and windows in English words, as alerts and findings write them."""

from __future__ import annotations

from datetime import timedelta

from analyzers.numbers import counted
from analyzers.store.query import Window


def spoken(window: Window) -> str:
    """Return a window in words: its length, and its end in UTC."""
    return f"in the {length(window.length)} to {window.end:%Y-%m-%d %H:%M:%S} UTC"


def length(span: timedelta) -> str:
    """Return a length of time in words: ``5 minutes``, ``1 day 48 minutes``."""
    parts, left = [], int(span.total_seconds())
    for name, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        number, left = divmod(left, size)
        if number:
            parts.append(counted(number, name))
    return " ".join(parts)
