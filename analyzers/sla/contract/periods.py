"""Which span of time a period of a contract is: the one that holds an instant, the one before, a named one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from analyzers.language import Message, english
from analyzers.selection.durations import Duration
from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import CalendarPeriod, Exclusion, Period, RollingPeriod
from analyzers.sla.contract.serial import instant_text
from analyzers.sla.contract.titles import rolling_title, title_of
from analyzers.store.calendar import bucket_starts
from analyzers.store.instants import from_millis
from analyzers.store.query import Calendar, CalendarUnit, Window
from analyzers.store.zones import first_instant, load_zone

_MINUTE: Final = timedelta(minutes=1)
_FORMS: Final = "write 2024-10, 2024-W41, 2024-Q4, 2024 or 2024-10-05"
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH: Final = re.compile(r"\d{4}-\d\d", re.ASCII)
_WEEK: Final = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A certain period.

    Attributes:
        period: Which kind of period it is.
        zone: The IANA zone of its calendar.
        name: ``2024-10``, ``2024-W41``, ``2024-Q4``, ``2024``, ``2024-10-05``, ``30d to 2024-10-05T12:00:00Z``.
        window: When it is, the whole of it.
    """

    period: Period
    zone: str
    name: str
    window: Window

    @property
    def title(self) -> str:
        """The name for people: ``October 2024``."""
        return english(self.said)

    @property
    def said(self) -> Message:
        """The same in any language."""
        zone = load_zone(self.zone)
        if isinstance(self.period, RollingPeriod):
            return rolling_title(self.period.days, self.window.end.astimezone(zone).replace(tzinfo=None))
        return title_of(self.period.unit, self.window.start.astimezone(zone).date())


def whole_minute(instant: datetime) -> datetime:
    """Return the start of the minute, UTC, that holds an instant."""
    return instant.astimezone(UTC).replace(second=0, microsecond=0)


def period_at(period: Period, zone: str, instant: datetime) -> NamedPeriod:
    """Return the calendar period that holds an instant, or the rolling one that ends at its minute.

    A rolling period is so many calendar days of the zone long: 30 days before noon is noon, through a change of the
    clock too.

    Raises:
        QueryError: When the zone is unknown or the instant is at an end of the calendar.
    """
    if isinstance(period, RollingPeriod):
        return _rolling(period, zone, whole_minute(instant))
    start, end, *_ = bucket_starts(Calendar(period.unit, zone), Window(instant, instant + timedelta(milliseconds=1)))
    day = start.astimezone(load_zone(zone)).date()
    return NamedPeriod(period, zone, _name(period.unit, day), Window(start, end))


def period_before(named: NamedPeriod) -> NamedPeriod:
    """Return the period before one: the calendar period that ends where it starts, or as many days before."""
    if isinstance(named.period, RollingPeriod):
        return _rolling(named.period, named.zone, named.window.start)
    return period_at(named.period, named.zone, named.window.start - _MINUTE)


def named_period(name: str, zone: str) -> NamedPeriod:
    """Return the calendar period of a name such as ``2024-10``, ``2024-W41``, ``2024-Q4``, ``2024`` or ``2024-10-05``.

    Raises:
        SelectionError: When the name has none of these forms, or there is no such period.
    """
    try:
        unit, day = _read(name)
    except ValueError as error:
        raise SelectionError(f"there is no period {name!r}: {error}", _FORMS) from error
    found = period_at(CalendarPeriod(unit), zone, from_millis(first_instant(load_zone(zone), day)))
    if found.name != name:
        raise SelectionError(f"there is no period {name!r} in {zone}", _FORMS)
    return found


def windows_without(window: Window, excluded: Iterable[Window]) -> tuple[Window, ...]:
    """Return what is left of a window without others, which may overlap: ascending, disjoint, maybe nothing."""
    left: list[Window] = []
    start = window.start
    for each in sorted(excluded, key=lambda other: other.start):
        if each.start >= window.end:
            break
        if start < each.start:
            left.append(Window(start, each.start))
        start = max(start, each.end)
    return (*left, Window(start, window.end)) if start < window.end else tuple(left)


def applied(exclusions: Iterable[Exclusion], objective: str, window: Window) -> tuple[Exclusion, ...]:
    """Return the exclusions that take something away from a window of an objective."""
    return tuple(
        each
        for each in exclusions
        if each.window.start < window.end
        and each.window.end > window.start
        and (not each.objectives or objective in each.objectives)
    )


def _rolling(period: RollingPeriod, zone: str, end: datetime) -> NamedPeriod:
    start = whole_minute(Duration(timedelta(0), period.days).before(end, load_zone(zone)))
    return NamedPeriod(period, zone, f"{period.name} to {instant_text(end)}", Window(start, end))


def _name(unit: CalendarUnit, day: date) -> str:
    match unit:
        case CalendarUnit.YEAR:
            return f"{day.year:04}"
        case CalendarUnit.QUARTER:
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case CalendarUnit.MONTH:
            return f"{day.year:04}-{day.month:02}"
        case CalendarUnit.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case _:
            return day.isoformat()


def _read(name: str) -> tuple[CalendarUnit, date]:
    """Return the unit and the first day that a name says.

    Raises:
        ValueError: When it is no name of a period.
    """
    if match := _WEEK.fullmatch(name):
        return CalendarUnit.WEEK, date.fromisocalendar(int(match[1]), int(match[2]), 1)
    if match := _QUARTER.fullmatch(name):
        return CalendarUnit.QUARTER, date(int(match[1]), 3 * int(match[2]) - 2, 1)
    for form, unit, rest in (
        (_DAY, CalendarUnit.DAY, ""),
        (_MONTH, CalendarUnit.MONTH, "-01"),
        (_YEAR, CalendarUnit.YEAR, "-01-01"),
    ):
        if form.fullmatch(name):
            return unit, date.fromisoformat(name + rest)
    raise ValueError("it has none of the known forms")
