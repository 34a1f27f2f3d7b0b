"""``[[silence]]`` and ``[[maintenance]]``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Self, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator, model_validator

from analyzers.alerts.rules.file.values import Form, Text, Weekday, clock, when
from analyzers.alerts.rules.mutes import MINUTES_OF_DAY, Mute, MuteKind, Recurrence
from analyzers.store.instants import from_millis
from analyzers.store.query import Window
from analyzers.store.zones import first_instant

Moment: TypeAlias = int | datetime | date


def _moment(value: object) -> Moment:
    return clock(value) if isinstance(value, str | time) else when(value)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Moment: TypeAlias = Annotated[Moment, PlainValidator(_moment)]
_Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(_several), Field(min_length=1)]


class MuteForm(Form):
    """When alerts are not told: from one date-time to another, or at some hours of some weekdays."""

    start: _Moment = Field(alias="from")
    end: _Moment = Field(alias="to")
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] | None = None
    rules: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    labels: Mapping[Text, _Texts] = Field(default_factory=dict)
    reason: Text
    by: Text

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        clocks = [isinstance(each, int) for each in (self.start, self.end)]
        if self.weekdays is None and any(clocks):
            raise ValueError("times of the day need 'weekdays'; else write date-times such as 2024-10-05T22:00:00")
        if self.weekdays is not None and not all(clocks):
            raise ValueError("'weekdays' needs times of the day, such as '22:00'")
        if self.weekdays is not None and self.start in {self.end, MINUTES_OF_DAY}:
            raise ValueError("'from' and 'to' are the same; write '00:00' and '24:00' for a whole day")
        return self

    def mute(self, kind: MuteKind, zone: str) -> Mute:
        """Return what is meant.

        Raises:
            ValueError: When it ends before it starts, or the zone's clock shows a time never or twice.
        """
        return Mute(kind, self._when(zone), self.reason, self.by, self.rules or (), self.labels)

    def _when(self, zone: str) -> Window | Recurrence:
        if isinstance(self.start, int) and isinstance(self.end, int):
            return Recurrence(frozenset(self.weekdays or ()), self.start, self.end, zone)
        start, end = (instant(each, ZoneInfo(zone)) for each in (self.start, self.end) if not isinstance(each, int))
        if start >= end:
            raise ValueError(f"'to' ({self.end}) is not after 'from' ({self.start})")
        return Window(start, end)


def instant(value: datetime | date, zone: ZoneInfo) -> datetime:
    """Return the instant, UTC, of a date-time or of a date's first moment.

    Raises:
        ValueError: When the clock of the zone shows that local time never or twice.
    """
    if not isinstance(value, datetime):
        return from_millis(first_instant(zone, value))
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    first, second = (value.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise ValueError(f"{value} comes twice or never in {zone.key}: write its offset, such as {first.isoformat()}")
    return first.astimezone(UTC)
