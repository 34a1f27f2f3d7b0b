"""Sets of time: what windows have in common, and what is left of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from analyzers.store.query import Window

Spans: TypeAlias = tuple[Window, ...]
"""Disjoint windows, ascending, none touching the next."""

DAWN: Final = datetime(2, 1, 3, tzinfo=UTC)
"""Before every event of a service."""
DUSK: Final = datetime(9998, 1, 1, tzinfo=UTC)
"""After every event of a service."""


def united(windows: Iterable[Window]) -> Spans:
    """Return what lies in any of some windows."""
    found: list[Window] = []
    for window in sorted(windows, key=lambda each: each.start):
        if found and window.start <= found[-1].end:
            found[-1] = Window(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return tuple(found)


def common(window: Window, spans: Iterable[Window]) -> Spans:
    """Return the parts of a window that lie in spans."""
    return tuple(
        Window(max(window.start, each.start), min(window.end, each.end))
        for each in spans
        if each.start < window.end and window.start < each.end
    )


def without(window: Window, holes: Iterable[Window]) -> Spans:
    """Return the parts of a window that lie in none of some ascending, disjoint holes."""
    found: list[Window] = []
    start = window.start
    for hole in common(window, holes):
        if start < hole.start:
            found.append(Window(start, hole.start))
        start = hole.end
    if start < window.end:
        found.append(Window(start, window.end))
    return tuple(found)


def hull(windows: Sequence[Window]) -> Window:
    """Return the least window that holds all of some, at least one."""
    return Window(min(each.start for each in windows), max(each.end for each in windows))
