"""Tail probabilities: binomial bounds, negative binomial and Poisson tails. The one place that imports scipy.

Bounds of a share are Clopper and Pearson's (Biometrika 26, 1934), which hold for every number of events, by the
quantiles of the beta distribution. Tails of counts use the identities of NIST's handbook of functions, 8.17.5
(binomial and negative binomial by the incomplete beta function) and 8.4.10 (Poisson by the incomplete gamma
function).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, log10


def share_bounds(part: float, whole: float, probability: float) -> tuple[float, float]:
    """Return the least and the greatest share that is plausible where ``part`` of ``whole`` were seen.

    Args:
        part: How many had it; need not be whole (weighted samples).
        whole: Of how many; positive.
        probability: Of each side to lie beyond its bound.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - it takes long to import

    low = float(betaincinv(part, whole - part + 1, probability)) if part > 0 else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - probability)) if part < whole else 1.0
    return low, high


def share_tail(part: float, whole: float, share: float) -> float:
    """Return the probability that ``part`` or more of ``whole`` have it where ``share`` is the true one."""
    from scipy.special import betainc  # noqa: PLC0415 - it takes long to import

    return float(betainc(part, whole - part + 1, share)) if part > 0 else 1.0


def count_above(count: float, mean: float, dispersion: float) -> float:
    """Return the probability of ``count`` or more events: Poisson whose own mean varies by ``dispersion``.

    A mean that is gamma distributed with the relative standard deviation ``dispersion`` makes the count negative
    binomial with ``r = 1 / dispersion²``.
    """
    from scipy.special import betainc  # noqa: PLC0415 - it takes long to import

    if count <= 0:
        return 1.0
    size = dispersion**-2
    return float(betainc(count, size, mean / (mean + size)))


def count_below(count: float, mean: float, dispersion: float) -> float:
    """Return the probability of ``count`` or fewer events, of the same distribution."""
    from scipy.special import betainc  # noqa: PLC0415 - it takes long to import

    size = dispersion**-2
    return float(betainc(size, count + 1, size / (mean + size)))


def poisson_below(count: float, mean: float) -> float:
    """Return the probability of ``count`` or fewer events of a Poisson count."""
    from scipy.special import gammaincc  # noqa: PLC0415 - it takes long to import

    return float(gammaincc(count + 1, mean))


def count_range(mean: float, dispersion: float, probability: float) -> tuple[int, int]:
    """Return the least and the greatest count whose tail is not less probable than ``probability``."""
    low = _first(lambda n: count_below(n, mean, dispersion) >= probability)
    high = _first(lambda n: count_above(n, mean, dispersion) < probability) - 1
    return low, max(low, high)


def score(probability: float) -> float:
    """Return ``-log10`` of a probability; at most 300, where doubles end."""
    return min(300.0, -log10(probability) if probability > 0 else inf)


def _first(holds: Callable[[int], bool]) -> int:
    """Return the least number from which on a monotone condition holds."""
    high = 1
    while not holds(high):
        high *= 2
    low = -1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
