"""How events are grouped."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from analyzers.fields import CLIENT_IP, STATUS_CODE


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
class StatusClass:
    """Group by the hundreds of a status: 404 is of the class ``4xx``; events without one are a group of their own."""

    field: str = STATUS_CODE

    @property
    def name(self) -> str:
        """The name of this dimension in a row."""
        return "status_class"


@dataclass(frozen=True, slots=True)
class Network:
    """Group by the network of an address: the /24 of an IPv4 address, the /48 of an IPv6 one (``203.0.113.0/24``).

    Events without an address are a group of their own.
    """

    field: str = CLIENT_IP

    @property
    def name(self) -> str:
        """The name of this dimension in a row."""
        return "client.network"


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

Key: TypeAlias = Field | StatusClass | Network
"""A dimension that is made of a field's value."""

Dimension: TypeAlias = Key | Calendar
