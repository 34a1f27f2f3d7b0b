"""What the ledger and the raw events are both asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from analyzers.sla.evidence import Counts
from analyzers.sla.ledger.slices import Tally
from analyzers.store.query import Window
from analyzers.store.result import Row

SliceKey: TypeAlias = tuple[datetime, str | None]
"""The minute and the route of a slice."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a minute.

    Attributes:
        total: Requests of the route asked about.
        errors: Those of them that failed.
    """

    total: int
    errors: int


@dataclass(frozen=True, slots=True)
class HourSums:
    """What is compared of an hour before its slices are looked at one by one.

    Attributes:
        total: Requests.
        errors: Failed ones.
        measured: Timed ones.
        events: Events of all streams.
        backups: Events that say that a backup is complete.
    """

    total: int
    errors: int
    measured: int
    events: int
    backups: int

    def plus(self, other: HourSums) -> HourSums:
        """Return the sum, each number by itself."""
        return HourSums(
            self.total + other.total,
            self.errors + other.errors,
            self.measured + other.measured,
            self.events + other.events,
            self.backups + other.backups,
        )


NO_SUMS: Final = HourSums(0, 0, 0, 0, 0)


class Reading(Protocol):
    """A source of evidence: the ledger, or raw events."""

    def counts(self, windows: Sequence[Window], route: str | None, thresholds: Sequence[int]) -> Sequence[Counts]:
        """Return the requests of each window; ``route`` of ``None`` is all routes."""
        ...

    def minutes(self, windows: Sequence[Window], route: str | None) -> Mapping[datetime, Seen]:
        """Return the minutes of disjoint windows with any event of the service."""
        ...

    def backups(self, window: Window, action: str) -> Sequence[datetime]:
        """Return when backups were completed, in any order."""
        ...


def whole(row: Row, name: str) -> int:
    """Return a count or a sum of whole numbers, 0 where nothing was summed.

    Raises:
        TypeError: When the store broke its promise that these are integers.
    """
    value = row[name]
    if value is None:
        return 0
    if not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}, not a whole number")
    return value


def counts_of(rows: Sequence[Row], under: Mapping[int, Sequence[str]]) -> Counts:
    """Add up rows.

    Args:
        rows: With ``total``, ``errors`` and ``measured``.
        under: Threshold to the names of the measures that together count what took less.
    """
    total, errors, measured = (sum(whole(row, name) for row in rows) for name in ("total", "errors", "measured"))
    found = {edge: sum(whole(row, name) for row in rows for name in names) for edge, names in under.items()}
    return Counts(total, errors, measured, found)


def added(one: Counts, other: Counts) -> Counts:
    """Return the sum of two counts of the same thresholds."""
    under = {edge: one.under[edge] + other.under[edge] for edge in one.under}
    return Counts(one.total + other.total, one.errors + other.errors, one.measured + other.measured, under)


def tally_of(row: Row, buckets: Sequence[int]) -> Tally:
    """Return the slice of a row with ``total`` and ``errors``."""
    return Tally(whole(row, "total"), whole(row, "errors"), tuple(buckets))
