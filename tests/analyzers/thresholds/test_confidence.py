"""The lower bound of a share: by its definition, in exact arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.thresholds.confidence import least_share

SURE = Fraction(95, 100)


def tail(part: int, whole: int, share: Fraction) -> Fraction:
    """Return the probability of ``part`` or more of ``whole`` where ``share`` is true: the binomial sum itself."""
    return sum((comb(whole, k) * share**k * (1 - share) ** (whole - k) for k in range(part, whole + 1)), Fraction(0))


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(1, 120).flatmap(lambda whole: st.tuples(st.integers(1, whole), st.just(whole))))
def test_the_bound_is_where_so_many_would_be_seen_once_in_twenty(case: tuple[int, int]) -> None:
    """A hair below the bound, that many or more are rarer than 5 %; a hair above it, more frequent."""
    part, whole = case
    bound = Fraction(least_share(part, whole, SURE))
    hair = Fraction(1, 10**6)
    assert tail(part, whole, max(Fraction(0), bound * (1 - hair))) < 1 - SURE < tail(part, whole, bound * (1 + hair))


@pytest.mark.parametrize(("whole", "needed"), [(20, 3), (50, 4), (100, 6), (200, 10)])
def test_how_many_failures_are_surely_half_of_five_percent(whole: int, needed: int) -> None:
    """The numbers of docs/alerts.md: so many failed ones of so many are sure to be 2.5 %, one fewer is not."""
    assert least_share(needed - 1, whole, SURE) < 0.025 <= least_share(needed, whole, SURE)


def test_none_of_any_number_is_nothing() -> None:
    """Without a failed one the bound is 0."""
    assert least_share(0, 1000, SURE) == 0.0


def test_the_documented_table_is_the_binomial_sum() -> None:
    """docs/alerts.md: how often a warning at 5 % is given, as seen and with confidence, for five true shares."""
    text = (Path(__file__).parents[3] / "docs" / "alerts.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \| (\d+) \| (.* / .*) \|$", text, re.MULTILINE)
    assert len(rows) == 5
    for whole, seen, sure, cells in rows:
        limits = int(seen), int(sure)
        for cell, true in zip(cells.split(" | "), (1, 3, 10, 20, 50), strict=True):
            found = [float(100 * tail(limit, int(whole), Fraction(true, 100))) for limit in limits]
            assert cell == " / ".join(f"{percent:.1f}" for percent in found)
