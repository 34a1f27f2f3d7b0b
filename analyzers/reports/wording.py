"""Numbers and dates as people of a locale read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from analyzers.analysis import Unit
from analyzers.reports.model import Figure
from analyzers.reports.weeks import IsoWeek
from analyzers.store.query import Window
from logging_lib.errors import AtalaiaError

UNMEASURED = "unmeasured"
_HUNDRED_SECONDS = 100


@dataclass(frozen=True, slots=True)
class Wording:
    """Formats for one locale and time zone.

    Attributes:
        locale: Whose separators and names of days.
        zone: Whose clock.
    """

    locale: Locale
    zone: ZoneInfo

    def count(self, value: float | None) -> str:
        """Return a count, thousands grouped."""
        return UNMEASURED if value is None else format_decimal(value, "#,##0", self.locale)

    def percent(self, value: float | None) -> str:
        """Return a ratio as percent: three decimals, so that 99.87 % never reads as 99.9 %."""
        return UNMEASURED if value is None else format_percent(value, "0.00#\u00a0%", self.locale)

    def seconds(self, value: float | None) -> str:
        """Return seconds with three significant digits, without the unit."""
        if value is None:
            return UNMEASURED
        pattern = "#,##0" if value >= _HUNDRED_SECONDS else "@@@"
        return format_decimal(value, pattern, self.locale)

    def value(self, figure: Figure, value: float | None) -> str:
        """Return a figure's number with its unit."""
        if value is None:
            return UNMEASURED
        if figure.unit is Unit.RATIO:
            return self.percent(value)
        return f"{self.seconds(value)}\u00a0s" if figure.unit is Unit.SECONDS else self.count(value)

    def change(self, figure: Figure) -> str:
        """Return a change with its sign: percentage points for ratios, percent for the rest."""
        change = figure.change
        if change is None:
            return "no comparison"
        if figure.unit is Unit.RATIO:
            return format_decimal(100 * change, "+0.00#\u00a0pp;-0.00#\u00a0pp", self.locale)
        return format_percent(change, "+#,##0.0\u00a0%;-#,##0.0\u00a0%", self.locale)

    def day(self, window: Window) -> str:
        """Return a day's short name and number: ``Mon 15``."""
        return format_date(window.start.astimezone(self.zone), "EEE d", self.locale)

    def hour(self, window: Window) -> str:
        """Return an hour: ``Mon 15, 14:00 to 15:00``."""
        start, end = (each.astimezone(self.zone) for each in (window.start, window.end))
        return f"{format_datetime(start, 'EEE d, HH:mm', locale=self.locale)} to {end:%H:%M}"

    def span(self, window: Window) -> str:
        """Return the first and the last day of a week."""
        last = datetime.fromtimestamp(window.end.timestamp() - 1, self.zone)
        days = (window.start.astimezone(self.zone), last)
        return " to ".join(format_date(each, "d MMMM yyyy", self.locale) for each in days)


def wording_for(locale: str, zone: ZoneInfo) -> Wording:
    """Return the formats of a locale such as ``en`` or ``pt_BR``.

    Raises:
        AtalaiaError: When there is no such locale.
    """
    try:
        return Wording(Locale.parse(locale.replace("-", "_")), zone)
    except (UnknownLocaleError, ValueError) as error:
        raise AtalaiaError(f"there is no locale {locale!r}", "give one such as en or pt_BR") from error


def week_title(week: IsoWeek) -> str:
    """Return how people call a week: ``Week 3 of 2024``."""
    return f"Week {week.week} of {week.year}"
