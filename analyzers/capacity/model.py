"""What can run out, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.analysis import State, Unit
from analyzers.capacity.forecast import Forecast, Outlook
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

    @property
    def today(self) -> date:
        """The day on which the window ends: days that are left are counted from it."""
        return self.day_of(self.window.end)

    def day_of(self, instant: datetime) -> date:
        """Return the zone's day of an instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def left(self, planned: Planned) -> int | None:
        """Return in how many days something most plausibly runs out, none where that is past; ``None`` without a day.

        What is full already has none left.
        """
        if planned.forecast.outlook is Outlook.FULL:
            return 0
        return None if planned.runs_out is None else max(0, (planned.runs_out - self.today).days)

    def state(self, within: int) -> State:
        """Return whether anything with a limit is full or most plausibly runs out within so many days.

        Unmeasured where nothing with a limit is measured on enough days to tell.
        """
        limited = [each for each in self.planned if each.resource.limit is not None]
        if any((left := self.left(each)) is not None and left <= within for each in limited):
            return State.MISSED
        told = any(each.forecast.outlook is not Outlook.TOO_FEW_DAYS for each in limited)
        return State.MET if told else State.UNMEASURED

    def of(self, kind: Kind) -> tuple[Planned, ...]:
        """Return what is of one kind, in order."""
        return tuple(each for each in self.planned if each.resource.kind is kind)
