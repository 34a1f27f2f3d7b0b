"""Time zones: their offsets over a span of time, and the calendar buckets they cut.

Everything is integer milliseconds since 1970. The buckets are those of Elasticsearch's ``calendar_interval``:

- A *minute* is a fixed step of 60 seconds.
- An *hour* starts at each instant at which the local clock reads a whole hour. A repeated hour is two buckets; where
  the clock moves by half an hour (Lord Howe) one bucket has 90 minutes.
- A *day*, *week*, *month*, *quarter* or *year* is a set of local dates. It starts at the first instant of its first
  date, which is not midnight where the clock skips midnight (São Paulo until 2018).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analyzers.store.instants import from_millis, to_millis
from analyzers.store.query import QueryError

MINUTE: Final = 60_000
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True)
class OffsetSpan:
    """From ``start`` on, until the next span, local time is UTC plus ``offset``; all in milliseconds."""

    start: int
    offset: int


def load_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises:
        QueryError: When there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise QueryError(f"there is no time zone {name!r}", "name one as Europe/Lisbon or UTC") from error


def offset_at(zone: ZoneInfo, millis: int) -> int:
    """Return the zone's offset from UTC at an instant, in milliseconds."""
    offset = from_millis(millis).astimezone(zone).utcoffset()
    if offset is None:  # zoneinfo always knows
        raise QueryError(f"the time zone {zone.key!r} has no offset at {from_millis(millis)}", "name another zone")
    return offset // timedelta(milliseconds=1)


def offset_spans(zone: ZoneInfo, ranges: Iterable[tuple[int, int]]) -> tuple[OffsetSpan, ...]:
    """Return the spans of constant offset that cover some ranges of instants, in order; at least one.

    Args:
        zone: The time zone.
        ranges: Inclusive ranges ``(first, last)`` in milliseconds, which may overlap; between them the answer does not
            matter.
    """
    spans: list[OffsetSpan] = []
    reached: int | None = None
    for first, last in sorted(ranges):
        begin = first if reached is None else max(first, reached)
        if begin > last:
            continue
        for start, offset in _offsets(zone, begin, last):
            if not spans or offset != spans[-1].offset:
                spans.append(OffsetSpan(start, offset))
        reached = last
    return tuple(spans) or (OffsetSpan(0, offset_at(zone, 0)),)


def hour_start(zone: ZoneInfo, millis: int) -> int:
    """Return the start of the hour bucket that holds an instant."""
    while True:
        offset = offset_at(zone, millis)
        start = (millis + offset) // HOUR * HOUR - offset
        if offset_at(zone, start) == offset:
            return start
        millis = _change(zone, start, millis) - 1


def first_instant(zone: ZoneInfo, day: date) -> int:
    """Return the first instant of a local date."""
    midnight = datetime.combine(day, time(), zone)  # fold 0: the earlier of two midnights
    instant = to_millis(midnight.astimezone(UTC))
    wall = from_millis(instant).astimezone(zone)
    if wall.replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return instant
    # The clock skips this midnight: the date starts at the change, no later than the old offset's midnight.
    return _change(zone, instant - DAY, instant)


def _offsets(zone: ZoneInfo, first: int, last: int) -> Iterable[tuple[int, int]]:
    """Yield ``(start, offset)`` for an inclusive range, looking once a day: no zone changes twice within one."""
    at, offset = first, offset_at(zone, first)
    yield at, offset
    while at < last:
        step = min(at + DAY, last)
        if (after := offset_at(zone, step)) != offset:
            yield _change(zone, at, step), after
        at, offset = step, after


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """Return the first instant in ``(low, high]`` with the offset of ``high``, which differs from that of ``low``."""
    after = offset_at(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(zone, middle) == after:
            high = middle
        else:
            low = middle
    return high
