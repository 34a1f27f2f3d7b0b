"""Instants as the stores keep them: whole milliseconds since 1970, UTC, as Elasticsearch's ``date`` does.

A finer fraction is cut off towards the earlier instant, so that a window selects the same events in every store; the
text as it was written stays in the document's source.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)

# The formats of the templates: strict_date_time and strict_date_time_no_millis.
_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_MINUTE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:", re.ASCII)
_LAST_SECOND: Final = "59"
_CANONICAL: Final = len("2024-01-15T10:30:00.000Z")
_FIRST: Final = (datetime(2, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
_END: Final = (datetime(9999, 1, 1, tzinfo=UTC) - EPOCH) // timedelta(seconds=1)
_MOST_OFFSET: Final = 18 * 3600  # java.time refuses more


def parse_millis(text: str) -> int | None:
    """Return the instant of RFC 3339 text in milliseconds since 1970, or ``None`` when it is not one.

    Years run from 2 to 9998, so that every instant has a local time in every zone;
    the zone is ``Z``, ``+hh:mm`` or ``+hhmm``; a leap second is not an instant.
    """
    seconds, fraction = text[17:19], text[20:23]
    if not (is_canonical(text) and text[19] == "." and (seconds + fraction).isdecimal() and text.isascii()):
        return _parse_any(text)
    minute = _utc_minute(text[:17])
    return None if minute is None or seconds > _LAST_SECOND else (minute + int(seconds)) * 1000 + int(fraction)


def is_canonical(text: str) -> bool:
    """Tell whether the text of an instant is the one that :func:`canonical_text` gives: UTC, with milliseconds."""
    return len(text) == _CANONICAL and text[-1] == "Z"


def canonical_text(millis: int) -> str:
    """Return an instant as text like ``2024-01-15T10:30:00.000Z``."""
    second, fraction = divmod(millis, 1000)
    return f"{_second_text(second)}.{fraction:03d}Z"


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


@lru_cache(maxsize=1024)
def _parse_any(text: str) -> int | None:
    """Parse what is not canonical; many events of a batch have one such text, the time of their arrival."""
    match = _RFC_3339.fullmatch(text)
    offset = None if match is None else _offset(match)
    if match is None or offset is None:
        return None
    wall = _wall_second(match[1])
    if wall is None or not _FIRST <= wall - offset < _END:
        return None
    return (wall - offset) * 1000 + int((match[2] or "").ljust(3, "0")[:3])


@lru_cache(maxsize=1024)
def _utc_minute(text: str) -> int | None:
    """Return when a minute begins, in seconds since 1970; events come in order, so it is kept."""
    second = _wall_second(f"{text}00") if _MINUTE.fullmatch(text) else None
    return second if second is not None and _FIRST <= second < _END else None


def _wall_second(text: str) -> int | None:
    try:
        wall = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (wall - EPOCH) // timedelta(seconds=1)


@lru_cache(maxsize=1024)
def _second_text(second: int) -> str:
    return (EPOCH + timedelta(seconds=second)).replace(tzinfo=None).isoformat()


def _offset(match: re.Match[str]) -> int | None:
    """Return the zone's offset in seconds, or ``None`` when there is no such zone."""
    if match[3] is None:
        return 0
    hours, minutes = int(match[4]), int(match[5])
    offset = hours * 3600 + minutes * 60
    if minutes > 59 or offset > _MOST_OFFSET:  # noqa: PLR2004 - minutes of an hour
        return None
    return offset if match[3] == "+" else -offset
