"""Alerts: rules judged again and again, and people told of what changes."""

from analyzers.alerts.alert import Alert, Phase
from analyzers.alerts.channels import Channel, ConsoleChannel, DeliveryError, WebhookChannel
from analyzers.alerts.check import AlertReport, check_alerts
from analyzers.alerts.engine import Policy
from analyzers.alerts.host import HostSample, Sampler, sample_host
from analyzers.alerts.model import Kind, Notice
from analyzers.alerts.routing import Route
from analyzers.alerts.settings import EngineSettings
from analyzers.alerts.signal import Rule, Signal
from analyzers.alerts.state import AlertState

__all__ = [
    "Alert",
    "AlertReport",
    "AlertState",
    "Channel",
    "ConsoleChannel",
    "DeliveryError",
    "EngineSettings",
    "HostSample",
    "Kind",
    "Notice",
    "Phase",
    "Policy",
    "Route",
    "Rule",
    "Sampler",
    "Signal",
    "WebhookChannel",
    "check_alerts",
    "sample_host",
]
