"""Numbers and windows as findings write them."""

from __future__ import annotations

from datetime import datetime

from analyzers.alerts.evaluation import spoken
from analyzers.numbers import counted
from analyzers.store.query import Window

__all__ = ["among", "counted", "number", "odds", "share", "spoken", "when"]


def share(value: float) -> str:
    """Return a share as percent with two significant digits or more: ``0.043 %``, ``12.5 %``."""
    percent = 100 * value
    return f"{percent:.1f} %" if percent >= 1 else f"{percent:.2g} %"


def number(value: float) -> str:
    """Return a count that need not be whole: ``1,204``, ``0.4``."""
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"  # noqa: PLR2004


def odds(score: float) -> str:
    """Return a probability by its score: ``probability 1e-12``."""
    return f"probability 1e-{score:.0f}"


def among(documents: int, requests: int) -> str:
    """Return what numbers rest on: ``204 requests``, or ``204 kept of 2,040 requests``."""
    return counted(requests, "request") if documents == requests else f"{documents:,} kept of {requests:,} requests"


def when(window: Window) -> str:
    """Return a window in words."""
    return spoken(window)


def utc(instant: datetime) -> str:
    """Return an instant in words."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
