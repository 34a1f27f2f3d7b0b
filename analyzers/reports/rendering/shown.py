"""What stands in a report's cells, headings and figures, in a language: the same in every rendering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from analyzers.analysis import State, Unit
from analyzers.blocks import Cell, Change, Figure, Heading, Judged, Plain, Table, Trend, plain_of
from analyzers.charts.plot import axis_title
from analyzers.language import Amount, Language, message
from analyzers.reports.percents import LEAST, column_places, rounded
from analyzers.store.query import Window

SIGNS: Final = {State.MET: "✓", State.MISSED: "✕", State.UNMEASURED: "▨"}
"""A sign that differs in shape: no state is told by colour alone."""

_STATES: Final = {
    State.MET: message("met"),
    State.MISSED: message("missed"),
    State.UNMEASURED: message("unmeasured"),
}
_TRENDS: Final = {
    Trend.BETTER: message("better"),
    Trend.WORSE: message("worse"),
    Trend.NEUTRAL: None,
    Trend.UNSURE: message("may be chance"),
}
ABSENT: Final = "\u2014"
"""Stands where a text has no value: nothing was to be measured there."""
_LEAST: Final = 0.001
"""Smaller probabilities are shown as below this one."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell ready to be shown.

    Attributes:
        text: What stands in it.
        state: Its judgement, where it is one.
        is_number: Whether it stands at the right.
        is_unmeasured: Whether there was nothing to show.
    """

    text: str
    state: State | None = None
    is_number: bool = False
    is_unmeasured: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says what a report has in it."""

    language: Language

    def state(self, state: State) -> str:
        """Return a judgement as a word."""
        return self.language.say(_STATES[state])

    def heading(self, heading: Heading) -> str:
        """Return a column's title with its unit, so that no cell repeats it."""
        return axis_title(heading.title, heading.unit, self.language)

    def rows(self, table: Table, most: int | None = None) -> tuple[tuple[Shown, ...], ...]:
        """Return the cells of a table, its percents with the same decimals within a column; at most so many rows."""
        units = (heading.unit for heading in table.headings)
        columns = tuple(zip(units, column_places(table), strict=True))
        return tuple(
            tuple(self.cell(cell, *column) for cell, column in zip(row, columns, strict=True))
            for row in table.rows[:most]
        )

    def cell(self, cell: Cell, unit: Unit, places: int = LEAST) -> Shown:
        """Return a cell of a column of a unit, a percent with so many decimals; on a page it is the same text."""
        value = plain_of(cell)
        is_number = unit is not Unit.KEY
        if value is None and not is_number:
            return Shown(ABSENT)
        if value is None:
            return Shown(self.state(State.UNMEASURED), is_number=True, is_unmeasured=True)
        if isinstance(value, State):
            return Shown(self.state(value), state=value)
        if isinstance(value, Amount) and value.value is None:
            return Shown(self.state(State.UNMEASURED), is_number=is_number, is_unmeasured=True)
        return Shown(self._value(value, unit, places), is_number=is_number)

    def value(self, figure: Figure) -> Shown:
        """Return a figure's number with its unit."""
        text = self.language.amount(Amount(figure.value, figure.unit))
        return Shown(text, figure.state, is_number=True, is_unmeasured=figure.value is None)

    def before(self, figure: Figure) -> Shown:
        """Return the number of the period before; nothing where there is no comparison."""
        if figure.change is None:
            return Shown("", is_number=True)
        before = figure.change.before
        text = self.language.amount(Amount(before, figure.unit))
        return Shown(text, is_number=True, is_unmeasured=before is None)

    def change(self, figure: Figure) -> str:
        """Return a change with its sign: percentage points for ratios, percent for the rest; nothing without one."""
        if figure.change is None or figure.change.difference is None:
            return ""
        locale = self.language.locale
        if figure.unit is Unit.RATIO:
            points = format_decimal(100 * figure.change.difference, "+0.00#;-0.00#", locale)
            return self.language.say(message("{points}\u00a0pp", points=points))
        return format_percent(figure.change.difference, "+#,##0.0\u00a0%;-#,##0.0\u00a0%", locale)

    def trend(self, change: Change) -> str:
        """Return whether a change is for the better, in words; nothing where it is neither."""
        word = _TRENDS[change.trend]
        return "" if word is None else self.language.say(word)

    def significance(self, change: Change) -> str:
        """Return how likely chance alone makes such a difference; nothing where that was not tested."""
        if change.significance is None:
            return ""
        if change.significance < _LEAST:
            return f"p\u00a0<\u00a0{format_decimal(_LEAST, '0.000', self.language.locale)}"
        return f"p\u00a0=\u00a0{format_decimal(change.significance, '0.000', self.language.locale)}"

    def span(self, window: Window) -> str:
        """Return the days that a report spans, the last one in it; with clock times where it is no whole days.

        Of a single day the weekday: its date is the report's title.
        """
        start, end = (each.astimezone(self.language.zone) for each in (window.start, window.end))
        if start.time() != time() or end.time() != time():
            return self.language.span(window)
        first, last = start.date(), end.date() - _DAY
        if first == last:
            return format_date(first, "EEEE", self.language.locale)
        return _days(first, last, self.language)

    def _value(self, value: Plain, unit: Unit, places: int) -> str:
        if isinstance(value, Judged) or (unit is Unit.RATIO and isinstance(value, float | Fraction | Decimal | int)):
            return bare_percent(value, places, self.language)
        if isinstance(value, float | Fraction | Decimal) or (isinstance(value, int) and unit is not Unit.KEY):
            return self._number(value, unit)
        return str(value) if isinstance(value, int) else self.language.show(value)

    def _number(self, value: float | Fraction | Decimal, unit: Unit) -> str:
        """Return a number without the unit that its heading has."""
        match unit:
            case Unit.SECONDS | Unit.PER_SECOND:
                return self.language.figure(value)
        return self.language.amount(Amount(value, unit))


def bare_percent(value: float | Fraction | Decimal | Judged, places: int, language: Language) -> str:
    """Return a percent with so many decimals, without the sign that its heading has."""
    return language.percent(rounded(value, places)).removesuffix("\u00a0%")


def _days(first: date, last: date, language: Language) -> str:
    """Return two days as the locale joins them: the year and the month once where both are the same."""
    start, end = (datetime.combine(each, time(12), UTC) for each in (first, last))
    return format_interval(start, end, "yMMMd", UTC, locale=language.locale).replace("\u2009", " ")


def methods(figures: tuple[Figure, ...], language: Language) -> tuple[str, ...]:
    """Return the tests that changes were judged by, each once, and of which figures, all of them where it is one."""
    found: dict[str, list[str]] = {}
    for figure in figures:
        if figure.change is not None and figure.change.method is not None:
            found.setdefault(language.say(figure.change.method), []).append(language.say(figure.title))
    if len(found) == 1:
        return tuple(language.say(message("Changes are tested by: {test}.", test=test)) for test in found)
    return tuple(
        language.say(message("Tested by {test}: {figures}.", test=test, figures="; ".join(titles)))
        for test, titles in found.items()
    )
