"""Numbers and keys as a person reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from analyzers.analysis import Unit
from analyzers.store.query import CalendarUnit
from analyzers.store.result import Value
from atalaia.cli.render.safe import printable

ABSENT: Final = "—"
"""What stands where nothing was measured."""
NO_VALUE: Final = "(none)"
"""The group of the events that lack the field."""
_SIGNIFICANT: Final = 3

_BUCKET_FORMATS: Final = {
    CalendarUnit.MINUTE: "%Y-%m-%d %H:%M",
    CalendarUnit.HOUR: "%Y-%m-%d %H:%M",
    CalendarUnit.DAY: "%a %Y-%m-%d",
    CalendarUnit.WEEK: "%G-W%V",
    CalendarUnit.MONTH: "%Y-%m",
    CalendarUnit.YEAR: "%Y",
}


def significant(number: float) -> str:
    """Return three significant digits, thousands grouped, never in powers of ten: ``1,230``, ``12.3``, ``0.00123``."""
    if number == 0:
        return "0"
    places = _places(number)
    return f"{round(number, places):,.{max(0, places)}f}"


def percent(ratio: float) -> str:
    """Return a fraction of 1 as percent: three significant digits of what it is, or of what it lacks to the whole.

    So 0.99871 is ``99.871 %``, and nothing below the whole ever reads ``100 %``.
    """
    if ratio in {0, 1}:
        return f"{ratio:.0%}".replace("%", " %")
    share = 100 * min(ratio, 1 - ratio) if 0 < ratio < 1 else 100 * ratio
    return f"{100 * ratio:,.{max(0, _places(share))}f} %"


def cell(value: Value, unit: Unit) -> str:
    """Return a cell of a column other than the bucket."""
    if value is None:
        return NO_VALUE if unit is Unit.KEY else ABSENT
    if unit is Unit.KEY or isinstance(value, str | bool | datetime | tuple):
        return printable(str(value))
    if unit is Unit.COUNT:
        return f"{value:,}"
    return percent(value) if unit is Unit.RATIO else significant(value)


def rest_name(others: int) -> str:
    """Return what stands for the groups that have no rows of their own."""
    return f"the rest: {others:,} {'other' if others == 1 else 'others'}"


def bucket(start: datetime, unit: CalendarUnit) -> str:
    """Return a bucket's start as its calendar unit is usually written; hours carry the offset, which may change."""
    if unit is CalendarUnit.QUARTER:
        return f"{start:%Y}-Q{(start.month + 2) // 3}"
    text = start.strftime(_BUCKET_FORMATS[unit])
    return f"{text} {start:%z}" if unit in {CalendarUnit.HOUR, CalendarUnit.MINUTE} else text


def _places(number: float) -> int:
    """Return how many decimals three significant digits need; negative left of the decimal point."""
    exponent = int(f"{number:.{_SIGNIFICANT - 1}e}".partition("e")[2])
    return _SIGNIFICANT - 1 - exponent
