"""Cut a span of time into slices of few events each, so that reading documents needs little memory.

A day's events are counted by the second, a very full second by the millisecond: at most 86,400 numbers at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Tally: TypeAlias = Callable[["Slice", int], Mapping[int, int]]
"""Counts the events of a slice: by step of so many milliseconds, counted from the slice's start; empty steps left out.
"""

_STEPS: Final = (1_000, 1)


@dataclass(frozen=True, slots=True)
class Slice:
    """A half-open span of time, in milliseconds since 1970."""

    start: int
    end: int


def cut(whole: Slice, rows: int, most: int, tally: Tally, *, newest_first: bool) -> Iterator[Slice]:
    """Yield slices that together hold every event of a span, in order.

    Args:
        whole: The span.
        rows: At most how many events it holds.
        most: How many a slice may hold. A single millisecond may hold more.
        tally: Counts events.
        newest_first: Whether the last slice comes first.
    """
    yield from _cut(whole, rows, most, tally, _STEPS, newest_first=newest_first)


def _cut(
    whole: Slice, rows: int, most: int, tally: Tally, steps: Sequence[int], *, newest_first: bool
) -> Iterator[Slice]:
    if rows <= most or not steps:
        yield whole
        return
    step, *finer = steps
    counts = tally(whole, step)
    for first, last, held in _runs(counts, most, newest_first=newest_first):
        part = Slice(whole.start + first * step, min(whole.end, whole.start + (last + 1) * step))
        yield from _cut(part, held, most, tally, finer, newest_first=newest_first)


def _runs(counts: Mapping[int, int], most: int, *, newest_first: bool) -> Iterator[tuple[int, int, int]]:
    """Yield runs of neighbouring steps with few events each: the first step, the last one, the events."""
    places: list[int] = []
    held = 0
    for place in sorted(counts, reverse=newest_first):
        if places and held + counts[place] > most:
            yield min(places), max(places), held
            places, held = [], 0
        places.append(place)
        held += counts[place]
    if places:
        yield min(places), max(places), held
