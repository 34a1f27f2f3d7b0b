"""The benchmark of a month's service levels, small."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.sla.answering import Figures, check_equal
from benchmarks.sla.events import MONTH, blocks
from benchmarks.sla.main import measure


def test_a_small_month(tmp_path: Path) -> None:
    """Raw events, the ledger and SQL say the same of it, or measuring ends; every figure has a name of its own."""
    figures = list(measure(500, tmp_path, 1))
    assert len({figure.name for figure in figures}) == len(figures) == 12
    assert all(figure.value > 0 for figure in figures)


def test_the_events_are_of_the_month() -> None:
    """They ascend within it by blocks, are the same every time, and each has an id of its own."""
    events = [event for block in blocks(45_000) for event in block]
    assert len(events) == len({event.document().id for event in events}) == 45_000
    instants = [event.instant for event in events]
    assert MONTH.start.timestamp() * 1000 <= min(instants) <= max(instants) < MONTH.end.timestamp() * 1000
    assert events[0] == next(iter(blocks(45_000)))[0]


def test_a_difference_ends_the_run() -> None:
    """Answers that differ are told with the first place."""
    day = ((MONTH.start, 1, 0),)
    check_equal(Figures(day, day), Figures(day, day))
    with pytest.raises(ValueError, match="minutes differ: 1 and 1"):
        check_equal(Figures(day, day), Figures(day, ((MONTH.start, 1, 1),)))
