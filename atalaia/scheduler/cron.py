"""Cron's five fields: what they say, in cron's own meaning, and when that is next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from atalaia.scheduler.errors import ScheduleError

NAMED: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ITEM: Final = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d{1,2}))?", re.ASCII)
_EXAMPLE: Final = "write minute, hour, day, month and weekday, such as '*/5 * * * *' or '0 6 * * mon'"


@dataclass(frozen=True, slots=True)
class Field:
    """One of the five fields.

    Attributes:
        name: What it is about.
        lowest: The least number.
        highest: The greatest.
        names: Words for the numbers from the lowest on.
    """

    name: str
    lowest: int
    highest: int
    names: tuple[str, ...] = ()

    def numbers(self, text: str) -> frozenset[int]:
        """Return every number that a field's text names.

        Raises:
            ScheduleError: When it cannot be read, or names a number that there is not.
        """
        return frozenset(number for item in text.lower().split(",") for number in self._item(item, text))

    def _item(self, item: str, text: str) -> range:
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ScheduleError(f"the {self.name} {text!r} of a cron line cannot be read", _EXAMPLE)
        step = int(match["step"] or 1)
        if match["first"] is None:
            first, last = self.lowest, self.highest
        else:
            first = self._number(match["first"], text)
            alone = self.highest if match["step"] else first
            last = alone if match["last"] is None else self._number(match["last"], text)
        if step == 0 or last < first:
            raise ScheduleError(f"the {self.name} {text!r} of a cron line names nothing", _EXAMPLE)
        return range(first, last + 1, step)

    def _number(self, word: str, text: str) -> int:
        if word in self.names:
            return self.lowest + self.names.index(word)
        if not word.isdigit() or not self.lowest <= int(word) <= self.highest:
            allowed = f"{self.lowest} to {self.highest}"
            raise ScheduleError(f"the {self.name} {text!r} of a cron line is not within {allowed}", _EXAMPLE)
        return int(word)


FIELDS: Final = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day", 1, 31),
    Field("month", 1, 12, _MONTHS),
    Field("weekday", 0, 7, WEEKDAYS),
)


@dataclass(frozen=True)
class Cron:
    """A cron line in a zone, in the meaning of crontab(5).

    Weekday 0 and 7 are Sunday. Are day and weekday both restricted, either will do. On the day that clocks go back, a
    line with a fixed hour runs once; one whose hour starts with ``*`` runs in both hours. What falls into the hour that
    clocks leave out runs once, as much later.

    Attributes:
        text: The five fields.
        zone: Whose clock it is.

    Raises:
        ScheduleError: When it cannot be read, or never comes (February 30).
    """

    text: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if len(self.fields) != len(FIELDS):
            raise ScheduleError(f"a cron line has five fields, {self.text!r} has {len(self.fields)}", _EXAMPLE)
        if self._first(datetime(2024, 1, 1, tzinfo=UTC)) is None:
            raise ScheduleError(f"the cron line {self.text!r} never comes", "name a day that there is")

    @property
    def fields(self) -> tuple[str, ...]:
        """The five texts."""
        return tuple(NAMED.get(self.text.strip().lower(), self.text).split())

    def numbers(self, index: int) -> frozenset[int]:
        """Return the numbers of a field; Sunday is 0 only."""
        found = FIELDS[index].numbers(self.fields[index])
        return frozenset(number % 7 for number in found) if index == len(FIELDS) - 1 else found

    def after(self, instant: datetime) -> datetime:
        """Return the first UTC instant of this line that is later than another."""
        start = instant.astimezone(UTC)
        while (found := self._first(start)) is not None:
            if found > start and not self._repeated(found):
                return found
            start = max(found, start) + timedelta(seconds=1)
        raise ScheduleError(f"the cron line {self.text!r} does not come any more", "give one that does")

    def _repeated(self, found: datetime) -> bool:
        """Whether this is the second time of a wall clock's hour, and the line has a fixed hour."""
        return found.astimezone(self.zone).fold == 1 and not self.fields[1].startswith("*")

    def _first(self, start: datetime) -> datetime | None:
        local = (start + timedelta(microseconds=1)).astimezone(self.zone)
        found = [at for trigger in self._triggers if (at := trigger.get_next_fire_time(None, local)) is not None]
        return min((at.astimezone(UTC) for at in found), default=None)

    @cached_property
    def _triggers(self) -> tuple[CronTrigger, ...]:
        """One trigger, or two where day or weekday may match: APScheduler wants both, and counts from Monday."""
        minute, hour, day, month, weekday = (self._listed(index) for index in range(len(FIELDS)))
        restricted = not self.fields[2].startswith("*") and not self.fields[4].startswith("*")
        pairs = [(day, "*"), ("*", weekday)] if restricted else [(day, weekday)]
        return tuple(
            CronTrigger(
                minute=minute, hour=hour, day=each_day, month=month, day_of_week=each_weekday, timezone=self.zone
            )
            for each_day, each_weekday in pairs
        )

    def _listed(self, index: int) -> str:
        if self.fields[index] == "*":
            return "*"
        numbers = sorted(self.numbers(index))
        return ",".join(WEEKDAYS[number] if index == len(FIELDS) - 1 else str(number) for number in numbers)
