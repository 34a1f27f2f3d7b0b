"""From rows to nested fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from logging_lib.metrics.sample import MetricValue
from logging_lib.timestamps import rfc3339


def number(row: Mapping[str, object], *names: str) -> float | None:
    """Return the first of the columns that the row has, as a number; ``None`` where there is none or it is null.

    Columns were renamed between versions (``total_time``, ``total_exec_time``).
    """
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float):
            return value
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
    return None


def instant(value: object) -> str | None:
    """Return a timestamp as records write it."""
    return rfc3339(value) if isinstance(value, datetime) else None


def share(part: float | None, whole: float | None) -> float | None:
    """Return a share from 0 to 1, or ``None`` where there is nothing to have a share of."""
    return None if part is None or not whole else round(part / whole, 6)


def nested(flat: Mapping[str, MetricValue | None]) -> dict[str, MetricValue]:
    """Return dotted names as nested objects; what is ``None`` is not known and left out."""
    tree: dict[str, MetricValue] = {}
    for name, value in flat.items():
        if value is None:
            continue
        *path, last = name.split(".")
        place = tree
        for step in path:
            below = place.setdefault(step, {})
            if not isinstance(below, dict):
                raise TypeError(f"{name} is below a value")
            place = below
        place[last] = value
    return tree
