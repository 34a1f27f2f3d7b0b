"""How often chance alone makes a difference as great: tests of pairs and of two shares.

What they are asked of, and what a report makes of their answers, is in :mod:`analyzers.reports.significance`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erfc, sqrt
from typing import Final

MOST_EXACT: Final = 100_000
"""Tables of greater margins are compared by the score test, which agrees with the exact one there."""
_SAME: Final = 1 + 1e-7
"""Tables as probable as the one seen, but for rounding, count as such; R's ``fisher.test`` has the same."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many: errors of requests, hits of look-ups."""

    part: int
    whole: int


def signed_rank(changes: Sequence[Fraction], difference: Fraction) -> Fraction:
    """Return the two-sided p value of Wilcoxon's signed-rank test, exactly.

    Changes of zero are left out, equal ones share their ranks; the distribution is that of all ways to give these ranks
    signs.

    Args:
        changes: One for each pair.
        difference: The change of the whole; where its sign is not that of most ranks, the value is 1.
    """
    moved = sorted((change for change in changes if change), key=abs)
    ranks = _doubled_ranks(moved)
    up = sum(rank for rank, change in zip(ranks, moved, strict=True) if change > 0)
    down = sum(ranks) - up
    if (up - down) * difference <= 0:
        return Fraction(1)
    ways = _sums(ranks)
    least = min(up, down)
    return min(Fraction(1), Fraction(2 * sum(ways[: least + 1]), 2 ** len(ranks)))


def proportions(then: Share, now: Share) -> float:
    """Return the two-sided p value of two shares being one, each event taken for itself.

    Fisher's exact test (The Design of Experiments, 1935): the tables with these margins that are no more probable than
    the one seen; where they are more than :data:`MOST_EXACT`, Pearson's score test.
    """
    hits, misses = then.part + now.part, then.whole + now.whole - then.part - now.part
    if not hits or not misses:
        return 1.0
    return _fisher(then, now, hits) if is_small(then, now) else _score(then, now, hits)


def _doubled_ranks(ascending: Sequence[Fraction]) -> list[int]:
    """Return twice the rank of each by its size, so that the shared ranks of equals are whole."""
    places: dict[Fraction, list[int]] = defaultdict(list)
    for place, change in enumerate(ascending, 1):
        places[abs(change)].append(place)
    return [places[abs(change)][0] + places[abs(change)][-1] for change in ascending]


def _sums(ranks: Sequence[int]) -> list[int]:
    """Return in how many ways some of the ranks sum to 0, to 1, to 2, and so on."""
    ways = [1] + [0] * sum(ranks)
    for rank in ranks:
        ways = [ways[total] + (ways[total - rank] if total >= rank else 0) for total in range(len(ways))]
    return ways


def is_small(then: Share, now: Share) -> bool:
    """Whether two shares are compared by the exact test, and not by the score test."""
    hits = then.part + now.part
    return min(hits, then.whole + now.whole - hits, then.whole, now.whole) <= MOST_EXACT


def _fisher(then: Share, now: Share, hits: int) -> float:
    """Sum hypergeometric probabilities, each made of its neighbour by their ratio: factorials would lose digits."""
    import numpy as np  # noqa: PLC0415 - it takes long to import

    least, most = max(0, hits - then.whole), min(hits, now.whole)
    first = np.arange(least, most, dtype=np.float64)
    steps = np.log(hits - first) + np.log(now.whole - first) - np.log(first + 1) - np.log(then.whole - hits + first + 1)
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    chances = np.exp(logs - logs.max())
    seen = chances[now.part - least]
    return min(1.0, float(chances[chances <= seen * _SAME].sum() / chances.sum()))


def _score(then: Share, now: Share, hits: int) -> float:
    """Return the p value of the difference over its standard error under one common share (Pearson, 1900)."""
    whole = then.whole + now.whole
    share = hits / whole
    error = sqrt(share * (1 - share) * (1 / then.whole + 1 / now.whole))
    return erfc(abs(now.part / now.whole - then.part / then.whole) / error / sqrt(2))
