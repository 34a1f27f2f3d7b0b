"""What an objective is judged by, wherever it comes from: sealed slices, raw events, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from analyzers.sampling import Sampling
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests of some span; all exact and weighted, and additive.

    Attributes:
        total: All of them.
        errors: Those with a status of 500 or above.
        measured: Those with a response time.
        under: Threshold in milliseconds to how many of the measured ones took less.
    """

    total: int
    errors: int
    measured: int
    under: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Minute:
    """A minute of which something is known; one that is not listed is unmeasured.

    Attributes:
        start: Its first instant, UTC.
        total: Requests; 0 where only other events show that the service was being measured.
        errors: Those of them that failed.
    """

    start: datetime
    total: int
    errors: int


@dataclass(frozen=True, slots=True)
class Restatement:
    """Slices that late events changed after they were sealed, of one minute.

    Attributes:
        minute: Which.
        revision: The highest revision number now, from 2.
        total: How many requests were added.
        errors: How many failed ones were added.
        sealed: When the last change was sealed.
    """

    minute: datetime
    revision: int
    total: int
    errors: int
    sealed: datetime


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the numbers of a window come from.

    Attributes:
        sealed: The parts answered from the ledger, ascending, disjoint.
        raw: The parts answered from raw events: not sealed yet, or never.
        missing: The parts of which neither is left or was ever there.
        restatements: Of the sealed parts, by minute.
    """

    sealed: tuple[Window, ...]
    raw: tuple[Window, ...]
    missing: tuple[Window, ...]
    restatements: tuple[Restatement, ...]


class Evidence(Protocol):
    """What is known of one service, as of one moment. Windows are of whole minutes, in UTC."""

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Sum the requests of several disjoint windows.

        Args:
            windows: Which; excluded time is already left out.
            route: Of which route; ``None`` for all.
            thresholds: In milliseconds; each one of :data:`analyzers.sla.ledger.edges.EDGES`.
        """
        ...

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Return :meth:`counts` of each window by itself, in their order, by few queries: a burn-down."""
        ...

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the minutes of which something is known, ascending.

        A minute with any event of the service (a request of another route, a message, a sample of the machine) is
        known, with a total of 0 where none of its requests is of the route.
        """
        ...

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed, ascending; of the time before the window only the last one."""
        ...

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Return the parts of a window of which nobody can tell any more whether there were backups, ascending.

        They were sealed by a contract that did not name the action, and their raw events have expired.
        """
        ...

    def provenance(self, window: Window) -> Provenance:
        """Return where the numbers of a window come from."""
        ...

    def sampling(self, window: Window) -> Sampling | None:
        """Return what the requests of a window were sampled from, by the raw events that are left of it.

        ``None`` where each stands for itself, or none is left: slices do not tell how many requests were kept.
        """
        ...
