"""Exact arithmetic for judgements, and numbers in words that never contradict them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

_MOST_DECIMALS: Final = 9
_SIGNIFICANT: Final = 3


def exact(value: float) -> Fraction:
    """Return the number that a float is written as: ``0.3`` is three tenths, not the binary fraction beside it."""
    return Fraction(str(value))


def ratio(part: int, whole: int) -> float | None:
    """Return ``part / whole`` for showing, ``None`` where there is no whole. Judge the integers, not this."""
    return part / whole if whole else None


def percent(part: int, whole: int, *, apart_from: Fraction | None = None) -> str:
    """Return a share as percent, with at least two decimals.

    Args:
        part: Numerator.
        whole: Denominator, positive.
        apart_from: A target as a fraction of 1. Where the share is not equal to it, decimals are added until the text
            is not either: 99.8999 % never reads as a target of 99.9 % that was missed.
    """
    share = Fraction(part, whole)
    for decimals in range(2, _MOST_DECIMALS):
        text = f"{_rounded(100 * share, decimals)} %"
        if apart_from is None or share == apart_from or _rounded(100 * apart_from, decimals) != text[:-2]:
            return text
    return f"{_rounded(100 * share, _MOST_DECIMALS)} %"


def plain(value: Fraction) -> str:
    """Return a short decimal without trailing zeros: ``99.9``, ``2``, ``0.25``."""
    text = _rounded(value, _MOST_DECIMALS)
    return text.rstrip("0").rstrip(".")


def significant(value: Fraction, *, apart_from: Fraction | None = None, decimals: int = 0) -> str:
    """Return a number with at least three significant digits, thousands grouped; whole numbers as they are.

    Args:
        value: Any number.
        apart_from: A threshold. Where the number is not equal to it, decimals are added until the text is not either.
        decimals: At least so many, also for whole numbers.
    """
    before_point = len(str(abs(int(value)))) if abs(value) >= 1 else 1 - _zeros(abs(value))
    least = decimals if value.denominator == 1 else max(decimals, _SIGNIFICANT - before_point)
    for places in range(max(0, least), _MOST_DECIMALS):
        text = _grouped(value, places)
        if apart_from is None or value == apart_from or _grouped(apart_from, places) != text:
            return text
    return _grouped(value, _MOST_DECIMALS)


def seconds(value: float) -> str:
    """Return seconds with at least three significant digits and the unit: ``0.234 s``, ``12.3 s``, ``1,234 s``."""
    before_point = int(f"{value:e}".partition("e")[2]) + 1
    return f"{value:,.{max(0, _SIGNIFICANT - before_point)}f} s"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is due: ``1 request``, ``1,204 requests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _zeros(value: Fraction) -> int:
    """Return how many zeros follow the point of a number below 1, counted as far as decimals are shown."""
    return next((zeros for zeros in range(_MOST_DECIMALS) if value * 10 ** (zeros + 1) >= 1), 0) + 1


def _grouped(value: Fraction, decimals: int) -> str:
    whole, point, rest = _rounded(value, decimals).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}"


def _rounded(value: Fraction, decimals: int) -> str:
    """Round half to even in exact arithmetic."""
    scaled = round(value * 10**decimals)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
