"""The analyses that the command line offers, one file each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzers.jobs import availability, errors, latency, throughput
from analyzers.jobs.job import AnalysisJob

_JOBS: Final = (
    AnalysisJob("errors", "Requests, errors (status 500 or above) and their share", errors.run, ("errors", "requests")),
    AnalysisJob(
        "latency",
        "Response times: 50th, 95th and 99th percentile, in seconds",
        latency.run,
        ("p95", "p50", "p99", "measured", "requests"),
    ),
    AnalysisJob("throughput", "Requests, and requests a second", throughput.run, ("requests",)),
    AnalysisJob("availability", "The share of requests that did not fail", availability.run, ("errors", "requests")),
)
ANALYSES: Final[Mapping[str, AnalysisJob]] = MappingProxyType({job.name: job for job in _JOBS})
"""Name of the command to analysis."""

__all__ = ["ANALYSES", "AnalysisJob"]
