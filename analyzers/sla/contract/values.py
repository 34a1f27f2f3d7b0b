"""The values that a contract is written in: percent, durations, periods, instants."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Final, TypeAlias

from pydantic import PlainValidator, ValidationInfo

from analyzers.selection import parse_duration
from analyzers.selection.errors import SelectionError
from analyzers.sla.contract.model import CalendarPeriod, Period, RollingPeriod
from analyzers.sla.ledger.edges import EDGES
from analyzers.store.query import CalendarUnit

JSON: Final = "json"
"""The validation context in which percent and instants are text, since JSON has neither decimals nor date-times."""

_WHOLE: Final = 100
_LONGEST_DAYS: Final = 3660
_MILLISECONDS: Final = re.compile(r"(\d{1,9})ms", re.ASCII)
_ROLLING: Final = re.compile(r"(\d{1,4})d", re.ASCII)
_DECIMAL: Final = re.compile(r"\d{1,3}(\.\d+)?", re.ASCII)
_UNITS: Final = (
    CalendarUnit.DAY,
    CalendarUnit.WEEK,
    CalendarUnit.MONTH,
    CalendarUnit.QUARTER,
    CalendarUnit.YEAR,
)


def _percent(allowed: Callable[[Fraction], bool], bounds: str) -> PlainValidator:
    def validate(value: object, info: ValidationInfo) -> Fraction:
        if info.context == JSON and isinstance(value, str) and _DECIMAL.fullmatch(value):
            value = Decimal(value)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise ValueError(f"{value!r} is no percent number; write one such as 99.9, without quotes")
        share = Fraction(value) / _WHOLE
        if not allowed(share):
            raise ValueError(f"{value} is not {bounds}")
        return share

    return PlainValidator(validate)


def _duration(value: object) -> timedelta:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no duration; write text such as '4h'")  # noqa: TRY004 - pydantic takes this
    try:
        found = parse_duration(value)
    except SelectionError as error:
        raise ValueError(str(error)) from error
    return found.elapsed + timedelta(days=found.days)


def _lateness(value: object) -> timedelta:
    lateness = _duration(value)
    if lateness % timedelta(minutes=1):
        raise ValueError(f"{value} is no whole number of minutes, and slices are minutes")
    return lateness


def _edge(value: object) -> timedelta:
    match = _MILLISECONDS.fullmatch(value) if isinstance(value, str) else None
    threshold = _duration(value) if match is None else timedelta(milliseconds=int(match[1]))
    millis = threshold // timedelta(milliseconds=1)
    if millis not in EDGES:
        place = bisect_left(EDGES, millis)
        near = " or ".join(f"'{edge_text(each)}'" for each in EDGES[max(0, place - 1) : place + 1])
        raise ValueError(f"{value} is no threshold that the ledger counts at; the nearest: {near}")
    return threshold


def edge_text(millis: int) -> str:
    """Return a threshold as the file says it: ``250ms``, ``2s``."""
    seconds, rest = divmod(millis, 1000)
    return f"{millis}ms" if rest else f"{seconds}s"


def _period(value: object) -> Period:
    if isinstance(value, str):
        if value in _UNITS:
            return CalendarPeriod(CalendarUnit(value))
        match = _ROLLING.fullmatch(value)
        if match and 0 < int(match[1]) <= _LONGEST_DAYS:
            return RollingPeriod(int(match[1]))
    raise ValueError(f"{value!r} is no period; write {', '.join(_UNITS)}, or days such as 30d")


def _when(value: object, info: ValidationInfo) -> datetime | date:
    if info.context == JSON and isinstance(value, str):
        return datetime.fromisoformat(value)
    if not isinstance(value, date):  # a datetime is one
        raise ValueError(  # noqa: TRY004 - pydantic takes this
            f"{value!r} is no date-time; write one such as 2024-10-05T22:00:00, without quotes"
        )
    return value


Target: TypeAlias = Annotated[
    Fraction, _percent(lambda share: 0 < share < 1, "between 0 and 100 percent, both excluded")
]
Coverage: TypeAlias = Annotated[Fraction, _percent(lambda share: 0 <= share <= 1, "from 0 to 100 percent")]
MinuteErrors: TypeAlias = Annotated[Fraction, _percent(lambda share: 0 < share <= 1, "above 0 and at most 100 percent")]
Limit: TypeAlias = Annotated[timedelta, PlainValidator(_duration)]
"""Elapsed time; a day is 24 hours."""
Lateness: TypeAlias = Annotated[timedelta, PlainValidator(_lateness)]
Threshold: TypeAlias = Annotated[timedelta, PlainValidator(_edge)]
"""A latency threshold: one of the ledger's edges."""
PeriodText: TypeAlias = Annotated[Period, PlainValidator(_period)]
When: TypeAlias = Annotated[datetime | date, PlainValidator(_when)]
"""A date-time, local or with an offset, or a date; the zone of the contract makes it an instant."""
