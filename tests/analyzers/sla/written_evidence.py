"""Evidence written down by hand, as small drawings: a character for each minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from analyzers.sla.evidence import Counts, Minute, Provenance
from analyzers.store.query import Window

ZERO = datetime(2024, 3, 1, tzinfo=UTC)
"""Where the drawings begin."""


def minute(number: float) -> datetime:
    """Return the instant so many minutes after the drawings' beginning."""
    return ZERO + timedelta(minutes=number)


def minutes(first: float, last: float) -> Window:
    """Return the window between two such instants."""
    return Window(minute(first), minute(last))


@dataclass(frozen=True, slots=True)
class Written:
    """What is known of a service: ``g`` good, ``b`` bad (all failed), ``h`` half failed, ``q`` quiet, ``.`` nothing.

    Attributes:
        drawing: The minutes from ``first`` on.
        first: Where the drawing begins, in minutes from :data:`ZERO`.
        completed: When backups were completed, in minutes from :data:`ZERO`, by action.
        routes: Drawings of single routes.
    """

    drawing: str
    first: int = 0
    completed: Mapping[str, Sequence[float]] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the known minutes of a window."""
        known = {"g": (4, 0), "b": (4, 4), "h": (4, 2), "q": (0, 0)}
        drawing = self.drawing if route is None else self.routes[route]
        starts = ((minute(self.first + place), mark) for place, mark in enumerate(drawing))
        return [
            Minute(start, *known[mark]) for start, mark in starts if mark != "." and window.start <= start < window.end
        ]

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return the backups of a window, and the last one before it."""
        instants = sorted(map(minute, self.completed.get(action, ())))
        before = [each for each in instants if each < window.start]
        return [*before[-1:], *(each for each in instants if window.start <= each < window.end)]

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Refuse: objectives by time ask for no counts."""
        raise AssertionError((windows, route, thresholds))

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Refuse, likewise."""
        raise AssertionError((windows, route, thresholds))

    def sampling(self, window: Window) -> None:
        """Say that every request of the window stands for itself."""

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Say that backups would have been recorded at all times."""
        del window, action
        return ()

    def provenance(self, window: Window) -> Provenance:
        """Say that everything is raw."""
        return Provenance((), (window,), (), ())
