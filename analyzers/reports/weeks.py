"""ISO weeks in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.selection.window import midnight
from analyzers.store.query import Window
from logging_lib.errors import AtalaiaError

_FORM: Final = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII | re.IGNORECASE)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class IsoWeek:
    """A week of ISO 8601: from Monday to Sunday.

    Attributes:
        year: The ISO year, which may differ from the calendar year around 1 January.
        week: 1 to 52 or 53.

    Raises:
        AtalaiaError: When that year has no such week.
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        try:
            date.fromisocalendar(self.year, self.week, 1)
        except ValueError as error:
            raise AtalaiaError(f"there is no week {self}: {error}", "give a week such as 2024-W03") from error

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.week:02}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def previous(self) -> IsoWeek:
        """The week before."""
        return week_of(self.monday - _WEEK)

    def window(self, zone: ZoneInfo) -> Window:
        """Return its span: 167, 168 or 169 hours, as the zone's clocks change."""
        return Window(midnight(self.monday, zone), midnight(self.monday + _WEEK, zone))


def week_of(day: date) -> IsoWeek:
    """Return the week that a day is in."""
    return IsoWeek(*day.isocalendar()[:2])


def parse_week(text: str) -> IsoWeek:
    """Read ``2024-W03`` or ``2024W03``.

    Raises:
        AtalaiaError: When the text is not a week, or there is no such week.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise AtalaiaError(f"{text!r} is not an ISO week", "give a week such as 2024-W03")
    return IsoWeek(int(match[1]), int(match[2]))


def last_complete_week(now: datetime, zone: ZoneInfo) -> IsoWeek:
    """Return the last week that has ended in the zone."""
    return week_of(now.astimezone(zone).date()).previous
