"""Calendar buckets in SQL: pure integer arithmetic, with the zone's offsets worked out beforehand.

DuckDB's own zones are left alone: they need an extension, and their rules could differ from Python's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from analyzers.fields import TIMESTAMP
from analyzers.store.embedded.columns import quoted
from analyzers.store.embedded.records import Segment
from analyzers.store.embedded.statement import Parameters
from analyzers.store.instants import from_millis
from analyzers.store.query import Calendar, CalendarUnit
from analyzers.store.zones import HOUR, MINUTE, OffsetSpan, first_instant, hour_start, load_zone, offset_spans


class Buckets:
    """One calendar dimension over the events of some segments.

    A minute's and an hour's key is its start in UTC; a longer one's its first local date: in milliseconds.
    """

    def __init__(self, calendar: Calendar, segments: Sequence[Segment]) -> None:
        self._unit = calendar.unit
        self._zone: ZoneInfo = load_zone(calendar.zone)
        self._spans = offset_spans(self._zone, ((segment.first, segment.last) for segment in segments))

    def sql(self, parameters: Parameters) -> str:
        """Return the expression of an event's key."""
        if self._unit is CalendarUnit.MINUTE:
            return _rounded(quoted(TIMESTAMP), MINUTE)
        cases = [self._key(span, parameters) for span in self._spans]
        whens = [
            f"WHEN {quoted(TIMESTAMP)} < {parameters.add(following.start)} THEN {case}"
            for case, following in zip(cases, self._spans[1:], strict=False)
        ]
        return f"CASE {' '.join(whens)} ELSE {cases[-1]} END" if whens else cases[-1]

    def start(self, key: int) -> datetime:
        """Return a bucket's start from its key, in the zone."""
        if self._unit in {CalendarUnit.MINUTE, CalendarUnit.HOUR}:
            return from_millis(key).astimezone(self._zone)
        return from_millis(first_instant(self._zone, from_millis(key).date())).astimezone(self._zone)

    def _key(self, span: OffsetSpan, parameters: Parameters) -> str:
        if self._unit is CalendarUnit.HOUR:
            return self._hour_key(span, parameters)
        local = f"epoch_ms({quoted(TIMESTAMP)} + {parameters.add(span.offset)}::BIGINT)"
        return f"epoch_ms(date_trunc('{self._unit.value}', {local}))"

    def _hour_key(self, span: OffsetSpan, parameters: Parameters) -> str:
        """Round down to a whole local hour; what would fall before the span belongs to the hour that was running."""
        offset = parameters.add(span.offset)
        rounded = f"({_rounded(f'({quoted(TIMESTAMP)} + {offset}::BIGINT)', HOUR)} - {offset}::BIGINT)"
        running = hour_start(self._zone, span.start)
        start = parameters.add(span.start)
        return f"(CASE WHEN {rounded} < {start} THEN {parameters.add(running)}::BIGINT ELSE {rounded} END)"


def _rounded(millis: str, unit: int) -> str:
    """Return an expression rounded towards the past, also before 1970, where ``%`` is negative."""
    return f"({millis} - (({millis} % {unit}) + {unit}) % {unit})"
