"""Instants as the stores keep them: whole milliseconds since 1970, UTC, as Elasticsearch's ``date`` does.

A finer fraction is cut off towards the earlier instant, so that a window selects the same events in every store; the
text as it was written stays in the document's source.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)

# The formats of the templates: strict_date_time and strict_date_time_no_millis.
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_FIRST_YEAR: Final = 2
_LAST_YEAR: Final = 9998
_MOST_OFFSET: Final = timedelta(hours=18)  # java.time refuses more


def parse_millis(text: str) -> int | None:
    """Return the instant of RFC 3339 text in milliseconds since 1970, or ``None`` when it is not one.

    Years run from 2 to 9998, so that every instant has a local time in every zone;
    the zone is ``Z``, ``+hh:mm`` or ``+hhmm``; a leap second is not an instant.
    """
    match = _RFC_3339.fullmatch(text)
    if match is None:
        return None
    offset = _offset(match)
    try:
        wall = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
        instant = wall - offset if offset is not None else None
    except (ValueError, OverflowError):
        return None
    if instant is None or not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        return None
    fraction = (match[2] or "").ljust(3, "0")[:3]
    return to_millis(instant) + int(fraction)


def to_millis(instant: datetime) -> int:
    """Return whole milliseconds since 1970, rounded towards the earlier instant."""
    return (instant - EPOCH) // MILLISECOND


def to_millis_up(instant: datetime) -> int:
    """Return whole milliseconds since 1970, rounded towards the later instant.

    Both bounds of a half-open window are rounded so: an event kept at millisecond ``t`` lies in ``[start, end)``
    exactly when ``t >= start`` and ``t < end``.
    """
    return -((EPOCH - instant) // MILLISECOND)


def from_millis(millis: int) -> datetime:
    """Return the instant as an aware datetime in UTC."""
    return EPOCH + timedelta(milliseconds=millis)


def _offset(match: re.Match[str]) -> timedelta | None:
    if match[3] is None:
        return timedelta(0)
    hours, minutes = int(match[4]), int(match[5])
    offset = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or offset > _MOST_OFFSET:  # noqa: PLR2004 - minutes of an hour
        return None
    return offset if match[3] == "+" else -offset
