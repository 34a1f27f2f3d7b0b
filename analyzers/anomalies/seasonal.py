"""What is usual at an hour of the week: samples of the weeks before, brought to the level of today.

A window is compared with the windows of the same local wall time one to ``weeks`` weeks before. Each of them is
scaled by the ratio of the level then to the level now, where a level is the median of the seven whole days before:
growth moves the expectation, a holiday or an incident within those days does not. The middle of the samples is their
median, the spread their median absolute deviation (Hampel, JASA 69, 1974), pooled with the hours right before and
after, because eight numbers tell little about a spread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import sqrt
from statistics import fmean, median
from typing import Final
from zoneinfo import ZoneInfo

from analyzers.anomalies.cells import NOTHING, Cell
from analyzers.anomalies.scope import Baseline
from analyzers.anomalies.source import Past, Source
from analyzers.store.instants import from_millis, to_millis
from analyzers.store.query import Window
from analyzers.store.zones import first_instant, hour_start, load_zone

_WEEK: Final = 7
_MOST_GROWTH: Final = 2.0
"""A level that seems to have changed by more than this factor is not growth; the expectation follows no further."""
_LEAST_LEVEL: Final = 20
"""Requests a day below which levels are not compared."""
_MAD_TO_DEVIATION: Final = 1.4826
"""The standard deviation of a normal distribution by its median absolute deviation."""
_LEAST_FOR_SPREAD: Final = 5.0
"""Hours with fewer usual requests tell of nothing but Poisson noise."""


@dataclass(frozen=True)
class Season:
    """The time before an instant, as far as a baseline reaches.

    Attributes:
        source: Where counts come from.
        baseline: How far back.
        instant: The instant; nothing later is looked at.
    """

    source: Source
    baseline: Baseline
    instant: datetime

    @cached_property
    def past(self) -> Past:
        """The hours and days before, from a week before the baseline on."""
        start = first_instant(self.zone, self.today - timedelta(days=_WEEK * (self.baseline.weeks + 1)))
        return self.source.past(Window(from_millis(start), self._hour_of(self.instant)))

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone whose hours are compared."""
        return load_zone(self.source.scope.zone)

    @property
    def today(self) -> date:
        """The local date of the instant."""
        return self.instant.astimezone(self.zone).date()

    @cached_property
    def days(self) -> tuple[tuple[date, Cell], ...]:
        """The whole local days of the baseline that are not before the first event, oldest first."""
        dates = (self.today - timedelta(days=back) for back in range(_WEEK * self.baseline.weeks, 0, -1))
        return tuple((day, self.past.days.get(day, NOTHING)) for day in dates if self._covers(day))

    @property
    def weeks(self) -> int:
        """How many whole weeks of events there are before today, at most those of the baseline."""
        return len(self.days) // _WEEK

    def samples(self, window: Window) -> tuple[float, ...]:
        """Return how many requests the same window had in the weeks before, at the level of now; the last week first.

        Weeks before the first event are left out, and windows that daylight saving has skipped.
        """
        if window not in self._samples:
            now = self._level(self._date(window.start))
            self._samples[window] = tuple(
                self.requests(moved) * self._growth(now, moved) * (window.length / moved.length)
                for moved in self.moved(window)
            )
        return self._samples[window]

    def moved(self, window: Window) -> Iterator[Window]:
        """Yield the same local window of the weeks before."""
        for week in range(1, self.baseline.weeks + 1):
            yield from self.back(window, _WEEK * week)

    def back(self, window: Window, days: int) -> Iterator[Window]:
        """Yield the same local window so many days before, if there is such a one after the first event."""
        start, end = self._earlier(window.start, days), self._earlier(window.end, days)
        if start < end and self.past.first is not None and start >= self.past.first:
            yield Window(start, end)

    def requests(self, window: Window) -> float:
        """Return how many requests a past window had; of an hour that lies in it partly, that part of them."""
        return sum(share * cell.requests for share, cell in self.parts(window))

    def parts(self, window: Window) -> Iterator[tuple[float, Cell]]:
        """Yield the hours that a past window touches, each with the share of it that lies in the window."""
        edges, hours = self.past.edges, self.past.hours
        first, last = to_millis(window.start), to_millis(window.end)
        place = bisect_right(edges, first) - 1
        while 0 <= place < len(edges) - 1 and edges[place] < last:
            start, end = edges[place], edges[place + 1]
            cell = hours.get(from_millis(start))
            if cell is not None:
                yield (min(end, last) - max(start, first)) / (end - start), cell
            place += 1

    def spread(self, window: Window) -> float:
        """Return the relative standard deviation of the rate at this hour of the week, beside its Poisson noise."""
        deviations: list[float] = []
        noise: list[float] = []
        for shift in (-1, 0, 1):
            moved = Window(window.start + timedelta(hours=shift), window.end + timedelta(hours=shift))
            samples = self.samples(moved)
            middle = median(samples) if samples else 0.0
            if middle >= _LEAST_FOR_SPREAD:
                deviations += [abs(each - middle) / middle for each in samples]
                noise.append(1 / middle)
        if not deviations:
            return self.baseline.dispersion
        square = (_MAD_TO_DEVIATION * median(deviations)) ** 2 - fmean(noise)
        return max(self.baseline.dispersion, sqrt(max(0.0, square)))

    def _growth(self, now: float, moved: Window) -> float:
        then = self._level(self._date(moved.start))
        if now < _LEAST_LEVEL or then < _LEAST_LEVEL:
            return 1.0
        return min(_MOST_GROWTH, max(1 / _MOST_GROWTH, now / then))

    def _level(self, day: date) -> float:
        if day not in self._levels:
            totals = self._totals(day)
            self._levels[day] = median(totals) if len(totals) > _WEEK // 2 else 0.0
        return self._levels[day]

    @cached_property
    def _samples(self) -> dict[Window, tuple[float, ...]]:
        return {}

    @cached_property
    def _levels(self) -> dict[date, float]:
        return {}

    def _totals(self, day: date) -> Sequence[int]:
        dates = (day - timedelta(days=back) for back in range(1, _WEEK + 1))
        return [self.past.days.get(each, NOTHING).requests for each in dates if self._covers(each)]

    def _covers(self, day: date) -> bool:
        first = self.past.first
        return first is not None and day > self._date(first)

    def _date(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def _hour_of(self, instant: datetime) -> datetime:
        return from_millis(hour_start(self.zone, to_millis(instant)))

    def _earlier(self, instant: datetime, days: int) -> datetime:
        return (instant.astimezone(self.zone) - timedelta(days=days)).astimezone(UTC)
