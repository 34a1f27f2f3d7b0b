"""Numbers in words never contradict what they were judged as."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.numbers import counted, exact, percent, plain, ratio, seconds, significant


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00 s"),
        (0.000234, "0.000234 s"),
        (0.2344, "0.234 s"),
        (1.5, "1.50 s"),
        (12.34, "12.3 s"),
        (1234.5, "1,234 s"),
    ],
)
def test_seconds_have_three_digits(value: float, text: str) -> None:
    """Short and long times are both legible."""
    assert seconds(value) == text


def test_a_float_is_the_number_it_is_written_as() -> None:
    """0.1 + 0.2 is not three tenths, but 0.3 is."""
    assert exact(0.3) == Fraction(3, 10)
    assert exact(1e-7) == Fraction(1, 10**7)
    assert exact(0.1 + 0.2) > Fraction(3, 10)


def test_decimals_grow_until_a_share_is_apart_from_its_target() -> None:
    """99.8999 % is not shown as 99.90 % beside a target of 99.9 %."""
    target = Fraction(999, 1000)
    assert percent(998_999, 1_000_000, apart_from=target) == "99.8999 %"
    assert percent(999, 1000, apart_from=target) == "99.90 %"
    assert percent(1, 3) == "33.33 %"


@given(st.integers(1, 10**6), st.data())
def test_a_percentage_is_within_its_last_digit(whole: int, data: st.DataObject) -> None:
    """Rounding moves a share by at most half of the last digit shown."""
    part = data.draw(st.integers(0, whole))
    shown = Fraction(percent(part, whole)[:-2])
    assert abs(shown - Fraction(100 * part, whole)) <= Fraction(1, 200)


def test_small_words() -> None:
    """Plurals, trailing zeros and missing denominators."""
    assert (counted(1, "request"), counted(1204, "request")) == ("1 request", "1,204 requests")
    assert (plain(Fraction(999, 10)), plain(Fraction(2)), plain(Fraction(100))) == ("99.9", "2", "100")
    assert (ratio(1, 4), ratio(0, 0)) == (0.25, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("9", "9"),
        ("1234567", "1,234,567"),
        ("1234.5678", "1,235"),
        ("84.96", "85.0"),
        ("0.5", "0.500"),
        ("0.00123456", "0.00123"),
        ("-12.3456", "-12.3"),
    ],
)
def test_any_number_has_three_digits_or_is_whole(value: str, text: str) -> None:
    """Whole numbers are grouped, others are rounded to what can be read."""
    assert significant(Fraction(value)) == text


def test_a_number_beside_a_threshold_is_not_shown_as_it() -> None:
    """84.96 is not 85; 85 is. Decimals that are asked for are there for whole numbers, too."""
    assert significant(Fraction("84.9996"), apart_from=Fraction(85)) == "84.9996"
    assert significant(Fraction(85), apart_from=Fraction(85)) == "85"
    assert significant(Fraction(9), decimals=2) == "9.00"
