"""Nearest-rank percentiles out of Elasticsearch's HDR histograms: the right rank, a value within 0.1 %.

Elasticsearch's ``percentiles`` with ``hdr`` takes the value at rank ``floor(q / 100 * n + 1/2)``, at least 1
(HdrHistogram 2.1.9, ``getValueAtPercentile``), where nearest rank asks for ``k = ceil(p / 100 * n)``. The two differ
for about half of all ``n``, and among few events the neighbour can be far away. So one request asks for ``p`` and for
a ladder of percentages above it, ``p + 100 / 2**j``: whatever ``n`` a group turns out to have, one rung ``q`` has
``|q / 100 * n - k| < 1/2``, and that one is read.

The histogram keeps three significant digits: the value read lies within :data:`RELATIVE_ERROR` of the true one. It
covers a ratio of 2**51 between its largest and its least value other than zero and fails beyond, so values outside
:func:`safe_range` are kept out of it; a group that has any is answered by :class:`Rank`, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

from analyzers.store.leaves import INTEGER_BITS
from analyzers.store.operands import exact_fraction
from analyzers.store.schema import INTEGRAL, FieldSpec

RELATIVE_ERROR: Final = 1e-3
SIGNIFICANT_DIGITS: Final = 3

# Away from a half by more than the rounding of q / 100 * n in doubles, for any n below 10**9.
_MARGIN: Final = Decimal("0.499999")


@dataclass(frozen=True, slots=True)
class Rank:
    """A value to be looked up exactly, by its place among the sorted values of a group.

    Attributes:
        field: The field.
        position: The place, from 1.
        size: How many values the group has.
    """

    field: FieldSpec
    position: int
    size: int


def safe_range(field: FieldSpec) -> tuple[float, float]:
    """Return the least and the largest positive value that the histogram of a field may hold together."""
    if field.type in INTEGRAL:
        return (1, min(2**50, 2 ** (INTEGER_BITS[field.type] - 1) - 1))
    return (2.0**-30, 2.0**20)


def nearest_rank(percent: float, size: int) -> int:
    """Return ``ceil(percent / 100 * size)``, from the percentage as a person wrote it."""
    return int((exact_fraction(percent) * size).to_integral_value(ROUND_CEILING))


def ladder(percent: float, most: int) -> tuple[float, ...]:
    """Return the percentages to ask for, ascending, so that :func:`rung` finds one for any group of up to ``most``."""
    steps = range(max(most, 1).bit_length() + 2)
    return tuple(sorted({percent, *(min(percent + 100 / 2**step, 100.0) for step in steps)}))


def rung(percent: float, size: int, asked: Sequence[float]) -> float | None:
    """Return the percentage at which Elasticsearch takes the nearest rank of ``percent`` among ``size`` values.

    ``None`` when none of those asked for is surely it.
    """
    wanted = nearest_rank(percent, size)

    def distance(percentage: float) -> Decimal:
        return abs(Decimal(percentage) * size / 100 - wanted)

    best = min(asked, key=distance)
    return best if distance(best) < _MARGIN else None
