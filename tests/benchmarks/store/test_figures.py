"""The table at the end, and what a limit means."""

from __future__ import annotations

from benchmarks.figures import Figure, table


def test_limits() -> None:
    """A value up to its limit reaches it, one beyond does not, and one without a limit is not judged."""
    assert Figure("ratio", 1.3, most=1.3).reached is True
    assert Figure("ratio", 1.301, most=1.3).reached is False
    assert Figure("size", 7.0, "B").reached is None


def test_table() -> None:
    """Columns are aligned; numbers keep three digits or all whole ones; a missed limit is loud."""
    figures = [
        Figure("ingest", 12_345.6, "events/s"),
        Figure("a ratio", 1.25, most=1.3),
        Figure("another", 0.12345, "s", 0.1),
    ]
    assert table(figures).splitlines() == [
        "figure             value        limit  reached",
        "ingest   12,346 events/s",
        "a ratio             1.25  at most 1.3  yes",
        "another         0.1235 s  at most 0.1  NO",
    ]
