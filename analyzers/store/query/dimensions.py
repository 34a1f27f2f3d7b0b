"""How events are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class CalendarUnit(StrEnum):
    """A calendar bucket.

    Weeks start on Monday (ISO 8601), quarters in January, April, July and October; minutes are steps of 60 seconds.
    """

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Field:
    """Group by the value of a field; events without it form a group of their own whose key is ``None``."""

    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Group by calendar buckets in a named time zone (IANA), following its daylight saving."""

    unit: CalendarUnit
    zone: str = "UTC"

    @property
    def name(self) -> str:
        """The name of this dimension in a row."""
        return BUCKET


BUCKET = "bucket"

Dimension: TypeAlias = Field | Calendar
