"""Requests of a span of time as counts that add up, and how a store is asked for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analyzers.fields import RESPONSE_TIME
from analyzers.jobs.job import ERRORS, REQUESTS, count
from analyzers.sampling import STORED
from analyzers.store.query import Histogram, NamedMeasure
from analyzers.store.result import Row

EDGES: Final = tuple(round(0.001 * 2 ** (step / 3), 6) for step in range(50))
"""Seconds from 1 ms to 83 s, each a quarter above the one before: "slower than usual" is said to that grain.

Counts between edges are exact in every store, and those of hours add up to those of days, which percentiles do not."""

MEASURES: Final = (REQUESTS, ERRORS, STORED, NamedMeasure("times", Histogram(RESPONSE_TIME, EDGES)))


@dataclass(frozen=True, slots=True)
class Cell:
    """Requests of a span; all but ``documents`` weighted.

    Attributes:
        requests: All.
        errors: Those with a status of 500 or above.
        documents: How many documents they are told from.
        times: How many took how long, between :data:`EDGES`; one count more than edges.
    """

    requests: int
    errors: int
    documents: int
    times: tuple[int, ...]

    def __add__(self, other: Cell) -> Cell:
        times = tuple(map(int.__add__, self.times, other.times))
        return Cell(self.requests + other.requests, self.errors + other.errors, self.documents + other.documents, times)

    @property
    def measured(self) -> int:
        """How many have a response time."""
        return sum(self.times)

    def slower(self, edge: int) -> int:
        """Return how many took at least ``EDGES[edge]`` seconds."""
        return sum(self.times[edge + 1 :])

    @property
    def weight(self) -> float:
        """How many requests a document stands for; 1 where there is none."""
        return self.requests / self.documents if self.documents else 1.0


NOTHING: Final = Cell(0, 0, 0, (0,) * (len(EDGES) + 1))


def cell_of(row: Row) -> Cell:
    """Return the cell of a row of :data:`MEASURES`.

    Raises:
        TypeError: When the store broke its promise about the values of measures.
    """
    times = row["times"]
    if not isinstance(times, tuple):
        raise TypeError(f"the times are {times!r}, not counts")
    return Cell(count(row, REQUESTS.name), count(row, ERRORS.name), count(row, STORED.name), times)


def summed(cells: Sequence[Cell]) -> Cell:
    """Return the sum of cells, at once."""
    if not cells:
        return NOTHING
    return Cell(
        sum(each.requests for each in cells),
        sum(each.errors for each in cells),
        sum(each.documents for each in cells),
        tuple(map(sum, zip(*(each.times for each in cells), strict=True))),
    )
