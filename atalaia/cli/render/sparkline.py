"""A trend in one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

MARKS: Final = "▁▂▃▄▅▆▇█"
GAP: Final = "·"
"""Nothing was measured here; never drawn as a zero."""
WIDTH: Final = 60
"""The most marks in a line, so that it fits beside its label in 80 columns."""


def sparkline(values: Sequence[float | None], *, width: int = WIDTH) -> str:
    """Return one mark for each value, or for the greatest of each run of values when there are too many.

    The lowest mark is zero and the highest the greatest value, so that two heights compare as the values do.

    Args:
        values: In order of time; ``None`` where nothing was measured.
        width: The most marks.
    """
    peaks = [_peak(run) for run in _runs(values, run_length(len(values), width))]
    top = max((value for value in peaks if value is not None), default=0.0)
    return "".join(GAP if value is None else _mark(value, top) for value in peaks)


def run_length(count: int, width: int = WIDTH) -> int:
    """Return how many values share one mark."""
    return max(1, -(-count // width))


def _runs(values: Sequence[float | None], length: int) -> list[Sequence[float | None]]:
    return [values[start : start + length] for start in range(0, len(values), length)]


def _peak(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _mark(value: float, top: float) -> str:
    if top <= 0:
        return MARKS[0]
    return MARKS[min(len(MARKS) - 1, int(value / top * len(MARKS)))]
