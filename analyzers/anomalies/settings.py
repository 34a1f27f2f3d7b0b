"""What the detectors are told: whose events, how much history, and from when on something is an anomaly."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from analyzers.anomalies.finding import Kind
from analyzers.anomalies.scope import Baseline, Scope, hold, hold_clients, hold_probability, hold_window

_HOUR = timedelta(hours=1)
SEASONAL = (Kind.RATE, Kind.ERRORS, Kind.LATENCY, Kind.ERROR_DRIFT, Kind.LATENCY_DRIFT)
"""What :class:`AnomalySettings` can be about."""


@dataclass(frozen=True, slots=True)
class AnomalySettings:
    """Rate, errors and latency against the same hours of the weeks before.

    Attributes:
        kinds: Which of :data:`SEASONAL` are judged; each is a signal of its own.
        scope: Whose events.
        baseline: What is usual.
        window: The window that is judged, up to the instant; whole minutes.
        long_window: A second, longer one for shares of errors and slow requests, which finds what is too rare for the
            first; it counts only while the first is not below what is plausible, so that it ends with the trouble.
        minimum_events: With fewer documents in the window shares are unmeasured.
        least_rate: With fewer documents in the window no rate is too high.
        least_errors: With fewer failed documents in the window no share of errors is too high.
        probability: How improbable a rate or a share of slow requests must be where all is as usual.
        error_probability: The same of a share of errors; the least share and number of errors guard it besides.
        error_tolerance: So many times the usual share of errors is still plausible.
        least_error_share: An error share below this is no anomaly.
        critical_error_share: From this share on (by its lower bound) an anomaly of errors is critical.
        slow_tolerance: So many times the usual share of slow requests is still plausible.
        critical_slow_share: From this share of slow requests on (by its lower bound) an anomaly is critical.
        drift_days: Over how many of the last whole days a creeping change is summed up.
        drift_slack: What a day may deviate, in standard deviations, before it counts for the sum (CUSUM's ``k``).
        drift_limit: The sum that is an anomaly (CUSUM's ``h``), in standard deviations.
        drift_tolerance: So many times the usual share of slow requests half of the days of the sum must have, to be
            worth a word; of errors it is ``error_tolerance``.
        least_error_drift: The share of errors that half of these days must have at least.

    Raises:
        AtalaiaError: When the numbers cannot be meant.
    """

    kinds: tuple[Kind, ...] = SEASONAL
    scope: Scope = field(default_factory=Scope)
    baseline: Baseline = field(default_factory=Baseline)
    window: timedelta = _HOUR
    long_window: timedelta = 6 * _HOUR
    minimum_events: int = 20
    least_rate: int = 50
    least_errors: int = 5
    probability: float = 1e-6
    error_probability: float = 1e-4
    error_tolerance: float = 2.0
    least_error_share: float = 0.005
    critical_error_share: float = 0.05
    slow_tolerance: float = 2.0
    critical_slow_share: float = 0.5
    drift_days: int = 14
    drift_slack: float = 0.75
    drift_limit: float = 8.0
    drift_tolerance: float = 1.25
    least_error_drift: float = 0.002

    def __post_init__(self) -> None:
        hold(bool(self.kinds) and set(self.kinds) <= set(SEASONAL), f"kinds are of {', '.join(SEASONAL)}")
        hold_window(self.window)
        hold_window(self.long_window)
        hold(self.long_window >= self.window, "the long window is not shorter than the window")
        least = min(self.minimum_events, self.least_rate, self.least_errors)
        hold(least >= 1, "the least numbers of events are at least 1")
        hold_probability(self.probability)
        hold_probability(self.error_probability)
        shares = (self.least_error_share, self.least_error_drift, self.critical_error_share, self.critical_slow_share)
        hold(all(0 < share < 1 for share in shares), "shares are between 0 and 1")
        hold(min(self.error_tolerance, self.slow_tolerance, self.drift_tolerance) >= 1, "tolerances are at least 1")
        hold(1 <= self.drift_days < 7 * (self.baseline.weeks - 1), "a drift leaves at least a week of the baseline")
        hold(self.drift_slack >= 0 and self.drift_limit > 0, "a drift's slack and limit are positive")


@dataclass(frozen=True, slots=True)
class FloodSettings:
    """One client, or one network, that asks for far more than busy clients do.

    Attributes:
        scope: Whose events; the zone is not used.
        window: The window that is judged; whole minutes.
        floor: With fewer requests in the window nobody floods.
        factor: So many times what a busy client sends in an hour must come within the window.
        quantile: Which quantile of the busy clients' hours of the baseline is what a busy client sends.
        days: How many whole UTC days before today the baseline has.
        clients: How many of the busiest clients of the baseline are looked at.
        ipv4_prefix: The size of a network of IPv4.
        ipv6_prefix: The size of a network of IPv6.
        critical: From so many times the limit on it is critical.

    Raises:
        AtalaiaError: When the numbers cannot be meant.
    """

    scope: Scope = field(default_factory=Scope)
    window: timedelta = timedelta(minutes=10)
    floor: int = 300
    factor: float = 5.0
    quantile: float = 0.99
    days: int = 7
    clients: int = 100
    ipv4_prefix: int = 24
    ipv6_prefix: int = 48
    critical: float = 5.0

    def __post_init__(self) -> None:
        hold_clients(self.window, self.days, self.clients, self.quantile)
        hold(self.floor >= 1 and self.factor >= 1 and self.critical >= 1, "floor and factors are at least 1")
        hold(0 < self.ipv4_prefix <= 32 and 0 < self.ipv6_prefix <= 128, "a prefix is one of its kind of address")  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """One client that tries many paths which do not exist, or is refused again and again.

    Attributes:
        scope: Whose events; the zone is not used.
        window: The window that is judged; whole minutes.
        paths: From so many different paths with 404 on it is a scan.
        refusals: From so many answers of 401 or 403 on it is one.
        factor: So many times what such clients usually get of either in an hour must come within the window.
        quantile: Which quantile of the clients' hours of the baseline is what is usual.
        days: How many whole UTC days before today the baseline has.
        clients: How many clients are looked at, and how many named at most.
        critical: From so many times the limit on it is critical.

    Raises:
        AtalaiaError: When the numbers cannot be meant.
    """

    scope: Scope = field(default_factory=Scope)
    window: timedelta = timedelta(minutes=10)
    paths: int = 15
    refusals: int = 20
    factor: float = 3.0
    quantile: float = 0.99
    days: int = 7
    clients: int = 50
    critical: float = 10.0

    def __post_init__(self) -> None:
        hold_clients(self.window, self.days, self.clients, self.quantile)
        hold(self.paths >= 1 and self.refusals >= 1, "paths and refusals are at least 1")
        hold(self.factor >= 1 and self.critical >= 1, "factors are at least 1")


@dataclass(frozen=True, slots=True)
class SilenceSettings:
    """No or hardly any events where the weeks before had enough.

    Attributes:
        scope: Whose events.
        baseline: What is usual.
        windows: Lengths of silence that are tried, ascending; whole minutes. The shortest that is improbable counts.
        probability: How improbable the silence must be: of a Poisson count with the expected mean.
        share: More than this share of what is expected is no silence, however improbable; fewer requests are for the
            anomaly of the rate.

    Raises:
        AtalaiaError: When the numbers cannot be meant.
    """

    scope: Scope = field(default_factory=Scope)
    baseline: Baseline = field(default_factory=Baseline)
    windows: tuple[timedelta, ...] = (
        timedelta(minutes=15), timedelta(minutes=30), _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 24 * _HOUR,
    )  # fmt: skip
    probability: float = 1e-6
    share: float = 0.02

    def __post_init__(self) -> None:
        hold(bool(self.windows) and list(self.windows) == sorted(set(self.windows)), "windows ascend")
        for window in self.windows:
            hold_window(window)
        hold_probability(self.probability)
        hold(0 <= self.share < 1, "the share is at least 0 and below 1")
