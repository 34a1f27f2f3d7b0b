"""Evidence from a list of requests written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analyzers.sla.evidence import Counts, Minute, Provenance
from analyzers.store.query import Window


@dataclass(frozen=True, slots=True)
class Seen:
    """A request: when, with which status, how long it took in milliseconds (if known), and on which route."""

    at: datetime
    status: int = 200
    millis: int | None = 100
    route: str = "/"


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of requests shows.

    Attributes:
        seen: The requests.
        signs: When anything else was heard of the service.
        completed: When backups were completed.
        origin: What to say of where the numbers come from; all raw by default.
    """

    seen: Sequence[Seen]
    signs: Sequence[datetime] = ()
    completed: Sequence[datetime] = ()
    origin: Provenance | None = field(default=None)

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Counts:
        """Count by looking at each request."""
        inside = [each for each in self.seen if any(one.start <= each.at < one.end for one in windows)]
        found = [each for each in inside if route in {None, each.route}]
        timed = [each.millis for each in found if each.millis is not None]
        return Counts(
            total=len(found),
            errors=sum(each.status >= 500 for each in found),
            measured=len(timed),
            under={limit: sum(each < limit for each in timed) for limit in thresholds},
        )

    def series(
        self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]
    ) -> Sequence[tuple[Window, Counts]]:
        """Count window by window."""
        return [(each, self.counts([each], route, thresholds)) for each in windows]

    def minutes(self, window: Window, route: str | None) -> Sequence[Minute]:
        """Return the minutes in which anything was seen."""
        known: dict[datetime, list[Seen]] = {minute_of(each): [] for each in self.signs}
        for each in self.seen:
            mine = known.setdefault(minute_of(each.at), [])
            if route in {None, each.route}:
                mine.append(each)
        return [
            Minute(start, len(mine), sum(each.status >= 500 for each in mine))
            for start, mine in sorted(known.items())
            if window.start <= start < window.end
        ]

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return the backups inside, and the last one before."""
        del action  # there is one kind
        before = [each for each in self.completed if each < window.start]
        return [*before[-1:], *(each for each in self.completed if window.start <= each < window.end)]

    def sampling(self, window: Window) -> None:
        """Say that every request of the window stands for itself."""

    def unwatched(self, window: Window, action: str) -> Sequence[Window]:
        """Say that backups would have been recorded at all times."""
        del window, action
        return ()

    def provenance(self, window: Window) -> Provenance:
        """Say where the numbers come from."""
        return self.origin or Provenance((), (window,), (), ())


def minute_of(instant: datetime) -> datetime:
    """Return the start of an instant's minute."""
    return instant.replace(second=0, microsecond=0)


def every(step: timedelta, window: Window) -> Iterable[datetime]:
    """Return instants at a step through a window."""
    at = window.start
    while at < window.end:
        yield at
        at += step
