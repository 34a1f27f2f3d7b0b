"""Measure many windows by few queries: by calendar hours, and by minutes where a window begins or ends within one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from analyzers.sla.ledger.spans import hull
from analyzers.store.calendar import bucket_starts
from analyzers.store.query import BUCKET, Calendar, CalendarUnit, Dimension, Window
from analyzers.store.result import Row

Ask: TypeAlias = Callable[[Window, tuple[Dimension, ...]], Sequence[Row]]
"""Returns the rows of a window, grouped by these dimensions; their measures are additive."""

_FEW: Final = 3
"""Windows that are asked for one by one."""
_MOST_HOURS: Final = 8
"""Hours that are asked for by minutes one by one; more of them are part of one query for all minutes."""
MINUTE: Final = Calendar(CalendarUnit.MINUTE)
HOUR: Final = Calendar(CalendarUnit.HOUR)
_MINUTES: Final = (MINUTE,)


def rows_by_window(ask: Ask, windows: Sequence[Window], zone: str) -> list[Sequence[Row]]:
    """Return for each window the rows that it is made of.

    A month of days costs one query, whatever is cut out of them costs one for each hour it begins or ends in.

    Args:
        ask: Asks a store.
        windows: Of whole minutes; they may overlap.
        zone: Whose hours most windows begin and end with.
    """
    if len(windows) <= _FEW:
        return [ask(window, ()) for window in windows]
    whole = hull(windows)
    hours = Calendar(CalendarUnit.HOUR, zone)
    edges = bucket_starts(hours, whole)
    torn = sorted({place for window in windows for place in _torn(window, edges)})
    if len(torn) > _MOST_HOURS:
        minutes = _Cells(ask(whole, _MINUTES))
        return [minutes.between(window.start, window.end) for window in windows]
    cells = [*ask(whole, (hours,))]
    for place in torn:
        begin, end = max(edges[place], whole.start), min(edges[place + 1], whole.end)
        cells = [row for row in cells if start_of(row) != edges[place]]
        cells += ask(Window(begin, end), _MINUTES)
    found = _Cells(sorted(cells, key=start_of))
    return [found.between(window.start, window.end) for window in windows]


def minutes_of(ask: Ask, windows: Sequence[Window]) -> Mapping[datetime, Row]:
    """Return the rows of disjoint windows by minute: UTC start to row, ascending."""
    asked = windows if len(windows) <= _FEW else [hull(windows)]
    rows = [row for window in asked for row in ask(window, _MINUTES)]
    if asked is windows:
        return {start_of(row): row for row in rows}
    cells = _Cells(rows)
    return {start_of(row): row for window in windows for row in cells.between(window.start, window.end)}


def start_of(row: Row) -> datetime:
    """Return when the calendar bucket of a row starts, in UTC.

    Raises:
        TypeError: When the row has none.
    """
    start = row[BUCKET]
    if not isinstance(start, datetime):
        raise TypeError(f"{start!r} is no calendar bucket")
    return start.astimezone(UTC)  # two in one zone would be compared by the clock on the wall


def _torn(window: Window, edges: Sequence[datetime]) -> Iterator[int]:
    """Yield the places of the buckets that a window takes a part of."""
    for bound in (window.start, window.end):
        if edges[bisect_left(edges, bound)] != bound:
            yield bisect_right(edges, bound) - 1


class _Cells:
    """Rows of calendar buckets, ascending, each of which lies in a window or outside it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._starts = [start_of(row) for row in rows]

    def between(self, start: datetime, end: datetime) -> Sequence[Row]:
        return self._rows[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
