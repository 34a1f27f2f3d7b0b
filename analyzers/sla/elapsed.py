"""Lengths of time and instants in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from analyzers.language import Value, english, message

_UNITS: Final = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)


def lasting(length: timedelta) -> str:
    """Return a length in all units it has, whole seconds: ``4 h``, ``1 d 2 h 5 min``; ``under 1 s`` for less."""
    found = span_value(length)
    return found if isinstance(found, str) else english(message("{span}", span=found))


def span_value(length: timedelta) -> Value:
    """Return a length as what stands in a sentence: the signs of its units are the same in every language."""
    parts: list[str] = []
    for unit, name in _UNITS:
        number, length = divmod(length, unit)
        if number:
            parts.append(f"{number} {name}")
    if parts:
        return " ".join(parts)
    return message("under 1 s") if length else "0 s"


def instant_words(instant: datetime) -> str:
    """Return an instant as ``2024-10-05 22:00 UTC``."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
