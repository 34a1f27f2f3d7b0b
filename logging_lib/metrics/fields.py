"""How a sampler documents its fields: the reference of metrics is made from this, and compared with the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["", "bytes", "bytes/s", "per second", "share 0..1", "ms", "s"]
"""What one of a number is; empty for plain counts and for text."""


@dataclass(frozen=True, slots=True)
class MetricField:
    """One field of a document.

    Attributes:
        name: Its full name: ``system.cpu.total.norm.pct``.
        kind: Its type in the mapping: ``long``, ``double``, ``keyword``, ``ip``, ``date`` or ``boolean``.
        unit: What one of it is.
        meaning: One sentence for a person.
        metricset: In which records it is.
    """

    name: str
    kind: Literal["long", "double", "keyword", "ip", "date", "boolean"]
    unit: Unit
    meaning: str
    metricset: str
