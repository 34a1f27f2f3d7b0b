"""The days, ISO weeks and calendar months that reports are about, in a time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.language import Message, message
from analyzers.reports.document import Kind
from analyzers.selection.window import midnight
from analyzers.sla.contract.titles import title_of
from analyzers.store.query import CalendarUnit, Window
from logging_lib.errors import AtalaiaError

UNITS: Final[Mapping[Kind, CalendarUnit]] = MappingProxyType(
    {Kind.DAILY: CalendarUnit.DAY, Kind.WEEKLY: CalendarUnit.WEEK, Kind.MONTHLY: CalendarUnit.MONTH}
)
EXAMPLES: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.DAILY: "2024-01-15", Kind.WEEKLY: "2024-W03", Kind.MONTHLY: "2024-01"}
)
"""How each is typed."""
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_WEEK: Final = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII | re.IGNORECASE)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9998
"""Beyond it the calendar of Python ends."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A day, a week from Monday to Sunday (ISO 8601), or a month.

    Attributes:
        kind: Which of them.
        first: Its first day.

    Raises:
        ValueError: When no such period begins on that day.
    """

    kind: Kind
    first: date

    def __post_init__(self) -> None:
        if self.first != _first(self.kind, self.first):
            raise ValueError(f"no {UNITS[self.kind]} begins on {self.first}")

    def __str__(self) -> str:
        """Return its name as people type it: ``2024-01-15``, ``2024-W03``, ``2024-01``."""
        match self.kind:
            case Kind.DAILY:
                return self.first.isoformat()
            case Kind.WEEKLY:
                year, week, _ = self.first.isocalendar()
                return f"{year:04}-W{week:02}"
            case Kind.MONTHLY:
                return f"{self.first:%Y-%m}"

    @property
    def title(self) -> Message:
        """Its name for people: a day as the language writes it, ``Week 3 of 2024``, ``January 2024``."""
        if self.kind is Kind.DAILY:
            return message("{date}", date=self.first)
        return title_of(UNITS[self.kind], self.first)

    @property
    def end(self) -> date:
        """The first day after it."""
        match self.kind:
            case Kind.DAILY:
                return self.first + timedelta(days=1)
            case Kind.WEEKLY:
                return self.first + timedelta(days=7)
            case Kind.MONTHLY:
                return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def days(self) -> tuple[date, ...]:
        """Its days in order."""
        return tuple(self.first + timedelta(days=number) for number in range((self.end - self.first).days))

    @property
    def previous(self) -> Period:
        """The period before."""
        return period_of(self.kind, self.first - timedelta(days=1))

    @property
    def week_before(self) -> Period:
        """Of a day, the same weekday of the week before; of others, the period that holds that day."""
        return period_of(self.kind, self.first - timedelta(days=7))

    def window(self, zone: ZoneInfo) -> Window:
        """Return its span, from midnight to midnight in a zone; its hours are more or fewer where clocks change."""
        return Window(midnight(self.first, zone), midnight(self.end, zone))


def period_of(kind: Kind, day: date) -> Period:
    """Return the period that a day is in."""
    return Period(kind, _first(kind, day))


def parse_period(kind: Kind, text: str) -> Period:
    """Read ``2024-01-15``, ``2024-W03`` (or ``2024W03``) or ``2024-01``, as the kind demands.

    Raises:
        AtalaiaError: When the text is none, or there is no such period.
    """
    name = UNITS[kind].value
    try:
        first = _read(kind, text.strip())
    except ValueError as error:
        raise AtalaiaError(
            f"there is no {name} {text!r}: {error}", f"give a {name} such as {EXAMPLES[kind]}"
        ) from error
    if not _FIRST_YEAR <= first.year <= _LAST_YEAR:
        raise AtalaiaError(f"the {name} {text!r} is out of reach", f"give a {name} such as {EXAMPLES[kind]}")
    return Period(kind, first)


def last_complete(kind: Kind, now: datetime, zone: ZoneInfo) -> Period:
    """Return the last period that has ended in a zone."""
    return period_of(kind, now.astimezone(zone).date()).previous


def _first(kind: Kind, day: date) -> date:
    match kind:
        case Kind.DAILY:
            return day
        case Kind.WEEKLY:
            return day - timedelta(days=day.weekday())
        case Kind.MONTHLY:
            return day.replace(day=1)


def _read(kind: Kind, text: str) -> date:
    """Return the first day of a period.

    Raises:
        ValueError: When the text is no name of one.
    """
    if kind is Kind.WEEKLY and (week := _WEEK.fullmatch(text)):
        return date.fromisocalendar(int(week[1]), int(week[2]), 1)
    if kind is Kind.DAILY and (day := _DAY.fullmatch(text)):
        return date(int(day[1]), int(day[2]), int(day[3]))
    if kind is Kind.MONTHLY and (month := _MONTH.fullmatch(text)):
        return date(int(month[1]), int(month[2]), 1)
    raise ValueError("it has not that form")
