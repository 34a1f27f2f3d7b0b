"""What is computed for each group.

An event that stands for several (``sample_weight``) counts as that many equal ones, but for the measures that say
otherwise: a weighted answer is that of the data in which each event is repeated as often as its weight says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from analyzers.store.query.predicates import Predicate


@dataclass(frozen=True, slots=True)
class Count:
    """The number of events: each as often as its weight says."""


@dataclass(frozen=True, slots=True)
class CountIf:
    """The number of events for which the predicate holds, each as often as its weight says."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Stored:
    """The number of documents, whatever they weigh: with ``Count`` it tells whether events were sampled."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a numeric field over the events that have it; ``None`` where none has."""

    field: str


@dataclass(frozen=True, slots=True)
class Avg:
    """The mean of a numeric field over the events that have it; ``None`` where none has."""

    field: str


@dataclass(frozen=True, slots=True)
class Min:
    """The least value of a numeric field; ``None`` where no event has it."""

    field: str


@dataclass(frozen=True, slots=True)
class Max:
    """The greatest value of a numeric field; ``None`` where no event has it."""

    field: str


@dataclass(frozen=True, slots=True)
class Percentile:
    """The nearest-rank percentile of a numeric field over the raw values; ``None`` where no event has it.

    Attributes:
        percent: Between 0 (exclusive) and 100 (inclusive). The rank is ``ceil(percent / 100 * n)``, where an event
            of weight ``w`` takes ``w`` places.
    """

    field: str
    percent: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """How the values of a numeric field spread: one count for each interval between the edges, and for both ends.

    Its value is a tuple of ``len(edges) + 1`` counts: values below ``edges[0]``; values in ``[edges[i], edges[i + 1])``
    for each pair of neighbours; values of ``edges[-1]`` and above. They sum to the number of events with the field.

    Attributes:
        edges: At least one, finite, strictly ascending.
    """

    field: str
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DistinctCount:
    """The exact number of different values of a field that can group; 0 where no event has it.

    Of sampled events it is what was kept of them: a lower bound of what there was.
    """

    field: str


Measure: TypeAlias = Count | CountIf | Stored | Sum | Avg | Min | Max | Percentile | Histogram | DistinctCount


@dataclass(frozen=True, slots=True)
class NamedMeasure:
    """A measure and the name its value has in a row."""

    name: str
    measure: Measure
