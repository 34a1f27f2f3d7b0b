"""How many decimals the percents of a column have: all of them the same, and enough to say nothing wrong."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from analyzers.blocks import Cell, Judged, Table, plain_of
from analyzers.units import Unit

LEAST: Final = 2
"""Every column has so many."""
_MOST: Final = 9
_MOST_UNJUDGED: Final = 5
"""What is not judged need not be told from 0 % or 100 % any further."""


def places_of(cells: Iterable[Cell]) -> int:
    """Return how many decimals a column of ratios needs so that none of its percents misleads.

    What was judged never rounds to the other side of its target, nor onto it; a target has all its decimals; what is
    not wholly 0 % or 100 % does not read so.
    """
    return max(
        (_needed(each) for each in map(plain_of, cells) if isinstance(each, Judged | Decimal | Fraction | float)),
        default=LEAST,
    )


def column_places(table: Table) -> tuple[int, ...]:
    """Return that of each column of a table; those that are no ratios have :data:`LEAST`, which nobody looks at."""
    return tuple(
        places_of(row[index] for row in table.rows) if heading.unit is Unit.RATIO else LEAST
        for index, heading in enumerate(table.headings)
    )


def rounded(value: float | Fraction | Decimal | Judged, places: int) -> Decimal:
    """Return a ratio that as percent has so many decimals, rounded half to even in exact arithmetic."""
    exact = value.value if isinstance(value, Judged) else Fraction(value)
    return Decimal(round(exact * 10 ** (places + 2))).scaleb(-places - 2)


def _needed(value: float | Fraction | Decimal | Judged) -> int:
    if isinstance(value, Judged):
        fits = (each for each in range(LEAST, _MOST) if _side(rounded(value, each), value) == _side(value.value, value))
        return next(fits, _MOST)
    if isinstance(value, Decimal):
        return max(LEAST, -int(value.normalize().as_tuple().exponent) - 2)
    fits = (each for each in range(LEAST, _MOST_UNJUDGED) if value in {0, 1} or rounded(value, each) not in {0, 1})
    return next(fits, _MOST_UNJUDGED)


def _side(value: Fraction | Decimal, judged: Judged) -> int:
    exact = Fraction(value)
    return (exact > judged.target) - (exact < judged.target)
