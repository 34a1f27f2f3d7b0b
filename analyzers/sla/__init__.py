"""Compliance with service-level objectives."""

from analyzers.sla.compliance import run
from analyzers.sla.objectives import AVAILABILITY, DEFAULT_OBJECTIVES, ERROR_RATE, LATENCY, RequestObjective
from analyzers.sla.share import Compliance

__all__ = [
    "AVAILABILITY",
    "DEFAULT_OBJECTIVES",
    "ERROR_RATE",
    "LATENCY",
    "Compliance",
    "RequestObjective",
    "run",
]
