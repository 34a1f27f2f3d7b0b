"""Compliance with service-level objectives."""

from analyzers.sla.compliance import run
from analyzers.sla.judgement import Compliance
from analyzers.sla.objectives import AVAILABILITY, DEFAULT_OBJECTIVES, ERROR_RATE, LATENCY, Objective

__all__ = [
    "AVAILABILITY",
    "DEFAULT_OBJECTIVES",
    "ERROR_RATE",
    "LATENCY",
    "Compliance",
    "Objective",
    "run",
]
