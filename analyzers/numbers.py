"""Exact arithmetic for judgements, and numbers in words that never contradict them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

_MOST_DECIMALS: Final = 9


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
    """Return seconds with three significant digits and the unit: ``0.234 s``, ``12.3 s``, ``1,230 s``."""
    if value == 0:
        return "0 s"
    magnitude = max(0, len(str(int(abs(value)))) if abs(value) >= 1 else _leading(value))
    decimals = max(0, 3 - magnitude) if abs(value) >= 1 else magnitude + 2
    return f"{value:,.{decimals}f} s"


def counted(number: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is due: ``1 request``, ``1,204 requests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _leading(value: float) -> int:
    """Return the position of the first digit that is not zero after the decimal point, from 1."""
    return max(1, -int(f"{value:e}".partition("e")[2]))


def _rounded(value: Fraction, decimals: int) -> str:
    """Round half to even in exact arithmetic."""
    scaled = round(value * 10**decimals)
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled)).zfill(decimals + 1)
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
