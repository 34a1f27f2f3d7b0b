"""Evidence that is asked each question once: the objectives of a contract ask for the same minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from analyzers.sampling import Sampling
from analyzers.sla.evidence import Counts, Evidence, Minute, Provenance
from analyzers.store.query import Window


class AskedOnce:
    """Remembers the minutes and the provenance of each window, for as long as one report is made.

    Args:
        evidence: What is asked.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._minutes: dict[tuple[Window, str | None], Sequence[Minute]] = {}
        self._provenance: dict[Window, Provenance] = {}

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Pass the question on: each objective has its own."""
        return self._evidence.counts(windows, route, thresholds)

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Pass the question on, likewise."""
        return self._evidence.series(windows, route, thresholds)

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the known minutes of a window."""
        key = window, route
        if key not in self._minutes:
            self._minutes[key] = self._evidence.minutes(window, route)
        return self._minutes[key]

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Pass the question on, likewise."""
        return self._evidence.backups(window, action)

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Pass the question on, likewise."""
        return self._evidence.unwatched(window, action)

    def provenance(self, window: Window) -> Provenance:
        """Return where the numbers of a window come from."""
        if window not in self._provenance:
            self._provenance[window] = self._evidence.provenance(window)
        return self._provenance[window]

    def sampling(self, window: Window) -> Sampling | None:
        """Pass the question on: it is asked once."""
        return self._evidence.sampling(window)
