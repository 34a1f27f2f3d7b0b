"""Plan the capacity: what grows how fast, and when it runs out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from analyzers.capacity.forecast import HORIZON, Outlook, forecast
from analyzers.capacity.model import CapacityPlan, Planned, Resource
from analyzers.capacity.resources import resources
from analyzers.capacity.trend import trend_of
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, Predicate, Window


def capacity_plan(store: Store, window: Window, zone: ZoneInfo, where: Predicate = EVERYTHING) -> CapacityPlan:
    """Return what runs out when, by the history of a window.

    Args:
        store: Where samples and requests are.
        window: The history; 90 days are what a store keeps of samples.
        zone: Whose days are counted.
        where: Which requests count; samples are of machines and servers, and count all.

    Raises:
        StoreError: When the store cannot answer.
    """
    planned = [plan_of(each) for each in resources(store, window, zone, where)]
    return CapacityPlan(window, zone.key, tuple(sorted(planned, key=_urgency)))


def plan_of(resource: Resource) -> Planned:
    """Return when one resource runs out."""
    trend = trend_of(resource.days)
    return Planned(resource, trend, forecast(trend, resource.used, resource.limit))


def _urgency(planned: Planned) -> tuple[int, int, str, tuple[str, ...]]:
    """Order by the day: full, then certain days, then possible ones, then what has none."""
    told = planned.forecast
    rank = 0 if told.outlook is Outlook.FULL else 1 if told.outlook is Outlook.RUNS_OUT else 2
    day = told.days or told.earliest or HORIZON + 1
    return rank, day, planned.resource.kind.value, planned.resource.place
