"""Alerts on breached thresholds."""

from analyzers.alerts.channels import Channel, ConsoleChannel, DeliveryError, WebhookChannel
from analyzers.alerts.check import check_alerts
from analyzers.alerts.host import HostSample, Sampler, sample_host
from analyzers.alerts.measures import Measure, Rule, rules_from
from analyzers.alerts.model import AlertReport, Evaluation, Firing, Kind, Notice
from analyzers.alerts.state import AlertState

__all__ = [
    "AlertReport",
    "AlertState",
    "Channel",
    "ConsoleChannel",
    "DeliveryError",
    "Evaluation",
    "Firing",
    "HostSample",
    "Kind",
    "Measure",
    "Notice",
    "Rule",
    "Sampler",
    "WebhookChannel",
    "check_alerts",
    "rules_from",
    "sample_host",
]
