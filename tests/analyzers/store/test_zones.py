"""The offsets of time zones over spans of time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from analyzers.store.zones import HOUR, OffsetSpan, offset_spans

_SUMMER = 1_711_846_800_000
"""2024-03-31T01:00:00Z: Lisbon's clock goes from 01:00 to 02:00 (tz database, Rule EU)."""


def test_ranges_that_overlap_share_their_spans() -> None:
    """Segments of one day overlap, on the day on which the clock moves too: there are two spans, in order."""
    day = (_SUMMER - 9 * HOUR, _SUMMER + 9 * HOUR)
    ranges = [day, (_SUMMER - 8 * HOUR, _SUMMER - 1), (_SUMMER - 7 * HOUR, _SUMMER)]
    assert offset_spans(ZoneInfo("Europe/Lisbon"), ranges) == (
        OffsetSpan(_SUMMER - 9 * HOUR, 0),
        OffsetSpan(_SUMMER, HOUR),
    )


def test_a_range_that_ends_later_adds_its_spans() -> None:
    """The second begins inside the first and holds the change that the first does not."""
    ranges = [(_SUMMER - 9 * HOUR, _SUMMER - HOUR), (_SUMMER - 8 * HOUR, _SUMMER + HOUR)]
    assert offset_spans(ZoneInfo("Europe/Lisbon"), ranges) == (
        OffsetSpan(_SUMMER - 9 * HOUR, 0),
        OffsetSpan(_SUMMER, HOUR),
    )
