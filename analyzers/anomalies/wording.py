"""Numbers and windows as findings write them."""

from __future__ import annotations

from typing import Final

from analyzers.numbers import counted
from analyzers.spans import spoken

__all__ = ["among", "number", "odds", "share", "spoken"]

_LEAST_TOLD: Final = 100
"""Probabilities with more zeros than this all mean the same."""


def share(value: float) -> str:
    """Return a share as percent with two significant digits or more: ``0.043 %``, ``12.5 %``."""
    percent = 100 * value
    return f"{percent:.1f} %" if percent >= 1 else f"{percent:.2g} %"


def number(value: float) -> str:
    """Return a count that need not be whole: ``1,204``, ``0.4``."""
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"  # noqa: PLR2004


def odds(score: float) -> str:
    """Return a probability by its score, with one digit: ``probability 3e-7``."""
    if score >= _LEAST_TOLD:
        return f"probability below 1e-{_LEAST_TOLD}"
    digits, _, exponent = f"{10**-score:.0e}".partition("e")
    return f"probability {digits}e{int(exponent)}"


def among(documents: int, requests: int) -> str:
    """Return what numbers rest on: ``204 requests``, or ``204 kept of 2,040 requests``."""
    return counted(requests, "request") if documents == requests else f"{documents:,} kept of {requests:,} requests"
