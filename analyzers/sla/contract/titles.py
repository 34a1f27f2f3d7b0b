"""What people call a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from analyzers.language import Message, message, plural
from analyzers.store.query import CalendarUnit

_MONTHS: Final = (
    message("January"),
    message("February"),
    message("March"),
    message("April"),
    message("May"),
    message("June"),
    message("July"),
    message("August"),
    message("September"),
    message("October"),
    message("November"),
    message("December"),
)


def title_of(unit: CalendarUnit, day: date) -> Message:
    """Return the title of a calendar period by its first day: ``October 2024``, ``Week 41 of 2024``."""
    year, month = str(day.year), _MONTHS[day.month - 1]
    match unit:
        case CalendarUnit.YEAR:
            return message("{year}", year=year)
        case CalendarUnit.QUARTER:
            return message("Q{quarter} {year}", quarter=(day.month + 2) // 3, year=year)
        case CalendarUnit.MONTH:
            return message("{month} {year}", month=month, year=year)
        case CalendarUnit.WEEK:
            of, week, _ = day.isocalendar()
            return message("Week {week} of {year}", week=week, year=str(of))
        case _:
            return message("{day} {month} {year}", day=day.day, month=month, year=year)


def rolling_title(days: int, end: datetime) -> Message:
    """Return the title of so many days to the time, without a zone, that a zone's clock shows at their end."""
    return plural("{n} day to {end}", "{n} days to {end}", days, end=end)
