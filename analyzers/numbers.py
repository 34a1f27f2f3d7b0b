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


def seconds(value: float) -> str:
    """Return seconds with at least three significant digits and the unit: ``0.234 s``, ``12.3 s``, ``1,234 s``."""
    before_point = int(f"{value:e}".partition("e")[2]) + 1
    return f"{value:,.{max(0, _SIGNIFICANT - before_point)}f} s"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is due: ``1 request``, ``1,204 requests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _rounded(value: Fraction, decimals: int) -> str:
    """Round half to even in exact arithmetic."""
    scaled = round(value * 10**decimals)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
