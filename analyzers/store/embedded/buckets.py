"""Calendar buckets in SQL: pure integer arithmetic, with the zone's offsets worked out beforehand.

DuckDB's own zones are left alone: they need an extension, and their rules could differ from Python's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters
from analyzers.store.instants import from_millis
from analyzers.store.query import Calendar, CalendarUnit
from analyzers.store.zones import DAY, HOUR, MINUTE, OffsetSpan, first_instant, hour_start, load_zone, offset_spans

_MONDAY: Final = 4 * DAY
"""The first Monday after 1970-01-01, a Thursday."""


class Buckets:
    """One calendar dimension over the events of some segments.

    A minute's and an hour's key is its start in UTC; a longer one's its first local date: in milliseconds.
    """

    def __init__(self, calendar: Calendar, segments: Sequence[Segment]) -> None:
        self._unit = calendar.unit
        self._zone: ZoneInfo = load_zone(calendar.zone)
        self._spans = offset_spans(self._zone, ((segment.first, segment.last) for segment in segments))
        self._before_1970 = any(segment.first < 7 * DAY for segment in segments)

    def sql(self, parameters: Parameters) -> str:
        """Return the expression of an event's key."""
        if self._unit is CalendarUnit.MINUTE:
            return self._rounded(_INSTANT, MINUTE)
        if self._unit is CalendarUnit.HOUR:
            if all(span.offset % HOUR == 0 for span in self._spans):
                return self._rounded(_INSTANT, HOUR)  # the clock reads whole hours when UTC does
            return self._by_span([self._hour_key(span, parameters) for span in self._spans], parameters)
        offset = self._by_span([_whole(parameters.add(span.offset)) for span in self._spans], parameters)
        return self._date_key(f"({_INSTANT} + {offset})")

    def start(self, key: int) -> datetime:
        """Return a bucket's start from its key, in the zone."""
        if self._unit in {CalendarUnit.MINUTE, CalendarUnit.HOUR}:
            return from_millis(key).astimezone(self._zone)
        return from_millis(first_instant(self._zone, from_millis(key).date())).astimezone(self._zone)

    def _by_span(self, cases: Sequence[str], parameters: Parameters) -> str:
        """Choose the expression of the span that an event lies in."""
        whens = [
            f"WHEN {_INSTANT} < {parameters.add(following.start)} THEN {case}"
            for case, following in zip(cases, self._spans[1:], strict=False)
        ]
        return f"(CASE {' '.join(whens)} ELSE {cases[-1]} END)" if whens else cases[-1]

    def _date_key(self, local: str) -> str:
        if self._unit is CalendarUnit.DAY:
            return self._rounded(local, DAY)
        if self._unit is CalendarUnit.WEEK:
            return f"({self._rounded(f'({local} - {_MONDAY})', 7 * DAY)} + {_MONDAY})"
        return f"epoch_ms(date_trunc('{self._unit.value}', epoch_ms({local})))"

    def _hour_key(self, span: OffsetSpan, parameters: Parameters) -> str:
        """Round down to a whole local hour; what would fall before the span belongs to the hour that was running."""
        offset = _whole(parameters.add(span.offset))
        rounded = f"({self._rounded(f'({_INSTANT} + {offset})', HOUR)} - {offset})"
        running = _whole(parameters.add(hour_start(self._zone, span.start)))
        return f"(CASE WHEN {rounded} < {parameters.add(span.start)} THEN {running} ELSE {rounded} END)"

    def _rounded(self, millis: str, unit: int) -> str:
        """Return an expression rounded towards the past: before 1970 ``//`` and ``%`` round towards 1970."""
        if not self._before_1970:
            return f"({millis} // {unit} * {unit})"
        return f"({millis} - (({millis} % {unit}) + {unit}) % {unit})"


_INSTANT: Final = quoted(TIMESTAMP)


def _whole(place: str) -> str:
    return f"{place}::BIGINT"
