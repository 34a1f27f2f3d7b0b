"""Dates as Ruby's CSV converters recognise them and ``Date.parse`` reads them. Source: csv 3.3.2, date 3.4.

Dates are ``2026-03-14``, ``Mar 14 2026`` and ``Saturday, March 14, 26``; with a time ``2026-03-14 09:26:53.5+01:00``
and ``Sat Mar 14 09:26:53 2026``. A date without a zone is taken as UTC.

Ruby also makes dates of words without a month (``foo 14 2026``), in the present month; here they are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from atalaia.pipeline.timestamp import Timestamp

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_DAY: Final = rf"(?:[a-z_]+,?\s+)?_*(?P<name>{'|'.join(_MONTHS)})[a-z]*_*\s+(?P<day>\d{{1,2}})"
_FLAGS: Final = re.ASCII | re.IGNORECASE
_DATE: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)", _FLAGS)
_NAMED_DATE: Final = re.compile(rf"{_NAMED_DAY},?\s+(?P<year>\d{{2,4}})", _FLAGS)
_NAMED_TIME: Final = re.compile(
    rf"{_NAMED_DAY}\s+(?P<hour>\d{{1,2}}):(?P<minute>\d{{1,2}}):(?P<second>\d{{1,2}}),?\s+(?P<year>\d{{2,4}})", _FLAGS
)
_TIME: Final = re.compile(
    rf"{_DATE.pattern}(?:[T\s](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?(?:(?P<sign>[+-])(?P<ahead>\d\d:\d\d)|Z)?)?)?",
    re.ASCII,
)
_CENTURY_TURN: Final = 69
"""Two digits from here on are a year of the 20th century."""
_DAY: Final = 24 * 60 * 60
_NANO_DIGITS: Final = 9


def read_date(text: str) -> Timestamp | None:
    """Return the beginning of the day a text names, or ``None`` when it names none."""
    match = _DATE.fullmatch(text) or _NAMED_DATE.fullmatch(text)
    return None if match is None else _instant(match.groupdict())


def read_date_time(text: str) -> Timestamp | None:
    """Return the instant a text names, or ``None`` when it names none."""
    match = _TIME.fullmatch(text) or _NAMED_TIME.fullmatch(text)
    return None if match is None else _instant(match.groupdict())


def _instant(parts: Mapping[str, str | None]) -> Timestamp | None:
    """Return the instant of the parts of a text; one that does not exist, or not in the years 1 to 9999, is none."""
    seconds, offset = _seconds(parts), _offset(parts)
    if seconds is None or offset is None:
        return None
    month = _MONTHS.index(name.lower()) + 1 if (name := parts.get("name")) else int(parts["month"] or 0)
    try:
        day = datetime(_year(parts["year"] or ""), month, int(parts["day"] or 0), tzinfo=UTC)
        whole = Timestamp.from_datetime(day + timedelta(seconds=seconds - offset))
    except (ValueError, OverflowError):  # how datetime says that a date does not exist
        return None
    fraction = (parts.get("fraction") or "").ljust(_NANO_DIGITS, "0")[:_NANO_DIGITS]
    return Timestamp(whole.nanos + int(fraction))


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:  # noqa: PLR2004 - two digits are a year of a century
        return year
    return year + (1900 if year >= _CENTURY_TURN else 2000)


def _seconds(parts: Mapping[str, str | None]) -> int | None:
    """Return the seconds since midnight, which may be the day's end; a leap second is the one before it."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - a clock's own numbers
        return None
    seconds = (hour * 60 + minute) * 60 + min(second, 59)
    return seconds if seconds <= _DAY else None


def _offset(parts: Mapping[str, str | None]) -> int | None:
    """Return how many seconds a time is ahead of UTC; more than a day counts for nothing, just a day is an error."""
    ahead = parts.get("ahead")
    if ahead is None:
        return 0
    seconds = (int(ahead[:2]) * 60 + int(ahead[3:])) * 60
    if seconds == _DAY:
        return None
    return 0 if seconds > _DAY else -seconds if parts["sign"] == "-" else seconds
