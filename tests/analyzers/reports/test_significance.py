"""Chance or not: p values against hand-made tables and SciPy's own tests, and how often no change looks like one."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analyzers.analysis import Unit
from analyzers.blocks import Trend
from analyzers.reports.chance import Share, proportions, signed_rank
from analyzers.reports.significance import LEVEL, Significance, change_of, level_change, paired_days, share_change

MONDAY = date(2026, 3, 2)


def week(values: list[int], start: date = MONDAY) -> dict[date, int]:
    """Return values of consecutive days."""
    return {start + timedelta(days=day): value for day, value in enumerate(values)}


def by_hand(changes: list[int]) -> Fraction:
    """Return the signed-rank p value by trying every sign, ranks as they are written out in a textbook."""
    moved = sorted((abs(change), change) for change in changes if change)
    sizes = [size for size, _ in moved]
    ranks = [Fraction(sizes.index(size) + 1 + sizes.index(size) + sizes.count(size), 2) for size in sizes]
    up = sum((rank for rank, (_, change) in zip(ranks, moved, strict=True) if change > 0), Fraction(0))
    least = min(up, sum(ranks) - up)
    sums = [
        sum((rank for rank, on in zip(ranks, signs, strict=True) if on), Fraction(0)) for signs in _signs(len(ranks))
    ]
    return min(Fraction(1), 2 * Fraction(sum(total <= least for total in sums), len(sums)))


def _signs(pairs: int) -> list[tuple[bool, ...]]:
    return list(product((False, True), repeat=pairs))


def test_seven_days_of_one_mind() -> None:
    """All seven days rose: of 128 ways to give them signs two are as extreme, 1/64."""
    assert signed_rank([Fraction(n) for n in range(1, 8)], Fraction(1)) == Fraction(1, 64)


def test_one_small_day_against_six() -> None:
    """The least change went the other way: four of 128 ways are as extreme."""
    assert signed_rank([Fraction(n) for n in (-1, 2, 3, 4, 5, 6, 7)], Fraction(1)) == Fraction(1, 32)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=9))
def test_signed_ranks_are_those_of_every_sign(changes: list[int]) -> None:
    """Ties and zeros included, the value is the share of all ways to give signs, worked out by trying them."""
    positive = sum(change > 0 for change in changes)
    for difference in (Fraction(1), Fraction(-1)):
        value = signed_rank([Fraction(change) for change in changes], difference)
        assert value in {by_hand(changes), Fraction(1)}
        assert positive != len(changes) or (value == 1) == (difference < 0 or by_hand(changes) == 1)


@given(st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=6, max_size=30, unique_by=abs))
def test_signed_ranks_agree_with_scipy(changes: list[int]) -> None:
    """Without ties, SciPy's exact test gives the same value where the whole moved as the ranks did."""
    values = [signed_rank([Fraction(change) for change in changes], Fraction(sign)) for sign in (1, -1)]
    assert float(min(values)) == pytest.approx(stats.wilcoxon(changes, method="exact").pvalue)


def test_fisher_is_that_of_the_tea() -> None:
    """Fisher's lady tasting tea: three of four cups right, two-sided 0.4857 (34/70)."""
    assert proportions(Share(3, 4), Share(1, 4)) == pytest.approx(34 / 70)


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_fisher_agrees_with_scipy(then: int, now: int, data: st.DataObject) -> None:
    """Any table of two shares has the value of SciPy's exact test."""
    first, second = data.draw(st.integers(0, then)), data.draw(st.integers(0, now))
    expected = stats.fisher_exact([[first, then - first], [second, now - second]]).pvalue
    assert proportions(Share(first, then), Share(second, now)) == pytest.approx(expected, rel=1e-6)


def test_great_counts_are_compared_by_their_scores() -> None:
    """Beyond the exact test's reach the value is that of a chi-squared test without correction."""
    table = [[500_000, 500_000], [501_500, 498_500]]
    expected = stats.chi2_contingency(table, correction=False).pvalue
    assert proportions(Share(500_000, 1_000_000), Share(501_500, 1_000_000)) == pytest.approx(expected, rel=1e-6)


def test_a_days_outage_is_no_trend() -> None:
    """5,000 more errors, all on one day: the proportions alone are sure, the days are not."""
    then = [Share(10, 10_000)] * 7
    now = [Share(9, 10_000), Share(11, 10_000), Share(5_000, 10_000), *[Share(10, 10_000)] * 4]
    assert proportions(Share(70, 70_000), Share(5_060, 70_000)) < 1e-9
    found = share_change(list(zip(then, now, strict=True)))
    assert found is not None
    assert not found.is_sure


def test_every_day_worse_is_a_trend() -> None:
    """An error rate that doubles on all seven days is not chance."""
    found = share_change([(Share(100 + day, 10_000), Share(200 + 2 * day, 10_000)) for day in range(7)])
    assert found is not None
    assert found.p_value == pytest.approx(1 / 64)
    assert "Fisher" in found.method.text


def test_few_events_on_seven_days_are_not_enough() -> None:
    """One error a day less, of ten requests: all days agree, but seven of seventy may be chance."""
    found = share_change([(Share(0, 10), Share(1, 10))] * 4 + [(Share(0, 10), Share(0, 10))] * 3)
    assert found is not None
    assert found.p_value > LEVEL


def test_days_that_contradict_the_whole_decide_nothing() -> None:
    """Six days rose a little, a flood of the week before made its total greater: nobody may call that a fall."""
    pairs = [(float(100 + day), float(110 + 2 * day)) for day in range(6)] + [(10_000.0, 100.0)]
    assert level_change(pairs, sum(now - then for then, now in pairs)) == Significance(
        1.0,
        level_change(pairs, 1).method,  # type: ignore[union-attr]  # seven pairs are tested
    )


def test_too_few_days_are_not_tested() -> None:
    """Five pairs can never be significant: there is no value rather than a great one."""
    assert level_change([(1.0, 2.0)] * 5, 1) is None
    assert share_change([(Share(0, 9), Share(9, 9))] * 5 + [(Share(0, 0), Share(1, 1))]) is None


def test_no_change_is_seldom_significant() -> None:
    """600 pairs of weeks of one distribution, with bad days in some: at most 5 % look like a change (± 2.7 %)."""
    chance = random.Random(20260302)  # noqa: S311 - a simulation
    found = 0
    for _ in range(600):
        days = [_made_day(chance) for _ in range(14)]
        tested = share_change(list(zip(days[:7], days[7:], strict=True)))
        found += tested is not None and tested.is_sure
    assert found / 600 < LEVEL + 0.027


def _made_day(chance: random.Random) -> Share:
    """Return a day of 4,000 to 6,000 requests, whose error rate is itself uncertain, and an outage every tenth day."""
    whole = chance.randint(4_000, 6_000)
    rate = chance.gammavariate(2, 0.005) + (0.2 if chance.random() < 0.1 else 0)
    return Share(min(whole, round(whole * rate)), whole)


def test_days_are_paired_by_weekday() -> None:
    """A Monday with a Monday; a day that one period lacks is left out; months pair their first and second ones."""
    now, before = week([1, 2, 3, 4, 5, 6, 7], MONDAY + timedelta(days=7)), week([10, 20, 30, 40, 50, 60, 70])
    del before[MONDAY + timedelta(days=2)]
    assert paired_days(before, now) == ((10, 1), (20, 2), (40, 4), (50, 5), (60, 6), (70, 7))
    february = week(list(range(28)), date(2026, 2, 1))
    march = week(list(range(31)), date(2026, 3, 1))
    assert paired_days(february, march) == tuple((day, day) for day in range(28))


@pytest.mark.parametrize(
    ("before", "now", "p_value", "less_is_better", "trend"),
    [
        (2.0, 1.0, 0.01, True, Trend.BETTER),
        (1.0, 2.0, 0.01, True, Trend.WORSE),
        (1.0, 2.0, 0.01, False, Trend.BETTER),
        (1.0, 2.0, 0.05, True, Trend.UNSURE),
        (1.0, 2.0, None, True, Trend.UNSURE),
        (1.0, 2.0, 0.01, None, Trend.NEUTRAL),
        (1.0, 1.0, 0.01, True, Trend.NEUTRAL),
        (None, 2.0, 0.01, True, Trend.NEUTRAL),
    ],
)
def test_a_change_is_good_news_only_where_it_is_sure(
    before: float | None,
    now: float,
    p_value: float | None,
    less_is_better: bool | None,  # noqa: FBT001 - a parameter of the cases
    trend: Trend,
) -> None:
    """Chance and the untested are unsure; without comparison or preference there is nothing to say."""
    tested = None if p_value is None else Significance(p_value, level_change([(1.0, 2.0)] * 6, 1).method)  # type: ignore[union-attr]
    assert change_of(before, now, Unit.SECONDS, tested, less_is_better=less_is_better).trend is trend
