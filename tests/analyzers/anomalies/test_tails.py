"""Tail probabilities, against sums of exact fractions and printed tables."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.anomalies.tails import (
    count_above,
    count_below,
    count_range,
    poisson_below,
    score,
    share_bounds,
    share_tail,
)


def binomial_at_least(part: int, whole: int, share: Fraction) -> Fraction:
    """Return the probability of ``part`` or more of ``whole``, exactly."""
    return sum(
        (math.comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(part, whole + 1)), Fraction(0)
    )


def negative_binomial(count: int, mean: float, size: float) -> float:
    """Return the probability of exactly ``count``, from the definition."""
    logarithm = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    logarithm += size * math.log(size / (size + mean)) + count * math.log(mean / (size + mean))
    return math.exp(logarithm)


def test_bounds_are_those_of_the_printed_tables() -> None:
    """Clopper and Pearson's 95 % interval of 3 of 20 is 3.2 % to 37.9 %, of 0 of 10 it is 0 to 30.8 %."""
    assert share_bounds(3, 20, 0.025) == pytest.approx((0.0321, 0.3789), abs=5e-5)
    assert share_bounds(0, 10, 0.025) == pytest.approx((0.0, 0.3085), abs=5e-5)
    assert share_bounds(10, 10, 0.025) == pytest.approx((0.6915, 1.0), abs=5e-5)


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(1, 40).flatmap(lambda whole: st.tuples(st.integers(1, whole), st.just(whole))))
def test_the_lower_bound_is_where_so_many_are_just_improbable(counts: tuple[int, int]) -> None:
    """At the lower bound itself, seeing so many or more has exactly the probability asked for."""
    part, whole = counts
    low, _ = share_bounds(part, whole, 1e-3)
    assert float(binomial_at_least(part, whole, Fraction(low))) == pytest.approx(1e-3, rel=1e-6)
    assert share_tail(part, whole, low) == pytest.approx(1e-3, rel=1e-6)


def test_counts_are_negative_binomial() -> None:
    """Both tails are the sums of the definition's terms, here of a mean of 7.5 and a dispersion of a half (r = 4)."""
    terms = [negative_binomial(count, 7.5, 4.0) for count in range(20)]
    assert count_below(19, 7.5, 0.5) == pytest.approx(sum(terms))
    assert count_above(20, 7.5, 0.5) == pytest.approx(1 - sum(terms))
    assert count_above(0, 7.5, 0.5) == 1.0


def test_no_event_of_a_poisson_count() -> None:
    """No event where 14 are expected has a probability of exp(-14), one or none of 15 exp(-14) * 15."""
    assert poisson_below(0, 14) == pytest.approx(math.exp(-14))
    assert poisson_below(1, 14) == pytest.approx(15 * math.exp(-14))


@settings(deadline=None)  # the first call imports scipy
@given(st.floats(1, 500), st.floats(0.05, 1.0))
def test_the_range_ends_where_a_tail_becomes_improbable(mean: float, dispersion: float) -> None:
    """Both ends are plausible, the numbers beyond them are not."""
    low, high = count_range(mean, dispersion, 1e-4)
    assert count_above(high, mean, dispersion) >= 1e-4 > count_above(high + 1, mean, dispersion)
    assert count_below(low, mean, dispersion) >= 1e-4
    assert low == 0 or count_below(low - 1, mean, dispersion) < 1e-4


def test_scores_are_powers_of_ten() -> None:
    """A millionth scores six; what doubles cannot hold scores 300."""
    assert score(1e-6) == pytest.approx(6)
    assert score(0.0) == 300
