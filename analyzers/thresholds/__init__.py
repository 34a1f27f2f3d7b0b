"""When a measure is worth a warning, and when it is critical."""

from analyzers.thresholds.loading import ThresholdError, load_thresholds
from analyzers.thresholds.model import Limit, Profile, Severity, Thresholds

__all__ = ["Limit", "Profile", "Severity", "ThresholdError", "Thresholds", "load_thresholds"]
