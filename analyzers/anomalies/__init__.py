"""What is unusual: against the same hours of the weeks before, and against what clients usually do."""

from analyzers.anomalies.finding import Direction, Finding, Kind
from analyzers.anomalies.scope import Baseline, Scope
from analyzers.anomalies.settings import SEASONAL, AnomalySettings, FloodSettings, ScanSettings, SilenceSettings

__all__ = [
    "SEASONAL",
    "AnomalySettings",
    "Baseline",
    "Direction",
    "Finding",
    "FloodSettings",
    "Kind",
    "ScanSettings",
    "Scope",
    "SilenceSettings",
]
