"""Settings: what cannot be meant is refused, and what can be meant can be written in ``alerts.toml``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta

import pytest

from analyzers.alerts.rules.file.unusual import AnomalyForm, FloodForm, ScanForm, SilenceRuleForm, UnusualForm
from analyzers.anomalies import AnomalySettings, Baseline, FloodSettings, Kind, ScanSettings, Scope, SilenceSettings
from analyzers.store.query import QueryError
from logging_lib.errors import AtalaiaError

MINUTE = timedelta(minutes=1)

REFUSED: dict[str, Callable[[], object]] = {
    "least_weeks <= weeks": lambda: Baseline(weeks=2, least_weeks=3),
    "dispersion": lambda: Baseline(dispersion=0),
    "kinds are of rate": lambda: AnomalySettings(kinds=(Kind.FLOOD,)),
    "a window has whole minutes": lambda: AnomalySettings(window=timedelta(seconds=90)),
    "the long window": lambda: AnomalySettings(window=90 * MINUTE, long_window=60 * MINUTE),
    "the least numbers of events": lambda: AnomalySettings(least_errors=0),
    "a probability is": lambda: AnomalySettings(error_probability=0.5),
    "shares are between": lambda: AnomalySettings(least_error_drift=1.0),
    "tolerances": lambda: AnomalySettings(slow_tolerance=0.5),
    "a drift leaves": lambda: AnomalySettings(drift_days=49),
    "the clients that are looked at": lambda: FloodSettings(clients=5000),
    "the quantile": lambda: ScanSettings(quantile=1.0),
    "paths and refusals": lambda: ScanSettings(paths=0),
    "windows ascend": lambda: SilenceSettings(windows=(60 * MINUTE, 15 * MINUTE)),
    "the share is at least 0": lambda: SilenceSettings(share=1.0),
}


@pytest.mark.parametrize("rule", REFUSED)
def test_what_cannot_be_meant_is_refused(rule: str) -> None:
    """Each refusal says which rule was broken."""
    with pytest.raises(AtalaiaError, match=rule):
        REFUSED[rule]()


def test_an_unknown_zone_is_refused() -> None:
    """Before any event is looked at."""
    with pytest.raises(QueryError, match="no time zone"):
        Scope(zone="Europe/Lisbn")


@pytest.mark.parametrize(
    ("form", "settings"),
    [
        (AnomalyForm, AnomalySettings),
        (FloodForm, FloodSettings),
        (ScanForm, ScanSettings),
        (SilenceRuleForm, SilenceSettings),
    ],
)
def test_every_setting_can_be_written_in_the_file_of_rules(form: type[UnusualForm], settings: type) -> None:
    """Under the same name; whose events are meant is said by keys that all rules have."""
    assert {field.name for field in fields(settings)} - {"scope"} <= set(form.model_fields)
