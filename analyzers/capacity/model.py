"""What can run out, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from analyzers.analysis import Unit
from analyzers.capacity.forecast import Forecast
from analyzers.capacity.trend import Trend
from analyzers.store.query import Window


class Kind(StrEnum):
    """What it is; its name in JSON."""

    DISK = "disk"
    MEMORY = "memory"
    CONNECTIONS = "connections"
    DATABASE = "database"
    REQUESTS = "requests"

    @property
    def unit(self) -> Unit:
        """What its values are."""
        return _UNITS[self]


_UNITS: Final = {
    Kind.DISK: Unit.BYTES,
    Kind.MEMORY: Unit.BYTES,
    Kind.CONNECTIONS: Unit.COUNT,
    Kind.DATABASE: Unit.BYTES,
    Kind.REQUESTS: Unit.COUNT,
}


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that grows.

    Attributes:
        kind: What it is.
        place: Where, e.g. ``("web-1", "/var")``; empty for the requests of everything.
        days: The greatest value of each measured day; of requests, those of its busiest hour.
        limit: What there is of it, as of the last measured day; ``None`` where nothing limits it.
    """

    kind: Kind
    place: tuple[str, ...]
    days: Mapping[date, float]
    limit: float | None

    @property
    def last(self) -> date:
        """The last measured day."""
        return max(self.days)

    @property
    def used(self) -> float:
        """The greatest value of the last measured day."""
        return self.days[self.last]

    @property
    def peak(self) -> tuple[date, float]:
        """The first day with the greatest value, and that value."""
        day = max(sorted(self.days), key=self.days.__getitem__)
        return day, self.days[day]


@dataclass(frozen=True, slots=True)
class Planned:
    """A resource, its trend and when it runs out."""

    resource: Resource
    trend: Trend | None
    forecast: Forecast

    @property
    def runs_out(self) -> date | None:
        """The most plausible day."""
        return self._day(self.forecast.days)

    @property
    def earliest(self) -> date | None:
        """The first plausible day."""
        return self._day(self.forecast.earliest)

    @property
    def latest(self) -> date | None:
        """The last plausible day."""
        return self._day(self.forecast.latest)

    def _day(self, ahead: int | None) -> date | None:
        return None if ahead is None else self.resource.last + timedelta(days=ahead)


@dataclass(frozen=True, slots=True)
class CapacityPlan:
    """What runs out when.

    Attributes:
        window: The history that was looked at.
        zone: The IANA zone whose days they are; days that are not wholly in the window are left out.
        planned: What grows, the first to run out first.
    """

    window: Window
    zone: str
    planned: tuple[Planned, ...]

    def of(self, kind: Kind) -> tuple[Planned, ...]:
        """Return what is of one kind, in order."""
        return tuple(each for each in self.planned if each.resource.kind is kind)
