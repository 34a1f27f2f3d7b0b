"""``[[rule]]`` of the kinds ``anomaly``, ``flood``, ``scan`` and ``silence``."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal, Self, TypeAlias, TypeVar

from pydantic import Field, PlainValidator, StrictInt, model_validator

from analyzers.alerts.rules.detectors import anomaly_rule, flood_rule, scan_rule, silence_rule
from analyzers.alerts.rules.file.common import RuleForm
from analyzers.alerts.rules.file.streams import condition, schema_of
from analyzers.alerts.rules.file.threshold import Stream
from analyzers.alerts.rules.file.values import Duration, Events, Form, Percent, Positive, Text, known
from analyzers.alerts.signal import Evaluate
from analyzers.anomalies.finding import Kind
from analyzers.anomalies.scope import Baseline, Scope
from analyzers.anomalies.settings import (
    SEASONAL,
    AnomalySettings,
    FloodSettings,
    ScanSettings,
    SilenceSettings,
)
from analyzers.store.query import EVERYTHING, Predicate
from logging_lib.errors import AtalaiaError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Settings = TypeVar("_Settings", bound="DataclassInstance")


def _seasonal(value: object) -> Kind:
    return Kind(known(str(value), tuple(kind.value for kind in SEASONAL), "kind of anomaly"))


SeasonalKind: TypeAlias = Annotated[Kind, PlainValidator(_seasonal)]
Whole: TypeAlias = Annotated[StrictInt, Field(ge=1)]


class UnusualForm(RuleForm):
    """What the four have in common."""

    stream: Stream = "logs-web.request"
    where: Text | None = None

    @model_validator(mode="after")
    def _can_be_meant(self) -> Self:
        try:
            _ = self.predicate
            self.evaluate(Scope())
        except AtalaiaError as error:
            raise ValueError(str(error)) from error
        return self

    @property
    def predicate(self) -> Predicate:
        """Which of the stream's events are looked at."""
        return EVERYTHING if self.where is None else condition(self.where, schema_of(self.stream))

    @abstractmethod
    def evaluate(self, scope: Scope) -> Evaluate:
        """Return the judgement.

        Args:
            scope: Whose events.

        Raises:
            AtalaiaError: When the settings cannot be meant.
        """


class _Usual(Form):
    """``baseline``: what is usual."""

    weeks: Whole | None = None
    least_weeks: Whole | None = None
    dispersion: Percent | None = None

    @property
    def baseline(self) -> Baseline:
        """The detector's own form."""
        return _chosen(self, Baseline(), _Usual.model_fields)


class AnomalyForm(UnusualForm):
    """Rate, errors and latency against the same hours of the weeks before."""

    kind: Literal["anomaly"]
    kinds: tuple[SeasonalKind, ...] = SEASONAL
    baseline: _Usual = _Usual()
    window: Duration | None = None
    long_window: Duration | None = None
    minimum_events: Events | None = None
    least_rate: Events | None = None
    least_errors: Events | None = None
    probability: Percent | None = None
    error_probability: Percent | None = None
    error_tolerance: Positive | None = None
    least_error_share: Percent | None = None
    critical_error_share: Percent | None = None
    slow_tolerance: Positive | None = None
    critical_slow_share: Percent | None = None
    drift_days: Whole | None = None
    drift_slack: Positive | None = None
    drift_limit: Positive | None = None
    drift_tolerance: Positive | None = None
    least_error_drift: Percent | None = None

    def evaluate(self, scope: Scope) -> Evaluate:
        """Return the judgement."""
        settings = AnomalySettings(scope=scope, baseline=self.baseline.baseline)
        return anomaly_rule(self.name, _chosen(self, settings, _own(AnomalyForm)))


class FloodForm(UnusualForm):
    """One client, or one network, that asks for far more than busy clients do."""

    kind: Literal["flood"]
    window: Duration | None = None
    floor: Whole | None = None
    factor: Positive | None = None
    quantile: Percent | None = None
    days: Whole | None = None
    clients: Whole | None = None
    ipv4_prefix: Whole | None = None
    ipv6_prefix: Whole | None = None
    critical: Positive | None = None

    def evaluate(self, scope: Scope) -> Evaluate:
        """Return the judgement."""
        return flood_rule(self.name, _chosen(self, FloodSettings(scope=scope), _own(FloodForm)))


class ScanForm(UnusualForm):
    """One client that tries many paths which do not exist, or is refused again and again."""

    kind: Literal["scan"]
    window: Duration | None = None
    paths: Whole | None = None
    refusals: Whole | None = None
    factor: Positive | None = None
    quantile: Percent | None = None
    days: Whole | None = None
    clients: Whole | None = None
    critical: Positive | None = None

    def evaluate(self, scope: Scope) -> Evaluate:
        """Return the judgement."""
        return scan_rule(self.name, _chosen(self, ScanSettings(scope=scope), _own(ScanForm)))


class SilenceRuleForm(UnusualForm):
    """No or hardly any events where the weeks before had enough."""

    kind: Literal["silence"]
    baseline: _Usual = _Usual()
    windows: Annotated[tuple[Duration, ...], Field(min_length=1)] | None = None
    probability: Percent | None = None
    share: Percent | None = None

    def evaluate(self, scope: Scope) -> Evaluate:
        """Return the judgement."""
        settings = SilenceSettings(scope=scope, baseline=self.baseline.baseline)
        return silence_rule(self.name, _chosen(self, settings, _own(SilenceRuleForm)))


def _own(form: type[UnusualForm]) -> set[str]:
    """Return the keys of a form that are the detector's settings under the same names."""
    return set(form.model_fields) - set(UnusualForm.model_fields) - {"kind", "baseline"}


def _chosen(form: Form, settings: _Settings, names: Iterable[str]) -> _Settings:
    """Return settings with what a form gives; the others are for the detector to choose."""
    given = {name: getattr(form, name) for name in names if name in form.model_fields_set}
    plain = {name: float(value) if isinstance(value, Fraction) else value for name, value in given.items()}
    return replace(settings, **plain)
