"""The weekly report as a value; every rendering shows the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analyzers.analysis import State, Unit
from analyzers.numbers import ratio
from analyzers.reports.weeks import IsoWeek
from analyzers.sampling import Sampling
from analyzers.sla import Compliance, RequestObjective
from analyzers.store.query import EVERYTHING, Predicate, Window


@dataclass(frozen=True, slots=True)
class Totals:
    """The measures of some requests.

    Attributes:
        requests: All of them.
        errors: Those with a status of 500 or above.
        measured: Those with a response time.
        p50: Median response time in seconds; ``None`` when none was measured. Likewise ``p95`` and ``p99``.
    """

    requests: int
    errors: int
    measured: int
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def error_rate(self) -> float | None:
        """Errors per request; ``None`` without requests."""
        return ratio(self.errors, self.requests)

    @property
    def availability(self) -> float | None:
        """The share of requests that did not fail; ``None`` without requests."""
        return ratio(self.requests - self.errors, self.requests)


class Trend(StrEnum):
    """Whether a change is for the better."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of the week beside that of the week before.

    Attributes:
        name: The measure's name in JSON.
        title: Its name for people.
        unit: What the number is.
        basis: The events it rests on, this week and the week before.
        value: This week; ``None`` when unmeasured.
        before: The week before; ``None`` when unmeasured.
        less_is_better: Whether a fall is good news; ``None`` where neither is.
    """

    name: str
    title: str
    unit: Unit
    basis: tuple[int, int]
    value: float | None
    before: float | None
    less_is_better: bool | None

    @property
    def change(self) -> float | None:
        """The difference for ratios, the relative change for the rest; ``None`` where there is nothing to compare."""
        if self.value is None or self.before is None:
            return None
        if self.unit is Unit.RATIO:
            return self.value - self.before
        return (self.value - self.before) / self.before if self.before else None

    @property
    def trend(self) -> Trend:
        """Whether the change is for the better."""
        change = self.change
        if not change or self.less_is_better is None:
            return Trend.NEUTRAL
        return Trend.BETTER if (change < 0) is self.less_is_better else Trend.WORSE


@dataclass(frozen=True, slots=True)
class Slot:
    """A day or an hour of the week; ``totals`` is ``None`` when nothing was recorded in it."""

    window: Window
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint's share of the week; ``route`` is ``None`` for requests that matched none."""

    route: str | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class Promise:
    """An objective this week and the week before."""

    objective: RequestObjective
    now: Compliance
    before: Compliance


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """One ISO week.

    Attributes:
        week: Which.
        zone: The IANA zone whose calendar it follows.
        window: Its span in UTC.
        store: How a person names the store that it was made from.
        state: The judgement of the objectives together.
        verdict: That judgement in words.
        totals: This week.
        before: The week before.
        figures: The measures of both, for comparison.
        promises: The objectives.
        days: The seven days, with and without events.
        hours: Every elapsed hour, with and without events.
        by_requests: The endpoints with the most requests.
        by_errors: The endpoints with the most errors; those without any are left out.
        slowest: The endpoints with the highest p95, over enough measured requests.
        endpoints: How many endpoints there were.
        sampling: What the week was sampled from; ``None`` when every request was kept.
        where: Which requests count.
        held_since: The first request that the store held when the report was made; ``None`` when it held none.
    """

    week: IsoWeek
    zone: str
    window: Window
    store: str
    state: State
    verdict: str
    totals: Totals
    before: Totals
    figures: tuple[Figure, ...]
    promises: tuple[Promise, ...]
    days: tuple[Slot, ...]
    hours: tuple[Slot, ...]
    by_requests: tuple[Endpoint, ...]
    by_errors: tuple[Endpoint, ...]
    slowest: tuple[Endpoint, ...]
    endpoints: int
    sampling: Sampling | None = None
    where: Predicate = EVERYTHING
    held_since: datetime | None = None

    @property
    def busiest(self) -> Slot | None:
        """The hour with the most requests, the first of equals; ``None`` in a week without any."""
        busy = [slot for slot in self.hours if slot.totals is not None]
        return max(busy, key=lambda slot: slot.totals.requests if slot.totals else 0, default=None)

    @property
    def days_recorded(self) -> int:
        """How many of the days have events."""
        return sum(slot.totals is not None for slot in self.days)
