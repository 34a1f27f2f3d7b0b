"""Capacity: how disk, memory, connections, databases and requests grow, and when what there is of them runs out."""

from analyzers.capacity.forecast import Forecast, Outlook
from analyzers.capacity.model import CapacityPlan, Kind, Planned, Resource
from analyzers.capacity.planning import capacity_plan
from analyzers.capacity.trend import Trend

__all__ = ["CapacityPlan", "Forecast", "Kind", "Outlook", "Planned", "Resource", "Trend", "capacity_plan"]
