"""The same hours of the weeks before: what bad events there usually are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from analyzers.explanation.counting import tallies
from analyzers.explanation.model import Condition, Week
from analyzers.explanation.request import ExplainRequest, Tally
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.store.zones import load_zone

_WEEK = timedelta(days=7)
NOTHING = Tally(0, 0)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The weeks before.

    Attributes:
        weeks: Each; the last one first.
        whole: All events of theirs together.
        conditions: Those of each condition.
    """

    weeks: tuple[Week, ...]
    whole: Tally
    conditions: tuple[Tally, ...]

    def expected(self, number: int, now: Tally, everything: Tally) -> Fraction:
        """Return how many of a condition's events would usually be bad.

        Args:
            number: Which condition.
            now: Its events in the window.
            everything: All events of the window.
        """
        own, others = self.conditions[number], everything.without(now)
        rate = own.rate if own.counted else (self.whole.rate if self.whole.counted else others.rate)
        return now.counted * (rate or Fraction(0))


def weeks_before(window: Window, zone: ZoneInfo, weeks: int) -> tuple[tuple[int, Window | None], ...]:
    """Return the same hours of the clock in the weeks before, ``None`` where the clock skipped them.

    Of a window longer than a week they are so many weeks apart that none overlaps the next.
    """
    step = -(-window.length // _WEEK)
    return tuple((number * step, _moved(window, zone, number * step)) for number in range(1, weeks + 1))


def read_baseline(store: Store, request: ExplainRequest, conditions: Sequence[tuple[Condition, ...]]) -> Baseline:
    """Count conditions in the weeks before, by one query a week."""
    weeks, found = [], []
    for back, window in weeks_before(request.window, load_zone(request.zone), request.weeks):
        whole, each = (NOTHING, ()) if window is None else tallies(store, request, window, conditions)
        weeks.append(Week(back, window, whole))
        found.append(each or (NOTHING,) * len(conditions))
    sums = tuple(_sum([week[number] for week in found]) for number in range(len(conditions)))
    return Baseline(tuple(weeks), _sum([week.tally for week in weeks]), sums)


def _moved(window: Window, zone: ZoneInfo, weeks: int) -> Window | None:
    start, end = (_back(instant, zone, weeks) for instant in (window.start, window.end))
    return Window(start, end) if start < end else None


def _back(instant: datetime, zone: ZoneInfo, weeks: int) -> datetime:
    return (instant.astimezone(zone) - weeks * _WEEK).astimezone(UTC)


def _sum(found: Sequence[Tally]) -> Tally:
    return Tally(sum(each.counted for each in found), sum(each.bad for each in found))
